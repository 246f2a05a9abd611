import { describe, expect, it } from "vitest";
import { ModelAnswer, type UsageDetails } from "../../src/capture/chunks/model-answer";

function read(...values: unknown[]): {
  model: string | undefined;
  usage: UsageDetails | undefined;
} {
  const answer = new ModelAnswer();
  for (const value of values) answer.read(value);
  return { model: answer.model, usage: answer.usageDetails };
}

describe("model and usage are read from", () => {
  it.each<[string, unknown[], { model: string | undefined; usage: UsageDetails | undefined }]>([
    [
      "an Anthropic message",
      [
        {
          type: "message",
          model: "claude-sonnet-4-5",
          usage: { input_tokens: 9, output_tokens: 4, cache_read_input_tokens: 100 },
        },
      ],
      { model: "claude-sonnet-4-5", usage: { input: 9, output: 4, cache_read_input_tokens: 100 } },
    ],
    [
      "Anthropic events, of which the last count holds",
      [
        {
          type: "message_start",
          message: {
            type: "message",
            model: "claude",
            usage: { input_tokens: 9, output_tokens: 1 },
          },
        },
        { type: "message_delta", delta: {}, usage: { output_tokens: 30 } },
      ],
      { model: "claude", usage: { input: 9, output: 30 } },
    ],
    [
      "OpenAI embeddings",
      [{ object: "list", data: [], model: "small", usage: { prompt_tokens: 5, total_tokens: 5 } }],
      { model: "small", usage: { input: 5, total: 5 } },
    ],
    [
      "parts of the AI SDK 5",
      [
        { type: "finish-step", usage: { inputTokens: 1 }, response: { modelId: "gpt-5" } },
        { type: "finish", totalUsage: { inputTokens: 7, outputTokens: 3, totalTokens: 10 } },
      ],
      { model: "gpt-5", usage: { input: 7, output: 3, total: 10 } },
    ],
    [
      "parts of the AI SDK 4",
      [
        { type: "step-finish", response: { modelId: "gpt-4" }, usage: {} },
        { type: "finish", usage: { promptTokens: 7, completionTokens: 3, totalTokens: 10 } },
      ],
      { model: "gpt-4", usage: { input: 7, output: 3, total: 10 } },
    ],
    [
      "a result of the AI SDK 6, with details",
      [
        {
          finishReason: "stop",
          response: { modelId: "m" },
          usage: {
            inputTokens: 10,
            inputTokenDetails: { cacheReadTokens: 4, cacheWriteTokens: 1 },
            outputTokens: 5,
            outputTokenDetails: { reasoningTokens: 2 },
            totalTokens: 15,
          },
        },
      ],
      {
        model: "m",
        usage: {
          input: 5,
          input_cached_tokens: 4,
          input_cache_creation: 1,
          output: 3,
          output_reasoning_tokens: 2,
          total: 15,
        },
      },
    ],
  ])("%s", (_source, values, expected) => {
    expect(read(...values)).toEqual(expected);
  });

  it.each<[string, unknown]>([
    ["a value", { usage: { input: 1 }, model: "mine" }],
    ["text", "usage"],
    ["counts that are none", { choices: [], usage: { prompt_tokens: -1, completion_tokens: 0.5 } }],
    ["usage that is missing", { choices: [], usage: null }],
  ])("nothing of %s", (_source, value) => {
    expect(read(value).usage).toBeUndefined();
  });
});
