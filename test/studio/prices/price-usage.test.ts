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
});
