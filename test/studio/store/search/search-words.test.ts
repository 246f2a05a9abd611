import { describe, expect, it } from "vitest";
import {
  allFound,
  createWordMatcher,
  ftsQuery,
  searchWords,
} from "../../../../src/studio/store/search/search-words";

const matcherOf = (typed: string) => createWordMatcher(searchWords(typed));

function holds(typed: string, text: string): boolean {
  const matcher = matcherOf(typed);
  return allFound(matcher.found(text), matcher.wordCount);
}

describe("the words of a search", () => {
  it("are runs of letters and digits, of which the last one may go on", () => {
    expect(searchWords(" chat-42, ünd ref")).toEqual([
      { text: "chat", isPrefix: false },
      { text: "42", isPrefix: false },
      { text: "ünd", isPrefix: false },
      { text: "ref", isPrefix: true },
    ]);
  });

  it("are single characters in Chinese and Japanese", () => {
    expect(searchWords("退款 ok").map(({ text }) => text)).toEqual(["退", "款", "ok"]);
  });

  it("are none where nothing can be looked for", () => {
    expect(searchWords(" -- \"'* ")).toEqual([]);
  });

  it("are at most 12, of the first 500 characters", () => {
    expect(searchWords("a ".repeat(400))).toHaveLength(12);
    expect(searchWords("x".repeat(10_000))[0]?.text).toHaveLength(500);
  });

  it("become a query in which no word is an operator", () => {
    expect(ftsQuery(searchWords('a" OR NOT b*'))).toBe('"a" "OR" "NOT" "b"*');
  });
});

describe("words in a text", () => {
  it.each([
    ["refund", "A Refund!", true],
    ["ref", "A refund", true],
    ["fund", "A refund", false],
    ["ref now", "refund now", false],
    ["refund no", "now a refund", true],
    ["cafe", "le Café", true],
    ["cafe", "le Cafe\u0301", true],
    ["café", "le cafe", true],
    ["ÄRGER", "viel ärger", true],
    ["退款", "我要退款吗", true],
    ["款项", "我要退款吗", false],
    ["a.b", "axb", false],
  ])("%s in %s: %s", (typed, text, expected) => {
    expect(holds(typed, text)).toBe(expected);
  });
});

describe("a snippet", () => {
  it("is the text round the first word, with marks where it was cut", () => {
    const text = `${"before ".repeat(20)}the refund\n\n  came ${"after ".repeat(40)}`;
    const snippet = matcherOf("refund").snippet(text);
    expect(snippet).toMatch(/^….*the refund came after .*…$/);
    expect(snippet?.length).toBeLessThanOrEqual(152);
  });

  it("is the whole of a short text", () => {
    expect(matcherOf("caf").snippet("Un café, please")).toBe("Un café, please");
  });

  it("splits no character in two", () => {
    const snippet = matcherOf("word").snippet(`${"😀".repeat(50)} word ${"😀".repeat(100)}`) ?? "";
    expect(snippet.isWellFormed()).toBe(true);
  });

  it("is null where there is none of the words", () => {
    expect(matcherOf("word").snippet("nothing")).toBeNull();
  });
});
