import type { Store } from "../store/store";
import { isoMicros } from "../store/time-text";
import type { Percentiles, SessionFigures, TurnFigures } from "./detail-types";
import { durationMs, tokensOf } from "./step-views";

/** How a session went, turn by turn, without the content of any. */
export function sessionFigures(sessionId: string, store: Store): SessionFigures {
  const firstTokens = store.outlines.firstTokensOfSession(sessionId);
  const turns = store.tracesOfSession(sessionId).map((trace): TurnFigures => {
    const firstUs = firstTokens.get(trace.id);
    return {
      traceId: trace.id,
      startedAt: isoMicros(trace.startUs),
      durationMs: durationMs(trace),
      // The clocks of two machines may differ: a first token before the turn counts as at its start.
      timeToFirstTokenMs:
        firstUs === undefined ? null : Math.max(0, (firstUs - trace.startUs) / 1000),
      tokens: tokensOf(trace),
      totalCost: trace.totalCost,
      errorCount: trace.errorCount,
    };
  });
  return {
    latencyMs: percentiles(turns.map((turn) => turn.durationMs)),
    timeToFirstTokenMs: percentiles(
      turns.flatMap(({ timeToFirstTokenMs: ms }) => (ms === null ? [] : [ms])),
    ),
    turns,
  };
}

/** @returns null for no values */
export function percentiles(values: readonly number[]): Percentiles | null {
  const sorted = [...values].sort((a, b) => a - b);
  const p50 = nearestRank(sorted, 0.5);
  const p95 = nearestRank(sorted, 0.95);
  return p50 === undefined || p95 === undefined ? null : { p50, p95 };
}

function nearestRank(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
