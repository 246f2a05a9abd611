import type { ScoreView } from "../../api/types";

/** What is scored. */
export interface ScoreTarget {
  readonly kind: "session" | "trace" | "step";
  /** As the API takes them. */
  readonly ids:
    | { readonly sessionId: string }
    | { readonly traceId: string; readonly observationId?: string };
  /** What the scores are filed under: that of the target. */
  readonly environment: string | undefined;
}

export function sessionTarget(sessionId: string, environment: string | undefined): ScoreTarget {
  return { kind: "session", ids: { sessionId }, environment };
}

interface OfTrace {
  readonly traceId: string;
  readonly environment: string;
}

export function traceTarget({ traceId, environment }: OfTrace): ScoreTarget {
  return { kind: "trace", ids: { traceId }, environment };
}

export function stepTarget(trace: OfTrace, observationId: string): ScoreTarget {
  const { traceId, environment } = trace;
  return { kind: "step", ids: { traceId, observationId }, environment };
}

/** The score that a person gave by a configuration: the newest one. */
export function givenScore(scores: readonly ScoreView[], configId: string): ScoreView | undefined {
  return scores.findLast((one) => one.source === "ANNOTATION" && one.configId === configId);
}
