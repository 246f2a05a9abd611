import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Turn } from "../../api/types";
import { formatCost, formatDuration } from "../../conversation/format";
import { cutText } from "../../conversation/json-text";
import { turnModels, turnTimeToFirstTokenMs } from "../../conversation/turn-summary";
import { ScoreBadge } from "../parts/badges";
import { Hidden } from "../parts/hidden";
import { Tokens } from "../parts/tokens";

/** How a turn went, in one line: latency, first token, models, tokens, cost, scores. */
export function TurnMeta({ turn }: { turn: Turn }): JSX.Element {
  const models = useMemo(() => turnModels(turn), [turn]);
  const firstTokenMs = useMemo(() => turnTimeToFirstTokenMs(turn), [turn]);
  return (
    <div class="turn-meta">
      <span data-testid="turn-latency">
        <Hidden>latency </Hidden>
        {formatDuration(turn.durationMs)}
      </span>
      {firstTokenMs !== null && (
        <span title="From the start of the turn to the first streamed token">
          first token {formatDuration(firstTokenMs)}
        </span>
      )}
      {models.length > 0 && (
        <span class="turn-models" dir="auto" title={models.join("\n")}>
          {models.slice(0, 2).join(", ")}
          {models.length > 2 && ` +${models.length - 2}`}
        </span>
      )}
      <Tokens tokens={turn.tokens} />
      {turn.totalCost !== null && <span>{formatCost(turn.totalCost)}</span>}
      {turn.scores.map((score) => (
        <span key={score.id} class="turn-score">
          <ScoreBadge score={score} />
          {score.comment && (
            <span class="turn-comment" dir="auto">
              {cutText(score.comment, 280)}
            </span>
          )}
        </span>
      ))}
    </div>
  );
}
