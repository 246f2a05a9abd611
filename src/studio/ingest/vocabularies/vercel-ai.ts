import type { ObservationType } from "../../../attributes/observation-types";
import { isJsonObject, parseJson } from "../../store/json-text";
import { asText, firstNumber, firstTruthy, numberOf, parsedValue } from "../attribute-values";
import type { AttributeValue } from "../otlp-types";
import { GEN_AI } from "./gen-ai";
import { type Captured, captured, type SpanSource, type TokenCounts } from "./source";

const METADATA = "ai.telemetry.metadata";

/** What goes into models and tools, and what comes out of them; of embeddings it is kept as metadata, too. */
const CONTENT = {
  modelInput: ["ai.prompt.messages", "ai.prompt", "ai.toolCall.args"],
  modelOutput: [
    "ai.response.text",
    "ai.result.text",
    "ai.toolCall.result",
    "ai.response.object",
    "ai.result.object",
    "ai.response.toolCalls",
    "ai.result.toolCalls",
  ],
} as const;

/** Spec: https://ai-sdk.dev/docs/ai-sdk-core/telemetry */
export const VERCEL_AI = {
  operationId: "ai.operationId",
  operationName: "operation.name",
  functionId: "ai.telemetry.functionId",
  metadata: METADATA,
  sessionId: `${METADATA}.sessionId`,
  userId: `${METADATA}.userId`,
  tags: `${METADATA}.tags`,
  /** JSON with `name` and `version`. */
  prompt: `${METADATA}.langfusePrompt`,
  model: "ai.model.id",
  toolCallName: "ai.toolCall.name",
  /** Milliseconds from the start of the span to the first chunk. */
  firstChunk: ["ai.response.msToFirstChunk", "ai.stream.msToFirstChunk"],
  ...CONTENT,
  input: [...CONTENT.modelInput, "ai.values", "ai.value"],
  text: "ai.response.text",
  toolCalls: "ai.response.toolCalls",
  output: [...CONTENT.modelOutput, "ai.embeddings", "ai.embedding"],
  providerMetadata: "ai.response.providerMetadata",
  usage: {
    input: ["ai.usage.inputTokens", "ai.usage.promptTokens", "ai.usage.tokens"],
    output: ["ai.usage.outputTokens", "ai.usage.completionTokens"],
    total: ["ai.usage.totalTokens", "ai.usage.tokens"],
    cacheRead: ["ai.usage.cachedInputTokens"],
    reasoning: ["ai.usage.reasoningTokens"],
  },
} as const;

/** Model parameters by the name under which they are kept. */
const PARAMETERS: readonly (readonly [name: string, keys: readonly string[]])[] = [
  ["maxSteps", ["ai.settings.maxSteps"]],
  ["toolChoice", ["ai.prompt.toolChoice"]],
  ["maxTokens", [GEN_AI.maxTokens, "ai.settings.maxOutputTokens", "ai.settings.maxTokens"]],
  ["finishReason", ["ai.response.finishReason", "gen_ai.finishReason", GEN_AI.finishReasons]],
  ["system", [GEN_AI.system, "ai.model.provider"]],
  ["maxRetries", ["ai.settings.maxRetries"]],
  ["mode", ["ai.settings.mode"]],
  ["temperature", [GEN_AI.temperature, "ai.settings.temperature"]],
];

const SCOPE = "ai";

/** A tracer of the application's own has another scope; the operation gives it away. */
function isVercelAi({ attributes, scope }: SpanSource): boolean {
  return scope.name === SCOPE || attributes.has(VERCEL_AI.operationId);
}

/** `ai.streamText.doStream` and the like: a call of the model, within a call of the SDK. */
function operationOf({ attributes }: SpanSource): string {
  const operation = firstTruthy(attributes, [VERCEL_AI.operationId, VERCEL_AI.operationName]);
  return typeof operation === "string" ? (operation.split(" ")[0] ?? "") : "";
}

export function vercelAiType(source: SpanSource): ObservationType | undefined {
  const operation = operationOf(source);
  const models = [VERCEL_AI.model, GEN_AI.requestModel, GEN_AI.responseModel];
  if (!operation.startsWith("ai.") || firstTruthy(source.attributes, models) === undefined) {
    return undefined;
  }
  if (operation.endsWith(".doGenerate") || operation.endsWith(".doStream")) return "generation";
  return operation.endsWith(".doEmbed") ? "embedding" : undefined;
}

export function vercelAiToolType(source: SpanSource): ObservationType | undefined {
  const isTool = operationOf(source) === "ai.toolCall";
  return isTool || source.attributes.get(VERCEL_AI.toolCallName) ? "tool" : undefined;
}

export function vercelAiInputOutput(source: SpanSource): Captured | undefined {
  return isVercelAi(source) ? vercelAiAttributes(source) : undefined;
}

/** The same, whatever the scope. An answer with text and tool calls becomes one message. */
export function vercelAiAttributes({ attributes }: SpanSource): Captured | undefined {
  const text = attributes.get(VERCEL_AI.text);
  const calls = attributes.get(VERCEL_AI.toolCalls);
  const output: AttributeValue | undefined =
    text && calls
      ? JSON.stringify({
          role: "assistant",
          content: asText(text),
          tool_calls: parsedValue(calls),
        })
      : firstTruthy(attributes, VERCEL_AI.output);
  return captured(firstTruthy(attributes, VERCEL_AI.input), output);
}

export function vercelAiParameters(source: SpanSource): [string, string | number][] | undefined {
  if (!isVercelAi(source)) return undefined;
  return PARAMETERS.flatMap(([name, keys]) => {
    const value = firstTruthy(source.attributes, keys) ?? zeroOf(source, keys);
    if (value === undefined) return [];
    return [[name, typeof value === "number" ? value : asText(value)] as [string, string | number]];
  });
}

function zeroOf({ attributes }: SpanSource, keys: readonly string[]): 0 | undefined {
  return keys.some((key) => attributes.get(key) === 0) ? 0 : undefined;
}

/**
 * Only of calls of the model: the call of the SDK around them repeats what they report, so it has
 * no usage of its own.
 */
export function vercelAiUsage(source: SpanSource): TokenCounts | undefined {
  if (!isVercelAi(source)) return undefined;
  const { attributes } = source;
  const nothing = { input: undefined, output: undefined, total: undefined, details: {} };
  if (!/\.do[A-Z]\w*$/.test(operationOf(source))) return nothing;
  const { usage } = VERCEL_AI;
  const details = providerDetails(attributes.get(VERCEL_AI.providerMetadata));
  return {
    input: firstNumber(attributes, [...usage.input, ...GEN_AI.usage.input]),
    output: firstNumber(attributes, [...usage.output, ...GEN_AI.usage.output]),
    total: firstNumber(attributes, usage.total),
    details: {
      ...details,
      input_cached_tokens:
        firstNumber(attributes, usage.cacheRead) ?? details["input_cached_tokens"],
      output_reasoning_tokens:
        firstNumber(attributes, usage.reasoning) ?? details["output_reasoning_tokens"],
    },
  };
}

/** What providers report beside the SDK's own counts. */
const PROVIDER_DETAILS: readonly (readonly [name: string, paths: readonly string[]])[] = [
  [
    "input_cached_tokens",
    [
      "openai.cachedPromptTokens",
      "anthropic.usage.cache_read_input_tokens",
      "bedrock.usage.cacheReadInputTokens",
    ],
  ],
  [
    "input_cache_creation",
    [
      "anthropic.usage.cache_creation_input_tokens",
      "anthropic.cacheCreationInputTokens",
      "bedrock.usage.cacheWriteInputTokens",
      "bedrock.usage.cacheCreationInputTokens",
    ],
  ],
  ["output_reasoning_tokens", ["openai.reasoningTokens"]],
];

function providerDetails(given: AttributeValue | undefined): Record<string, number | undefined> {
  const metadata = typeof given === "string" ? parseJson(given) : undefined;
  if (metadata === undefined) return {};
  const numberAt = (path: string): number | undefined => {
    let value = metadata;
    for (const part of path.split(".")) {
      if (!isJsonObject(value) || !Object.hasOwn(value, part)) return undefined;
      value = value[part] ?? null;
    }
    return numberOf(value);
  };
  return Object.fromEntries(
    PROVIDER_DETAILS.map(([name, paths]) => [
      name,
      paths.map(numberAt).find((count) => count !== undefined),
    ]),
  );
}
