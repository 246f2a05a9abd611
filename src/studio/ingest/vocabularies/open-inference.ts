import type { ObservationType } from "../../../attributes/observation-types";
import type { AttributeValue } from "../otlp-types";
import { numberedList } from "./numbered-list";
import { type Captured, captured, capturedPair, type SpanSource } from "./source";

/** Spec: https://github.com/Arize-ai/openinference/blob/main/spec/semantic_conventions.md */
export const OPEN_INFERENCE = {
  kind: "openinference.span.kind",
  tags: "tag.tags",
  /** A JSON object. */
  metadata: "metadata",
  model: "llm.model_name",
  responseModel: "llm.response.model",
  /** A JSON object; as a prefix, one parameter per attribute. */
  invocationParameters: "llm.invocation_parameters",
  inputMessages: "llm.input_messages",
  outputMessages: "llm.output_messages",
  inputValue: "input.value",
  outputValue: "output.value",
  cost: "llm.cost.total",
  usage: {
    input: ["llm.token_count.prompt"],
    output: ["llm.token_count.completion"],
    total: ["llm.token_count.total"],
    cacheRead: ["llm.token_count.prompt_details.cache_read"],
    cacheCreation: ["llm.token_count.prompt_details.cache_write"],
    inputAudio: ["llm.token_count.prompt_details.audio"],
    reasoning: ["llm.token_count.completion_details.reasoning"],
    outputAudio: ["llm.token_count.completion_details.audio"],
  },
} as const;

const KINDS: ReadonlyMap<unknown, ObservationType> = new Map([
  ["CHAIN", "chain"],
  ["RETRIEVER", "retriever"],
  ["LLM", "generation"],
  ["EMBEDDING", "embedding"],
  ["AGENT", "agent"],
  ["TOOL", "tool"],
  ["GUARDRAIL", "guardrail"],
  ["EVALUATOR", "evaluator"],
]);

export function openInferenceType({ attributes }: SpanSource): ObservationType | undefined {
  return KINDS.get(attributes.get(OPEN_INFERENCE.kind));
}

export function openInferenceValues({ attributes }: SpanSource): Captured | undefined {
  return capturedPair(attributes, [OPEN_INFERENCE.inputValue], [OPEN_INFERENCE.outputValue]);
}

/** Each message stands below `message`, each tool call below `tool_call`: both are taken out. */
export function openInferenceMessages({ attributes }: SpanSource): Captured | undefined {
  const messages = (prefix: string): AttributeValue[] | undefined =>
    numberedList(attributes, prefix)?.map((item) => withToolCalls(inner(item, "message")));
  return captured(messages(OPEN_INFERENCE.inputMessages), messages(OPEN_INFERENCE.outputMessages));
}

function withToolCalls(message: AttributeValue): AttributeValue {
  if (!(message instanceof Map)) return message;
  const calls: AttributeValue | undefined = message.get("tool_calls");
  if (!Array.isArray(calls)) return message;
  return new Map([...message, ["tool_calls", calls.map((call) => inner(call, "tool_call"))]]);
}

function inner(value: AttributeValue, key: string): AttributeValue {
  return value instanceof Map ? (value.get(key) ?? value) : value;
}
