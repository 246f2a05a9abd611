import { describe, expect, it } from "vitest";
import { DEFAULT_MODELS } from "../../../src/studio/prices/default-models";
import type { ModelRecord } from "../../../src/studio/prices/model-record";
import { createPriceList } from "../../../src/studio/prices/price-list";
import { START_US } from "../store/records";

function modelOf(id: string, overrides: Partial<ModelRecord> = {}): ModelRecord {
  return {
    id,
    name: id,
    matchPattern: "^tiny$",
    startUs: null,
    endUs: null,
    unit: "TOKENS",
    prices: { input: 1 },
    createdUs: 0,
    ...overrides,
  };
}

const foundOf = (models: readonly ModelRecord[], name = "tiny", atUs = START_US) =>
  createPriceList(models).find(name, atUs)?.id;

describe("the model of an observation", () => {
  it("holds from its first moment on, and no more at its end", () => {
    const models = [modelOf("m", { startUs: START_US, endUs: START_US + 10 })];
    const found = [-1, 0, 9, 10].map((after) => foundOf(models, "tiny", START_US + after));
    expect(found).toEqual([undefined, "m", "m", undefined]);
  });

  it("is the next older one where a newer one does not hold yet or any more", () => {
    const models = [modelOf("old"), modelOf("new", { startUs: START_US, endUs: START_US + 10 })];
    const found = [-1, 0, 10].map((after) => foundOf(models, "tiny", START_US + after));
    expect(found).toEqual(["old", "new", "old"]);
  });

  const source = { url: "https://prices.example", asOf: "2026-01" };
  it.each<[string, readonly [ModelRecord, ModelRecord]]>([
    [
      "one's own before one that comes with the studio",
      [modelOf("first", { matchPattern: "tiny" }), modelOf("second", { source })],
    ],
    [
      "a pattern for the whole name before one for a part",
      [modelOf("first"), modelOf("second", { matchPattern: "^tiny", startUs: START_US })],
    ],
    [
      "the one that holds since later",
      [modelOf("first", { startUs: START_US }), modelOf("second", { startUs: START_US - 1 })],
    ],
    [
      "the longer pattern",
      [modelOf("first", { matchPattern: "tiny" }), modelOf("second", { matchPattern: "tin" })],
    ],
    ["the newer", [modelOf("first", { createdUs: 2 }), modelOf("second", { createdUs: 1 })]],
  ])("is %s, in whatever order they come", (_rule, [first, second]) => {
    expect(foundOf([first, second])).toBe("first");
    expect(foundOf([second, first])).toBe("first");
  });
});

describe("the models that come with the studio", () => {
  it("name where each price stands and when that was", () => {
    for (const { id, source } of DEFAULT_MODELS) {
      expect(source?.url, id).toMatch(/^https:\/\/(platform\.openai|platform\.claude|ai\.google)/);
      expect(source?.asOf, id).toMatch(/^202[56]-\d\d$/);
    }
    expect(new Set(DEFAULT_MODELS.map(({ id }) => id)).size).toBe(DEFAULT_MODELS.length);
  });

  it("match each their own name, and none of the others'", () => {
    const now = Date.UTC(2026, 0, 1) * 1_000;
    for (const { name } of DEFAULT_MODELS) {
      const found = DEFAULT_MODELS.filter((model) => createPriceList([model]).find(name, now));
      expect(
        found.map((model) => model.name),
        name,
      ).toEqual([name]);
    }
  });

  const priceOf = (name: string): string | undefined => {
    const found = createPriceList(DEFAULT_MODELS).find(name, Date.UTC(2026, 0, 1) * 1_000);
    return found?.name;
  };

  it.each([
    ["gpt-4o-2024-08-06", "gpt-4o"],
    ["openai/gpt-4o-2024-11-20", "gpt-4o"],
    ["openrouter/openai/gpt-4o", "gpt-4o"],
    ["GPT-4o", "gpt-4o"],
    ["gpt-4o-2024-05-13", "gpt-4o-2024-05-13"],
    ["gpt-4o-audio-preview-2025-06-03", "gpt-4o-audio-preview"],
    ["gpt-4.1-mini-2025-04-14", "gpt-4.1-mini"],
    ["o4-mini-2025-04-16", "o4-mini"],
    ["gemini-2.5-flash-preview-09-2025", "gemini-2.5-flash"],
    ["google/gemini-2.5-flash", "gemini-2.5-flash"],
    ["models/gemini-2.5-flash", "gemini-2.5-flash"],
    ["gemini/gemini-2.5-flash", "gemini-2.5-flash"],
    ["vertex_ai/gemini-2.0-flash-001", "gemini-2.0-flash"],
    ["publishers/google/models/gemini-2.0-flash", "gemini-2.0-flash"],
    ["projects/p/locations/global/publishers/google/models/gemini-2.5-flash", "gemini-2.5-flash"],
    ["claude-sonnet-4-5-20250929", "claude-sonnet-4-5"],
    ["anthropic/claude-sonnet-4-5-20250929", "claude-sonnet-4-5"],
    ["anthropic/claude-sonnet-4.5", "claude-sonnet-4-5"],
    ["openrouter/anthropic/claude-3.7-sonnet", "claude-3-7-sonnet"],
    ["claude-sonnet-4-5@20250929", "claude-sonnet-4-5"],
    ["vertex_ai/claude-opus-4-1@20250805", "claude-opus-4-1"],
    ["publishers/anthropic/models/claude-sonnet-4@20250514", "claude-sonnet-4"],
    [
      "projects/p/locations/us-east5/publishers/anthropic/models/claude-sonnet-4",
      "claude-sonnet-4",
    ],
    [
      "projects/p/locations/global/publishers/anthropic/models/claude-sonnet-4-5@20250929",
      "claude-sonnet-4-5",
    ],
    [
      "projects/p/locations/europe-west1/publishers/anthropic/models/claude-sonnet-4-5@20250929",
      "anthropic.claude-sonnet-4-5",
    ],
    [
      "projects/p/locations/us-east5/publishers/anthropic/models/claude-sonnet-4-5@20250929",
      "anthropic.claude-sonnet-4-5",
    ],
    [
      "projects/p/locations/us/publishers/anthropic/models/claude-sonnet-4-5@20250929",
      "anthropic.claude-sonnet-4-5",
    ],
    [
      "projects/p/locations/eu/publishers/anthropic/models/claude-sonnet-4-5@20250929",
      "anthropic.claude-sonnet-4-5",
    ],
    ["publishers/anthropic/models/claude-sonnet-4-5@20250929", "claude-sonnet-4-5"],
    ["claude-3-5-haiku-latest", "claude-3-5-haiku"],
    ["anthropic.claude-3-haiku-20240307-v1:0", "claude-3-haiku"],
    ["us.anthropic.claude-sonnet-4-20250514-v1:0", "claude-sonnet-4"],
    ["global.anthropic.claude-sonnet-4-20250514-v1:0", "claude-sonnet-4"],
    ["global.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5"],
    ["us.anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic.claude-sonnet-4-5"],
    ["anthropic.claude-haiku-4-5-20251001-v1:0", "anthropic.claude-haiku-4-5"],
    ["us-gov.anthropic.claude-opus-4-6-v1", "anthropic.claude-opus-4-6"],
    ["bedrock/eu.anthropic.claude-3-7-sonnet-20250219-v1:0", "claude-3-7-sonnet"],
    ["bedrock/us-east-1/anthropic.claude-3-haiku-20240307-v1:0", "claude-3-haiku"],
    ["bedrock/us-east-1/anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic.claude-sonnet-4-5"],
    [
      "bedrock/us-gov-west-1/anthropic.claude-haiku-4-5-20251001-v1:0",
      "anthropic.claude-haiku-4-5",
    ],
    ["bedrock/converse/global.anthropic.claude-opus-4-6-v1", "claude-opus-4-6"],
    [
      "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-20250514-v1:0",
      "claude-opus-4",
    ],
  ])("match %s as %s", (name, model) => {
    expect(priceOf(name)).toBe(model);
  });

  it.each([
    "gpt-4o-2024-01-01",
    "gpt-4o-realtime-preview",
    "ft:gpt-4o-mini-2024-07-18:acme::1",
    "gpt-5.1",
    "my-gpt-4o",
    "anthropic/gpt-4o",
    "openai/claude-sonnet-4-5",
    "models/claude-sonnet-4-5",
    "claude-sonnet-4-7",
    "claude-opus-4-20",
    "xx.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "gemini-2.5-flash-lite",
    "gemini-2.5-flash-preview-04-17",
    "gemini-2.5-flash-image",
    "us.anthropic.gemini-2.5-flash",
    "anthropic.claude-3-haiku-20240307-v1:0:48k", // by the hour
    "anthropic.claude-3-haiku-20240307-v1:0:200k",
    "us.anthropic.claude-sonnet-4-5-20250929-v1:0:200k",
    "bedrock/us-east-1/1-month-commitment/anthropic.claude-3-haiku-20240307-v1:0",
  ])("leave %s without a price, which would be a guess", (name) => {
    expect(priceOf(name)).toBeUndefined();
  });

  it("cost a tenth more on a cloud's endpoints of a region, from version 4.5 on", () => {
    const prices = (name: string) => DEFAULT_MODELS.find((model) => model.name === name)?.prices;
    for (const name of [
      "claude-opus-4-6",
      "claude-opus-4-5",
      "claude-sonnet-4-5",
      "claude-haiku-4-5",
    ]) {
      const [global, region] = [prices(name) ?? {}, prices(`anthropic.${name}`) ?? {}];
      expect(Object.keys(region), name).toEqual(Object.keys(global));
      for (const [kind, price] of Object.entries(global)) {
        expect(region[kind], `${name} ${kind}`).toBeCloseTo(price * 1.1, 12);
      }
    }
  });

  it("have a price for what is cached, but for those whose provider has none", () => {
    const without = DEFAULT_MODELS.filter(
      ({ prices }) => prices["input_cached_tokens"] === undefined,
    );
    expect(without.map(({ name }) => name)).toEqual([
      "gpt-4o-2024-05-13",
      "gpt-4o-audio-preview",
      "gpt-4o-mini-audio-preview",
      "gpt-3.5-turbo",
      "text-embedding-3-small",
      "text-embedding-3-large",
    ]);
    for (const { name, prices } of DEFAULT_MODELS.filter(({ name }) => name.includes("claude"))) {
      expect(prices, name).toHaveProperty("input_cache_creation");
      expect(prices, name).toHaveProperty("input_cache_creation_1h");
    }
    for (const { name, prices } of DEFAULT_MODELS.filter(({ name }) => /audio|gemini/.test(name))) {
      expect(prices, name).toHaveProperty("input_audio_tokens");
    }
  });

  it.each([
    ["2025-06-09T23:59:59Z", 0.00001],
    ["2025-06-10T00:00:00Z", 0.000002],
  ])("have the price of the day: o3 at %s", (at, price) => {
    const found = createPriceList(DEFAULT_MODELS).find("openai/o3", Date.parse(at) * 1_000);
    expect(found?.prices["input"]).toBe(price);
  });
});
