import type { Step } from "../../../src/studio/api/detail-types";

const START_MS = Date.parse("2026-11-22T10:00:00Z");

/** A step with defaults: a span of one second that starts with the trace. */
export function stepOf(fields: Partial<Step> & Pick<Step, "id">): Step {
  return {
    parentId: null,
    type: "span",
    name: fields.id,
    startedAt: new Date(START_MS + (fields.startOffsetMs ?? 0)).toISOString(),
    startOffsetMs: 0,
    durationMs: 1_000,
    timeToFirstTokenMs: null,
    level: "DEFAULT",
    statusMessage: null,
    model: null,
    tokens: { input: 0, output: 0, total: 0 },
    totalCost: null,
    ...fields,
  };
}
