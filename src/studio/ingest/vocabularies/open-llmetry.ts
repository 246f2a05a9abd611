import type { ObservationType } from "../../../attributes/observation-types";
import { type Captured, capturedPair, type SpanSource } from "./source";

/** OpenLLMetry; what its model calls say is in the GenAI conventions. Spec: https://www.traceloop.com/docs/openllmetry */
export const OPEN_LLMETRY = {
  kind: "traceloop.span.kind",
  entityInput: "traceloop.entity.input",
  entityOutput: "traceloop.entity.output",
  sessionId: "traceloop.association.properties.session_id",
  userId: "traceloop.association.properties.user_id",
  totalTokens: "llm.usage.total_tokens",
} as const;

const KINDS: ReadonlyMap<unknown, ObservationType> = new Map([
  ["workflow", "chain"],
  ["agent", "agent"],
  ["tool", "tool"],
]);

export function openLlmetryType({ attributes }: SpanSource): ObservationType | undefined {
  return KINDS.get(attributes.get(OPEN_LLMETRY.kind));
}

export function openLlmetryEntity({ attributes }: SpanSource): Captured | undefined {
  return capturedPair(attributes, [OPEN_LLMETRY.entityInput], [OPEN_LLMETRY.entityOutput]);
}
