import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SESSION_SORTS } from "../../../../src/studio/api/session-sorts";
import {
  activeFilterCount,
  DEFAULT_STATE,
  type ListState,
  listQuery,
  listSearch,
  MINIMUM_FILTERS,
  parseListState,
  sortedBy,
  VALUE_FILTERS,
  withoutFilters,
} from "../../../../src/studio/page/list/list-state";

const NOW_MS = Date.UTC(2026, 10, 22, 12, 30, 15, 500);

const FULL_ADDRESS =
  "?q=refund&sort=cost&order=asc&last=24h&user=alice&user=bob&model=gpt-4o&tag=beta&environment=prod" +
  "&score=helpful%3E%3D0.8&minTurns=3&minTokens=1000&minCost=0.25&minDurationMs=1500&hasErrors=false&bookmarked=true";

const anyState: fc.Arbitrary<ListState> = fc.record({
  q: fc.string({ unit: "grapheme" }).map((text) => text.trim()),
  sort: fc.constantFrom(...SESSION_SORTS),
  order: fc.constantFrom("asc", "desc"),
  time: fc.oneof(
    fc.constant({ kind: "all" as const }),
    fc.record({ kind: fc.constant("last" as const), preset: fc.constantFrom("15m", "7d") }),
    fc.record({
      kind: fc.constant("between" as const),
      fromMs: fc.nat().map((minutes) => minutes * 60_000),
      toMs: fc.constantFrom(null, NOW_MS),
    }),
  ),
  values: recordOf(VALUE_FILTERS, (name) =>
    fc.uniqueArray(
      name === "score"
        ? fc.constantFrom("helpful", "helpful>=0.8", "solved<=true", "verdict=a = b")
        : fc.string({ minLength: 1 }),
    ),
  ),
  minima: recordOf(MINIMUM_FILTERS, () => fc.constantFrom(null, 1, 0.5, 1_000_000)),
  hasErrors: fc.constantFrom(null, true, false),
  isBookmarked: fc.constantFrom(null, true, false),
});

function recordOf<Key extends string, Value>(
  keys: readonly Key[],
  toArbitrary: (key: Key) => fc.Arbitrary<Value>,
): fc.Arbitrary<Record<Key, Value>> {
  const entries = keys.map((key) => [key, toArbitrary(key)]);
  // fromEntries forgets which keys it was given
  return fc.record(Object.fromEntries(entries)) as fc.Arbitrary<Record<Key, Value>>;
}

describe("the address of the list", () => {
  it("is empty for the default view", () => {
    expect(listSearch(DEFAULT_STATE)).toBe("");
    expect(parseListState("")).toEqual(DEFAULT_STATE);
  });

  it("names every filter and the order, and reads them back", () => {
    const state = parseListState(FULL_ADDRESS);
    expect(state).toEqual({
      q: "refund",
      sort: "cost",
      order: "asc",
      time: { kind: "last", preset: "24h" },
      values: {
        user: ["alice", "bob"],
        model: ["gpt-4o"],
        tag: ["beta"],
        environment: ["prod"],
        score: ["helpful>=0.8"],
      },
      minima: { minTurns: 3, minTokens: 1_000, minCost: 0.25, minDurationMs: 1_500 },
      hasErrors: false,
      isBookmarked: true,
    });
    expect(listSearch(state)).toBe(FULL_ADDRESS);
  });

  it("opens the same view for any state", () => {
    fc.assert(
      fc.property(anyState, (state) => {
        expect(parseListState(listSearch(state))).toEqual(state);
      }),
    );
  });

  it.each([
    "?sort=name&order=up&hasErrors=maybe&bookmarked=1",
    "?minTurns=-1&minCost=much&minTokens=1e9&minDurationMs=NaN",
    "?minTurns=0&user=&tag=&score=&q=%20",
    "?last=2y&from=yesterday&to=-5",
    "?score=%3E%3D1&score=%3Dgood",
    "?constructor=1&__proto__=2",
  ])("counts what it cannot read as not given: %s", (address) => {
    expect(parseListState(address)).toEqual(DEFAULT_STATE);
  });
});

describe("the query of the API", () => {
  it("asks for nothing that the API refuses: comparisons of texts, more than 100 values", () => {
    const tags = Array.from({ length: 120 }, (_, index) => `tag=t${index}`).join("&");
    const state = parseListState(`?score=helpful%3E%3Dgood&${tags}`);
    expect(state.values.score).toEqual(["helpful"]);
    expect(state.values.tag).toHaveLength(100);
  });

  it("says when a time range starts that ends now, to the minute", () => {
    const query = listQuery(parseListState("?last=1h"), NOW_MS);
    expect(query).toBe("from=2026-11-22T11%3A30%3A00Z");
  });

  it("asks for nothing by default", () => {
    expect(listQuery(DEFAULT_STATE, NOW_MS)).toBe("");
  });
});

describe("filters", () => {
  it("are counted, one each however many values it has, the search and the order not", () => {
    expect(activeFilterCount(DEFAULT_STATE)).toBe(0);
    expect(activeFilterCount(parseListState("?q=x&sort=id"))).toBe(0);
    expect(activeFilterCount(parseListState("?user=a&user=b&tag=c&hasErrors=false"))).toBe(3);
    expect(activeFilterCount(parseListState(FULL_ADDRESS))).toBe(12);
  });

  it("are cleared without the search and the order", () => {
    const cleared = withoutFilters(parseListState(FULL_ADDRESS));
    expect(listSearch(cleared)).toBe("?q=refund&sort=cost&order=asc");
  });
});

describe("sortedBy", () => {
  it("begins with the largest, and turns round the column that is sorted already", () => {
    const byCost = sortedBy(DEFAULT_STATE, "cost");
    expect(byCost).toMatchObject({ sort: "cost", order: "desc" });
    expect(sortedBy(byCost, "cost")).toMatchObject({ sort: "cost", order: "asc" });
    expect(sortedBy(sortedBy(byCost, "cost"), "cost")).toEqual(byCost);
  });

  it("begins with the first letter where the column holds ids", () => {
    expect(sortedBy(DEFAULT_STATE, "id")).toMatchObject({ sort: "id", order: "asc" });
  });
});
