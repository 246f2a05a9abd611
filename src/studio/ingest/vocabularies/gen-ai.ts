import type { ObservationType } from "../../../attributes/observation-types";
import { firstTruthy, parsedValue } from "../attribute-values";
import type { Attributes, AttributeValue } from "../otlp-types";
import { numberedList } from "./numbered-list";
import { type Captured, captured, capturedPair, type SpanSource } from "./source";

/**
 * OpenTelemetry's conventions for generative AI, today's names and those of earlier versions.
 * Spec: https://opentelemetry.io/docs/specs/semconv/gen-ai/
 */
export const GEN_AI = {
  conversationId: "gen_ai.conversation.id",
  operation: "gen_ai.operation.name",
  system: "gen_ai.system",
  requestModel: "gen_ai.request.model",
  responseModel: "gen_ai.response.model",
  finishReasons: "gen_ai.response.finish_reasons",
  maxTokens: "gen_ai.request.max_tokens",
  temperature: "gen_ai.request.temperature",
  /** One model parameter per attribute; the model itself is none. */
  requestPrefix: "gen_ai.request.",
  toolName: "gen_ai.tool.name",
  toolCallId: "gen_ai.tool.call.id",
  toolArguments: "gen_ai.tool.call.arguments",
  toolResult: "gen_ai.tool.call.result",
  inputMessages: "gen_ai.input.messages",
  systemInstructions: "gen_ai.system_instructions",
  outputMessages: "gen_ai.output.messages",
  /** Until 2025: a list with one attribute per leaf; on an event, the whole text. */
  prompt: "gen_ai.prompt",
  completion: "gen_ai.completion",
  cost: "gen_ai.usage.cost",
  usage: {
    input: [
      "gen_ai.usage.input_tokens",
      "gen_ai.usage.prompt_tokens",
      "gen_ai.usage.details.input_tokens",
      "gen_ai.usage.prompt",
    ],
    output: [
      "gen_ai.usage.output_tokens",
      "gen_ai.usage.completion_tokens",
      "gen_ai.usage.details.output_tokens",
      "gen_ai.usage.completion",
    ],
    total: ["gen_ai.usage.total_tokens"],
    cacheRead: [
      "gen_ai.usage.cache_read.input_tokens",
      "gen_ai.usage.cache_read_input_tokens",
      "gen_ai.usage.cached_input_tokens",
      "gen_ai.usage.input_cached_tokens",
      "gen_ai.usage.details.cache_read_input_tokens",
      "gen_ai.usage.details.cache_read_tokens",
    ],
    cacheCreation: [
      "gen_ai.usage.cache_creation.input_tokens",
      "gen_ai.usage.cache_creation_input_tokens",
      "gen_ai.usage.cache_write_tokens",
      "gen_ai.usage.details.cache_creation_input_tokens",
      "gen_ai.usage.details.cache_write_tokens",
    ],
    inputAudio: ["gen_ai.usage.input_audio_tokens", "gen_ai.usage.details.input_audio_tokens"],
    reasoning: [
      "gen_ai.usage.reasoning.output_tokens",
      "gen_ai.usage.reasoning_tokens",
      "gen_ai.usage.details.reasoning_tokens",
    ],
    outputAudio: ["gen_ai.usage.output_audio_tokens", "gen_ai.usage.details.output_audio_tokens"],
  },
} as const;

const OPERATIONS: ReadonlyMap<unknown, ObservationType> = new Map([
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

export function genAiOperationType({ attributes }: SpanSource): ObservationType | undefined {
  return OPERATIONS.get(attributes.get(GEN_AI.operation));
}

/** Some libraries name the tool and no operation. */
export function genAiToolType({ attributes }: SpanSource): ObservationType | undefined {
  return firstTruthy(attributes, [GEN_AI.toolName, GEN_AI.toolCallId]) ? "tool" : undefined;
}

/** Whether the span repeats the usage of the model calls below it. */
export function isAgentSpan({ attributes }: SpanSource): boolean {
  const operation = attributes.get(GEN_AI.operation);
  return operation === "invoke_agent" || operation === "agent_step";
}

/** The messages of the call in one event of the span. */
export function genAiDetailsEvent({ events }: SpanSource): Captured | undefined {
  const event = events.find(({ name }) => name === "gen_ai.client.inference.operation.details");
  return event === undefined ? undefined : messagesOf(event.attributes);
}

const MESSAGE_EVENT = /^gen_ai\.(system|user|assistant|tool)\.message$/;

/** One event per message: what went in keeps the order of the events. */
export function genAiMessageEvents({ events }: SpanSource): Captured | undefined {
  const input = events.flatMap(({ name, attributes }) => {
    const role = MESSAGE_EVENT.exec(name)?.[1];
    return role === undefined ? [] : [new Map([["role", role], ...attributes])];
  });
  const choices = events
    .filter(({ name }) => name === "gen_ai.choice")
    .map(({ attributes }) => attributes);
  return captured(input.length > 0 ? input : undefined, choices.length > 1 ? choices : choices[0]);
}

/** Prompt and completion as a text in one event each. */
export function genAiContentEvents({ events }: SpanSource): Captured | undefined {
  const contentOf = (event: string, key: string): AttributeValue | undefined => {
    const attributes = events.find(({ name }) => name === event)?.attributes;
    return attributes === undefined ? undefined : (attributes.get(key) ?? attributes);
  };
  return captured(
    contentOf("gen_ai.content.prompt", GEN_AI.prompt),
    contentOf("gen_ai.content.completion", GEN_AI.completion),
  );
}

export function genAiNumbered({ attributes }: SpanSource): Captured | undefined {
  return captured(
    numberedList(attributes, GEN_AI.prompt),
    numberedList(attributes, GEN_AI.completion),
  );
}

export function genAiMessages({ attributes }: SpanSource): Captured | undefined {
  return messagesOf(attributes);
}

export function genAiToolCall({ attributes }: SpanSource): Captured | undefined {
  return capturedPair(attributes, [GEN_AI.toolArguments], [GEN_AI.toolResult]);
}

function messagesOf(attributes: Attributes): Captured | undefined {
  const messages = firstTruthy(attributes, [GEN_AI.inputMessages]);
  const system = firstTruthy(attributes, [GEN_AI.systemInstructions]);
  return captured(
    system === undefined ? messages : withSystemMessage(system, messages),
    firstTruthy(attributes, [GEN_AI.outputMessages]),
  );
}

/** The system prompt stands beside the messages; as their first it can be read like any other. */
function withSystemMessage(
  system: AttributeValue,
  messages: AttributeValue | undefined,
): AttributeValue | undefined {
  const list = messages === undefined ? [] : parsedValue(messages);
  if (!Array.isArray(list)) return messages;
  return JSON.stringify([{ role: "system", parts: parsedValue(system) }, ...list]);
}
