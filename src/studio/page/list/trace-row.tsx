import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { TraceSummary } from "../../api/types";
import {
  formatAbsoluteTime,
  formatCost,
  formatDuration,
  formatInteger,
  formatRelativeTime,
} from "../../conversation/format";
import { byImportance } from "../../conversation/turn-summary";
import { Link } from "../link";
import { ErrorBadge } from "../parts/badges";
import { Hidden } from "../parts/hidden";
import { Tokens } from "../parts/tokens";
import { tracePath } from "../route";

/** A cell names every user, model and tag only up to this many; the rest is counted. */
const MAX_NAMED = 3;

/** Made anew when the trace or the words of its age have changed, not at each tick of the clock. */
export function TraceRow({ trace, nowMs }: { trace: TraceSummary; nowMs: number }): JSX.Element {
  const age = formatRelativeTime(trace.startedAt, nowMs);
  return useMemo(() => <Row trace={trace} age={age} />, [trace, age]);
}

interface RowProps {
  readonly trace: TraceSummary;
  readonly age: string;
}

function Row({ trace, age }: RowProps): JSX.Element {
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
        <Figures trace={trace} age={age} />
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

function Figures({ trace, age }: RowProps): JSX.Element {
  return (
    <>
      <span class="cell-models">
        <Named label="models" names={byImportance(trace.models)} max={1} />
      </span>
      <span class="cell-turns">
        {formatInteger(trace.observationCount)}
        <span class="unit"> {trace.observationCount === 1 ? "step" : "steps"}</span>
      </span>
      <span class="cell-duration">
        <Hidden>duration </Hidden>
        {formatDuration(trace.durationMs)}
      </span>
      <span class="cell-tokens">
        <Tokens tokens={trace.tokens} />
      </span>
      <span class="cell-cost">
        {trace.totalCost !== null && (
          <>
            <Hidden>cost </Hidden>
            {formatCost(trace.totalCost)}
          </>
        )}
      </span>
      <time
        class="cell-started"
        dateTime={trace.startedAt}
        title={formatAbsoluteTime(trace.startedAt)}
      >
        {age}
      </time>
    </>
  );
}

function Named(props: {
  label: string;
  names: readonly string[];
  max?: number;
}): JSX.Element | null {
  if (props.names.length === 0) return null;
  const max = props.max ?? MAX_NAMED;
  const shown = props.names.slice(0, max).join(", ");
  const rest = props.names.length - max;
  return (
    <span class="named" title={props.names.slice(0, 50).join("\n")}>
      <Hidden>{props.label} </Hidden>
      <span dir="auto">{shown}</span>
      {rest > 0 && ` +${rest}`}
    </span>
  );
}
