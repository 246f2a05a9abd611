import type { JSX } from "preact";
import type { Step } from "../../api/detail-types";
import type { ObservationView } from "../../api/types";
import {
  formatAbsoluteTime,
  formatCost,
  formatDuration,
  formatInteger,
} from "../../conversation/format";
import type { StepTotals } from "../../conversation/step-tree";
import { Stat } from "../parts/stat";

export interface FiguresProps {
  /** Of a `Step` the prompt is not known. */
  readonly observation: Step & Partial<Pick<ObservationView, "promptName" | "promptVersion">>;
  /** Of the observation and all below it; absent where they are not known. */
  readonly totals?: StepTotals | undefined;
}

/** What can be said of an observation in a word or number each. */
export function Figures({ observation, totals }: FiguresProps): JSX.Element {
  const { tokens, totalCost, timeToFirstTokenMs, promptName, promptVersion } = observation;
  const hasMoreTokens = totals !== undefined && totals.tokens.total !== tokens.total;
  const hasMoreCost = totals !== undefined && totals.cost !== totalCost && totals.cost !== null;
  return (
    <dl class="stats stats-small">
      <Stat name="Type">{observation.type}</Stat>
      <Stat name="Latency">{formatDuration(observation.durationMs)}</Stat>
      {timeToFirstTokenMs !== null && (
        <Stat name="First token">{formatDuration(timeToFirstTokenMs)}</Stat>
      )}
      <Stat name="Starts at">
        <time dateTime={observation.startedAt} title={formatAbsoluteTime(observation.startedAt)}>
          +{formatDuration(observation.startOffsetMs)}
        </time>
      </Stat>
      {observation.model !== null && (
        <Stat name="Model">
          <span dir="auto">{observation.model}</span>
        </Stat>
      )}
      {tokens.total > 0 && (
        <Stat name="Tokens">
          {formatInteger(tokens.input)} → {formatInteger(tokens.output)}
        </Stat>
      )}
      {hasMoreTokens && (
        <Stat name="Tokens with all below">
          {formatInteger(totals.tokens.input)} → {formatInteger(totals.tokens.output)}
        </Stat>
      )}
      {totalCost !== null && <Stat name="Cost">{formatCost(totalCost)}</Stat>}
      {hasMoreCost && <Stat name="Cost with all below">{formatCost(totals.cost ?? 0)}</Stat>}
      {promptName != null && (
        <Stat name="Prompt">
          <span dir="auto">{promptName}</span>
          {promptVersion != null && ` v${promptVersion}`}
        </Stat>
      )}
      <Stat name="Level">{observation.level.toLowerCase()}</Stat>
      <Stat name="Id">
        <code>{observation.id}</code>
      </Stat>
    </dl>
  );
}
