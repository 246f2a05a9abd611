import type { ScoreView, StepOutline, TurnOutline } from "../../../src/studio/api/types";

/** 2025-11-22T10:20:00Z */
const ORIGIN_MS = 1_763_806_800_000;

function isoAt(offsetMs: number): string {
  return new Date(ORIGIN_MS + offsetMs).toISOString().replace("Z", "000Z");
}

export interface StepFields extends Partial<StepOutline> {
  readonly id: string;
}

/** A turn without contents that starts `startMs` after the origin. */
export function turnOutline(
  traceId: string,
  startMs: number,
  durationMs: number,
  steps: readonly StepFields[] = [],
  scores: readonly ScoreView[] = [],
): TurnOutline {
  return {
    traceId,
    name: null,
    firstMessage: null,
    userId: null,
    startedAt: isoAt(startMs),
    endedAt: isoAt(startMs + durationMs),
    durationMs,
    tokens: { input: 0, output: 0, total: 0 },
    totalCost: null,
    errorCount: 0,
    observationCount: steps.length,
    steps: steps.map((step) => ({
      parentId: null,
      type: "span",
      name: step.id,
      startedAt: isoAt(startMs),
      startOffsetMs: 0,
      durationMs: 0,
      timeToFirstTokenMs: null,
      level: "DEFAULT",
      ...step,
    })),
    scores,
  };
}

export function scoreAt(id: string, offsetMs: number, observationId: string | null): ScoreView {
  return {
    id,
    name: id,
    dataType: "NUMERIC",
    value: 1,
    comment: null,
    source: "API",
    configId: null,
    timestamp: isoAt(offsetMs),
    traceId: "t",
    observationId,
    sessionId: null,
  };
}
