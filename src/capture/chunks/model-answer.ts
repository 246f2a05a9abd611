import { type Fields, fieldsOf, isFields, textOf } from "./fields";

/** Token counts by kind, disjoint but for `total`. */
export type UsageDetails = Record<string, number>;

/**
 * Reads from what a model's SDK returns, chunk by chunk or whole, which model answered and what it
 * used. Only counts that stand there: nothing is estimated. The last count of a kind is the one that
 * holds, since some APIs send interim ones.
 */
export class ModelAnswer {
  #model: string | undefined;
  #usage: UsageDetails | undefined;

  get model(): string | undefined {
    return this.#model;
  }

  get usageDetails(): UsageDetails | undefined {
    return this.#usage;
  }

  read(value: unknown): void {
    if (!isFields(value)) return;
    const answer = readOpenAi(value) ?? readAnthropic(value) ?? readAiSdk(value);
    if (answer === undefined) return;
    this.#model = textOf(answer.model) || this.#model;
    const usage = positiveCounts(answer.usage);
    if (Object.keys(usage).length > 0) this.#usage = { ...this.#usage, ...usage };
  }
}

interface Answer {
  readonly model: unknown;
  readonly usage: Readonly<Record<string, unknown>>;
}

/**
 * Chat completions and their chunks, embeddings, responses and the events that hold one.
 * Spec: https://platform.openai.com/docs/api-reference/chat/object,
 * https://platform.openai.com/docs/api-reference/responses/object
 */
function readOpenAi(value: Fields): Answer | undefined {
  const isEvent = textOf(value["type"]).startsWith("response.");
  const response = isEvent ? fieldsOf(value["response"]) : value;
  if (response["object"] === "response") {
    return {
      model: response["model"],
      usage: openAiUsage(fieldsOf(response["usage"]), "responses"),
    };
  }
  const isEmbedding = value["object"] === "list" && Array.isArray(value["data"]);
  if (!Array.isArray(value["choices"]) && !isEmbedding) return undefined;
  return { model: value["model"], usage: openAiUsage(fieldsOf(value["usage"]), "chat") };
}

/** Tokens of a special kind are counted within input and output; Langfuse counts them beside. */
function openAiUsage(usage: Fields, api: "chat" | "responses"): Record<string, unknown> {
  const [input, output] =
    api === "chat" ? ["prompt_tokens", "completion_tokens"] : ["input_tokens", "output_tokens"];
  return {
    ...split("input", usage[input], fieldsOf(usage[`${input}_details`])),
    ...split("output", usage[output], fieldsOf(usage[`${output}_details`])),
    total: usage["total_tokens"],
  };
}

function split(kind: string, count: unknown, details: Fields): Record<string, unknown> {
  if (!isCount(count)) return {};
  const counts: Record<string, number> = { [kind]: count };
  let rest = count;
  for (const [name, part] of Object.entries(details)) {
    if (!isCount(part) || part === 0 || part > rest) continue;
    rest -= part;
    counts[`${kind}_${name}`] = part;
  }
  counts[kind] = rest;
  return counts;
}

/** Messages, and the events that begin and end one. Spec: https://docs.anthropic.com/en/api/messages */
function readAnthropic(value: Fields): Answer | undefined {
  const message = value["type"] === "message_start" ? fieldsOf(value["message"]) : value;
  if (message["type"] !== "message" && message["type"] !== "message_delta") return undefined;
  const { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens } =
    fieldsOf(message["usage"]);
  const usage = {
    input: input_tokens,
    output: output_tokens,
    cache_creation_input_tokens: cache_creation_input_tokens || undefined,
    cache_read_input_tokens: cache_read_input_tokens || undefined,
  };
  return { model: message["model"], usage };
}

/**
 * The parts that end a step and the stream, and results of `generateText`, `generateObject` and
 * `embed`. Versions before 6 do not say whether input counts what was cached: no more than they say.
 * Spec: https://ai-sdk.dev/docs/reference/ai-sdk-core/generate-text
 */
function readAiSdk(value: Fields): Answer | undefined {
  const type = value["type"];
  if (type === "finish-step" || type === "step-finish" || type === "response-metadata") {
    return { model: fieldsOf(value["response"])["modelId"] ?? value["modelId"], usage: {} };
  }
  const isResult =
    type === undefined &&
    ("finishReason" in value || "embedding" in value || "embeddings" in value);
  if (type !== "finish" && !isResult) return undefined;
  const usage = fieldsOf(value["totalUsage"] ?? value["usage"]);
  const inputDetails = fieldsOf(usage["inputTokenDetails"]);
  const outputDetails = fieldsOf(usage["outputTokenDetails"]);
  return {
    model: fieldsOf(value["response"])["modelId"],
    usage: {
      ...split("input", usage["inputTokens"] ?? usage["promptTokens"] ?? usage["tokens"], {
        cached_tokens: inputDetails["cacheReadTokens"],
        cache_creation: inputDetails["cacheWriteTokens"],
      }),
      ...split("output", usage["outputTokens"] ?? usage["completionTokens"], {
        reasoning_tokens: outputDetails["reasoningTokens"],
      }),
      total: usage["totalTokens"],
    },
  };
}

/** Servers take whole numbers from 0 only. Spec: langfuse-contract, section 2.3. */
function positiveCounts(usage: Readonly<Record<string, unknown>>): UsageDetails {
  const counts: UsageDetails = {};
  for (const [kind, count] of Object.entries(usage)) if (isCount(count)) counts[kind] = count;
  return counts;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
