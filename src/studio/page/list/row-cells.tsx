import type { ComponentChildren, JSX } from "preact";
import type { SessionSummary } from "../../api/types";
import { formatCost, formatDuration, formatInteger } from "../../conversation/format";
import { byImportance } from "../../conversation/turn-summary";
import { ScoreSummaryBadge, Tag } from "../parts/badges";
import { Hidden } from "../parts/hidden";
import { Tokens } from "../parts/tokens";
import { HighlightText } from "./highlight-text";

/** A cell names every score and tag only up to this many; the rest is counted. */
const LINES = 2;
const MAX_LABELS = 3;

interface OfSession {
  readonly session: SessionSummary;
}

export function Cell(props: { class?: string; children: ComponentChildren }): JSX.Element {
  return (
    // biome-ignore lint/a11y/useSemanticElements: of a table that leaves out rows
    <div role="cell" class={props.class ?? "cell-figure"}>
      {props.children}
    </div>
  );
}

export interface NamesProps {
  readonly label: "users" | "models";
  readonly names: readonly string[];
  readonly search: string;
  /** Whether it is the lower of two lines. */
  readonly isSecond?: boolean;
}

/** One name and how many there are beside it, all of them in the tooltip. */
export function Names({ label, names, search, isSecond }: NamesProps): JSX.Element | null {
  const ordered = label === "models" ? byImportance(names) : names;
  const [first] = ordered;
  if (first === undefined) return null;
  return (
    <span class={isSecond ? "line line-second" : "line"} title={ordered.slice(0, 50).join("\n")}>
      <Hidden>{label} </Hidden>
      <span dir="auto">
        <HighlightText text={first} search={search} />
      </span>
      {ordered.length > 1 && ` +${ordered.length - 1}`}
    </span>
  );
}

/** A score above, tags below; a second score where there are no tags. */
export function Labels({ session }: OfSession): JSX.Element {
  const { scores, tags } = session;
  const shown = scores.slice(0, tags.length > 0 ? LINES - 1 : LINES);
  return (
    <>
      {shown.map((score, line) => (
        <span key={`${score.dataType} ${score.name}`} class="labels">
          <ScoreSummaryBadge score={score} />
          {line === shown.length - 1 && (
            <Rest count={scores.length - shown.length} names={scores.map(({ name }) => name)} />
          )}
        </span>
      ))}
      {tags.length > 0 && (
        <span class="labels">
          {tags.slice(0, MAX_LABELS).map((tag) => (
            <Tag key={tag} text={tag} />
          ))}
          <Rest count={tags.length - MAX_LABELS} names={tags} />
        </span>
      )}
    </>
  );
}

function Rest(props: { count: number; names: readonly string[] }): JSX.Element | null {
  if (props.count <= 0) return null;
  return <span title={props.names.slice(0, 50).join("\n")}>+{props.count}</span>;
}

/** Environments but the one that everything has which names none. */
export function Environments({ names }: { names: readonly string[] }): JSX.Element {
  return (
    <>
      {names
        .filter((name) => name !== "default")
        .slice(0, MAX_LABELS)
        .map((name) => (
          <Tag key={name} text={name} />
        ))}
    </>
  );
}

/** Turns, with the steps in them below, or in one line with their unit. */
export function Turns({ session, isLong }: OfSession & { isLong?: boolean }): JSX.Element {
  const turns = formatInteger(session.traceCount);
  const steps = `${formatInteger(session.observationCount)} ${session.observationCount === 1 ? "step" : "steps"}`;
  if (isLong) return <span>{turns === "1" ? "1 turn" : `${turns} turns`}</span>;
  return (
    <>
      <span class="line">{turns}</span>
      <span class="line line-second">{steps}</span>
    </>
  );
}

export function Duration({ session }: OfSession): JSX.Element {
  return <span>{formatDuration(session.durationMs)}</span>;
}

export function TokenFigure({ session }: OfSession): JSX.Element {
  return <Tokens tokens={session.tokens} />;
}

export function Cost({ session }: OfSession): JSX.Element | null {
  return session.totalCost === null ? null : <span>{formatCost(session.totalCost)}</span>;
}

/** How many errors: the head of the column says of what. */
export function Errors({ session }: OfSession): JSX.Element | null {
  if (session.errorCount === 0) return null;
  return (
    <span class="badge badge-error" data-testid="error-badge">
      {formatInteger(session.errorCount)}
      <Hidden>{session.errorCount === 1 ? " error" : " errors"}</Hidden>
    </span>
  );
}
