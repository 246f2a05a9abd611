import { OBSERVATION_KEYS } from "../../attributes/keys";
import {
  OBSERVATION_TYPES,
  type ObservationLevel,
  type ObservationType,
} from "../../attributes/observation-types";
import { firstTruthy } from "./attribute-values";
import { MODEL_KEYS, MODEL_MARKER_KEYS, TYPE_KEYS } from "./foreign-keys";
import type { Attributes, OtlpSpan } from "./otlp-types";

const OPEN_INFERENCE_KINDS: ReadonlyMap<string, ObservationType> = new Map([
  ["CHAIN", "chain"],
  ["RETRIEVER", "retriever"],
  ["LLM", "generation"],
  ["EMBEDDING", "embedding"],
  ["AGENT", "agent"],
  ["TOOL", "tool"],
  ["GUARDRAIL", "guardrail"],
  ["EVALUATOR", "evaluator"],
]);

const GEN_AI_OPERATIONS: ReadonlyMap<string, ObservationType> = new Map([
  ["chat", "generation"],
  ["completion", "generation"],
  ["text_completion", "generation"],
  ["generate_content", "generation"],
  ["generate", "generation"],
  ["embeddings", "embedding"],
  ["invoke_agent", "agent"],
  ["create_agent", "agent"],
  ["execute_tool", "tool"],
]);

/** Rules in order of priority; the first that has an answer decides. */
const TYPE_RULES: readonly ((attributes: Attributes) => ObservationType | undefined)[] = [
  (attributes) => OBSERVATION_TYPES.find((type) => type === attributes.get(OBSERVATION_KEYS.type)),
  (attributes) => lookUp(OPEN_INFERENCE_KINDS, attributes.get(TYPE_KEYS.openInferenceKind)),
  (attributes) => lookUp(GEN_AI_OPERATIONS, attributes.get(TYPE_KEYS.genAiOperation)),
  aiSdkType,
  (attributes) => (attributes.get(TYPE_KEYS.aiToolCall) ? "tool" : undefined),
  (attributes) =>
    firstTruthy(attributes, [TYPE_KEYS.toolName, TYPE_KEYS.toolCallId]) ? "tool" : undefined,
  (attributes) => (firstTruthy(attributes, MODEL_MARKER_KEYS) ? "generation" : undefined),
];

/** What kind of work a span stands for; `span` when nothing says more. */
export function mapType(attributes: Attributes): ObservationType {
  for (const rule of TYPE_RULES) {
    const type = rule(attributes);
    if (type !== undefined) return type;
  }
  return "span";
}

/** The Vercel AI SDK names its inner calls `ai.streamText.doStream` and the like. */
function aiSdkType(attributes: Attributes): ObservationType | undefined {
  const operation = firstTruthy(attributes, [TYPE_KEYS.aiOperation, TYPE_KEYS.operationName]);
  if (typeof operation !== "string" || !firstTruthy(attributes, MODEL_KEYS)) return undefined;
  const call = operation.split(" ")[0] ?? "";
  if (call.endsWith(".doGenerate") || call.endsWith(".doStream")) return "generation";
  return call.endsWith(".doEmbed") ? "embedding" : undefined;
}

function lookUp(
  table: ReadonlyMap<string, ObservationType>,
  key: unknown,
): ObservationType | undefined {
  return typeof key === "string" ? table.get(key) : undefined;
}

const LEVELS: ReadonlyMap<string, ObservationLevel> = new Map([
  ["TRACE", "DEBUG"],
  ["VERBOSE", "DEBUG"],
  ["DEBUG", "DEBUG"],
  ["INFO", "DEFAULT"],
  ["LOG", "DEFAULT"],
  ["NOTICE", "DEFAULT"],
  ["OK", "DEFAULT"],
  ["SUCCESS", "DEFAULT"],
  ["DEFAULT", "DEFAULT"],
  ["WARN", "WARNING"],
  ["WARNING", "WARNING"],
  ["ERROR", "ERROR"],
  ["FATAL", "ERROR"],
  ["CRITICAL", "ERROR"],
]);

/** The level named by the attribute, whatever its case; else ERROR for a failed span. */
export function mapLevel(span: Pick<OtlpSpan, "attributes" | "statusCode">): ObservationLevel {
  const given = span.attributes.get(OBSERVATION_KEYS.level);
  const named = typeof given === "string" ? LEVELS.get(given.trim().toUpperCase()) : undefined;
  return named ?? (span.statusCode === 2 ? "ERROR" : "DEFAULT");
}
