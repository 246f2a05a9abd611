import type { JSX } from "preact";
import type { SessionSummary, TokenCounts, TraceSummary } from "../../api/types";
import {
  formatAbsoluteTime,
  formatCost,
  formatDuration,
  formatInteger,
  formatRelativeTime,
} from "../../conversation/format";
import { byImportance } from "../../conversation/turn-summary";
import { Link } from "../link";
import { ErrorBadge, ScoreSummaryBadge, Tag } from "../parts/badges";
import { Hidden } from "../parts/hidden";
import { Tokens } from "../parts/tokens";
import { sessionPath, tracePath } from "../route";

/** A cell names every user, model and tag only up to this many; the rest is counted. */
const MAX_NAMED = 3;

export function SessionRow({
  session,
  nowMs,
}: {
  session: SessionSummary;
  nowMs: number;
}): JSX.Element {
  const environments = session.environments.filter((name) => name !== "default");
  return (
    <li>
      <Link href={sessionPath(session.id)} class="row" testId="session-row" isStop>
        <span class="cell-title">
          <Title text={session.firstMessage} fallback={session.id} />
          <span class="row-sub">
            <span class="row-id" dir="auto">
              {session.id}
            </span>
            <Named label="users" names={session.userIds} class="row-user" />
            <ErrorBadge count={session.errorCount} />
            {session.scores.slice(0, MAX_NAMED).map((score) => (
              <ScoreSummaryBadge key={`${score.dataType} ${score.name}`} score={score} />
            ))}
            {[...environments, ...session.tags].slice(0, MAX_NAMED + 1).map((tag) => (
              <Tag key={tag} text={tag} />
            ))}
          </span>
        </span>
        <Figures
          of={session}
          count={session.traceCount}
          unit={session.traceCount === 1 ? "turn" : "turns"}
          nowMs={nowMs}
        />
      </Link>
    </li>
  );
}

export function TraceRow({ trace, nowMs }: { trace: TraceSummary; nowMs: number }): JSX.Element {
  return (
    <li>
      <Link href={tracePath(trace.id)} class="row" testId="trace-row" isStop>
        <span class="cell-title">
          <Title text={trace.firstMessage} fallback={trace.name ?? trace.id} />
          <span class="row-sub">
            <span class="row-id" dir="auto">
              {trace.name ?? trace.id}
            </span>
            <Named label="users" names={trace.userId === null ? [] : [trace.userId]} />
            <ErrorBadge count={trace.errorCount} />
          </span>
        </span>
        <Figures
          of={trace}
          count={trace.observationCount}
          unit={trace.observationCount === 1 ? "step" : "steps"}
          nowMs={nowMs}
        />
      </Link>
    </li>
  );
}

function Title({ text, fallback }: { text: string | null; fallback: string }): JSX.Element {
  return (
    <span class="row-title" dir="auto" data-empty={text === null ? "" : undefined}>
      {text ?? fallback}
    </span>
  );
}

interface FiguresProps {
  readonly of: {
    readonly models: readonly string[];
    readonly durationMs: number;
    readonly tokens: TokenCounts;
    readonly totalCost: number | null;
    readonly startedAt: string;
  };
  readonly count: number;
  readonly unit: string;
  readonly nowMs: number;
}

function Figures({ of, count, unit, nowMs }: FiguresProps): JSX.Element {
  return (
    <>
      <span class="cell-models">
        <Named label="models" names={byImportance(of.models)} max={1} />
      </span>
      <span class="cell-turns">
        {formatInteger(count)}
        <span class="unit"> {unit}</span>
      </span>
      <span class="cell-duration">
        <Hidden>duration </Hidden>
        {formatDuration(of.durationMs)}
      </span>
      <span class="cell-tokens">
        <Tokens tokens={of.tokens} />
      </span>
      <span class="cell-cost">
        {of.totalCost !== null && (
          <>
            <Hidden>cost </Hidden>
            {formatCost(of.totalCost)}
          </>
        )}
      </span>
      <time class="cell-started" dateTime={of.startedAt} title={formatAbsoluteTime(of.startedAt)}>
        {formatRelativeTime(of.startedAt, nowMs)}
      </time>
    </>
  );
}

function Named(props: {
  label: string;
  names: readonly string[];
  class?: string;
  max?: number;
}): JSX.Element | null {
  if (props.names.length === 0) return null;
  const max = props.max ?? MAX_NAMED;
  const shown = props.names.slice(0, max).join(", ");
  const rest = props.names.length - max;
  return (
    <span class={`named ${props.class ?? ""}`} title={props.names.slice(0, 50).join("\n")}>
      <Hidden>{props.label} </Hidden>
      <span dir="auto">{shown}</span>
      {rest > 0 && ` +${rest}`}
    </span>
  );
}
