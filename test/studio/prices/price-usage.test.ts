import { describe, expect, it } from "vitest";
import { priceUsage } from "../../../src/studio/prices/price-usage";

const PRICES = {
  input: 1,
  output: 10,
  input_cached_tokens: 0.1,
  input_cache_creation: 2,
  input_cache_creation_1h: 4,
  input_audio_tokens: 5,
  output_audio_tokens: 50,
  output_reasoning_tokens: 20,
  web_searches: 100,
};

describe("a kind of usage", () => {
  it.each([
    ["input", 1],
    ["prompt_tokens", 1],
    ["promptTokenCount", 1],
    ["output", 10],
    ["completion_tokens", 10],
    ["candidates_token_count", 10],
    ["input_cached_tokens", 0.1],
    ["cache_read_input_tokens", 0.1],
    ["cached_content_token_count", 0.1],
    ["input_cache_creation", 2],
    ["cache_creation_input_tokens", 2],
    ["input_cache_creation_1h", 4],
    ["ephemeral_1h_input_tokens", 4],
    ["input_audio_tokens", 5],
    ["input_audio", 5],
    ["output_audio_tokens", 50],
    ["output_reasoning_tokens", 20],
    ["thoughts_token_count", 20],
    ["web_searches", 100],
  ])("%s has its price", (kind, price) => {
    expect(priceUsage({ [kind]: 4 }, PRICES)).toEqual({ [kind]: 4 * price, total: 4 * price });
  });

  it.each([
    ["input_cached_tokens", 1],
    ["input_cache_creation", 1],
    ["input_cache_creation_1h", 1],
    ["input_audio_tokens", 1],
    ["output_reasoning_tokens", 10],
    ["output_audio_tokens", 10],
    ["output_rejected_prediction_tokens", 10],
  ])("%s without a price of its own costs what its direction costs", (kind, price) => {
    const costs = priceUsage({ [kind]: 4 }, { input: 1, output: 10 });
    expect(costs).toEqual({ [kind]: 4 * price, total: 4 * price });
  });
});

describe("the usage of a model", () => {
  it("costs the sum of its kinds, whatever its total says", () => {
    expect(
      priceUsage({ input: 1_000, output: 10, total: 5 }, { input: 0.0000025, output: 0.00001 }),
    ).toEqual({ input: 0.0025, output: 0.0001, total: 0.0026 });
  });

  it("costs its total alone where that has a price", () => {
    expect(priceUsage({ input: 7, total: 7 }, { total: 0.5 })).toEqual({ total: 3.5 });
  });

  it("costs nothing that is known where no kind has a price", () => {
    expect(priceUsage({ images: 2, total: 2 }, PRICES)).toEqual({});
    expect(priceUsage({}, PRICES)).toEqual({});
    expect(priceUsage({ constructor: 2 }, PRICES)).toEqual({});
  });

  it("counts once what Gemini counts with the prompt and as cached", () => {
    expect(priceUsage({ promptTokenCount: 10, cachedContentTokenCount: 4 }, PRICES)).toEqual({
      promptTokenCount: 6,
      cachedContentTokenCount: 0.4,
      total: 6.4,
    });
  });

  it.each([
    ["inputTokens cachedInputTokens outputTokens reasoningTokens totalTokens"],
    ["prompt_tokens cached_tokens completion_tokens reasoning_tokens total_tokens"],
    ["input input_cached_tokens output output_reasoning_tokens total"],
  ])("counts once what is inside input and output, as the total tells: %s", (names) => {
    const [input = "", cached = "", output = "", reasoning = "", total = ""] = names.split(" ");
    const usage = {
      [input]: 1_000,
      [cached]: 800,
      [output]: 500,
      [reasoning]: 300,
      [total]: 1_500,
    };
    expect(priceUsage(usage, PRICES)).toEqual({
      [input]: 200,
      [cached]: 80,
      [output]: 2_000,
      [reasoning]: 6_000,
      total: 8_280,
    });
  });

  it("counts once what is inside also where another total, of all kinds, stands beside", () => {
    const usage = { inputTokens: 10, cachedInputTokens: 4, totalTokens: 10, total: 24 };
    expect(priceUsage(usage, PRICES)).toEqual({
      inputTokens: 6,
      cachedInputTokens: 0.4,
      total: 6.4,
    });
  });

  it("counts audio once on both sides where the total is input and output alone", () => {
    const usage = { input: 10, input_audio: 4, output: 5, output_audio: 2, total: 15 };
    expect(priceUsage(usage, PRICES)).toMatchObject({ input: 6, output: 30, total: 156 });
  });

  it("never costs less than nothing where more is cached than came in", () => {
    const usage = { input: 10, input_cached_tokens: 30, total: 10 };
    expect(priceUsage(usage, PRICES)).toEqual({ input: 0, input_cached_tokens: 3, total: 3 });
  });

  it.each([
    ["no total", {}],
    ["a total with all of them", { total: 2_600 }],
    ["a total without end", { total: Number.POSITIVE_INFINITY }],
  ])("takes its kinds as they are with %s", (_, total) => {
    const usage = {
      input: 1_000,
      cached_tokens: 800,
      output: 500,
      reasoning_tokens: 300,
      ...total,
    };
    expect(priceUsage(usage, PRICES)).toMatchObject({
      input: 1_000,
      cached_tokens: 80,
      output: 5_000,
      reasoning_tokens: 6_000,
    });
  });

  it("counts cached tokens of Gemini off once where the total is prompt and answer", () => {
    const usage = {
      promptTokenCount: 10,
      cachedContentTokenCount: 4,
      candidatesTokenCount: 1,
      totalTokenCount: 11,
    };
    expect(priceUsage(usage, PRICES)).toMatchObject({ promptTokenCount: 6, total: 16.4 });
  });
});
