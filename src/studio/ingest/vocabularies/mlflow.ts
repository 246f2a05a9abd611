import type { ObservationType } from "../../../attributes/observation-types";
import { asText, entriesOf, numberOf } from "../attribute-values";
import { type Captured, capturedPair, type SpanSource, type TokenCounts } from "./source";

/** MLflow writes every value as JSON, texts included. Spec: https://mlflow.org/docs/latest/genai/tracing/ */
export const MLFLOW = {
  inputs: "mlflow.spanInputs",
  outputs: "mlflow.spanOutputs",
  type: "mlflow.spanType",
  usage: "mlflow.chat.tokenUsage",
} as const;

const TYPES: ReadonlyMap<string, ObservationType> = new Map([
  ["LLM", "generation"],
  ["CHAT_MODEL", "generation"],
  ["CHAIN", "chain"],
  ["AGENT", "agent"],
  ["TOOL", "tool"],
  ["RETRIEVER", "retriever"],
  ["EMBEDDING", "embedding"],
  ["EVALUATOR", "evaluator"],
  ["GUARDRAIL", "guardrail"],
]);

export function mlflowType({ attributes }: SpanSource): ObservationType | undefined {
  const given = attributes.get(MLFLOW.type);
  return given ? TYPES.get(asText(given).replaceAll('"', "")) : undefined;
}

export function mlflowInputOutput({ attributes }: SpanSource): Captured | undefined {
  return capturedPair(attributes, [MLFLOW.inputs], [MLFLOW.outputs]);
}

export function mlflowUsage({ attributes }: SpanSource): TokenCounts | undefined {
  const entries = entriesOf(attributes.get(MLFLOW.usage));
  if (entries === undefined) return undefined;
  const counts = new Map(entries);
  return {
    input: numberOf(counts.get("input_tokens")),
    output: numberOf(counts.get("output_tokens")),
    total: numberOf(counts.get("total_tokens")),
    details: {
      input_cached_tokens: numberOf(counts.get("cache_read_input_tokens")),
      input_cache_creation: numberOf(counts.get("cache_creation_input_tokens")),
    },
  };
}
