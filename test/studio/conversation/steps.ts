import type { Step } from "../../../src/studio/api/detail-types";

/** A step with defaults: a span of one second that starts with the trace. */
export function stepOf(fields: Partial<Step> & Pick<Step, "id">): Step {
  return {
    parentId: null,
    type: "span",
    name: fields.id,
    startedAt: `2026-11-22T10:00:${String((fields.startOffsetMs ?? 0) / 1_000).padStart(9, "0")}Z`,
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
