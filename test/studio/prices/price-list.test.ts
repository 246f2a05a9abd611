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

  it.each([
    ["2025-06-09T23:59:59Z", 0.00001],
    ["2025-06-10T00:00:00Z", 0.000002],
  ])("have the price of the day: o3 at %s", (at, price) => {
    const found = createPriceList(DEFAULT_MODELS).find("openai/o3", Date.parse(at) * 1_000);
    expect(found?.prices["input"]).toBe(price);
  });
});
