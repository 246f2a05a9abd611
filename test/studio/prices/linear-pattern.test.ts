import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compilePattern,
  MAX_NAME_LENGTH,
  MAX_PATTERN_LENGTH,
  PatternError,
} from "../../../src/studio/prices/linear-pattern";

describe("a pattern", () => {
  it.each([
    ["(?i)^gpt-4o$", "GPT-4o", true],
    ["(?i)^gpt-4o$", "gpt-4o-mini", false],
    ["gpt", "azure/gpt-4", true],
    ["^(eu\\.|us\\.)?claude-\\d(-\\d+)?$", "us.claude-3-20240307", true],
    ["^a{2,3}$", "aaaa", false],
    ["^[^a-c]+$", "xyz", true],
    ["^[^a-c]+$", "xaz", false],
    ["^o[13](-mini)*$", "o3-mini-mini", true],
    ["^$", "", true],
  ])("%s matches %s: %s", (pattern, name, isMatch) => {
    expect(compilePattern(pattern).test(name)).toBe(isMatch);
  });

  it("matches what a regular expression of the language matches", () => {
    const atom = fc.constantFrom("a", "b", "-", ".", "[ab]", "[^a]", "\\d", "\\w", "1", "^", "$");
    const count = fc.constantFrom("", "", "*", "+", "?", "{0,2}", "{2}");
    const { pattern } = fc.letrec<{ pattern: string; part: string }>((tie) => ({
      part: fc.oneof(
        { maxDepth: 3 },
        atom,
        tie("pattern").map((inner) => `(${inner})`),
      ),
      pattern: fc
        .array(fc.tuple(tie("part"), count), { maxLength: 4 })
        .map((parts) =>
          parts
            .map(([part, times]) => (part === "^" || part === "$" ? part : part + times))
            .join(""),
        )
        .chain((one) => fc.constantFrom(one, `${one}|b`)),
    }));
    const name = fc.string({ unit: fc.constantFrom("a", "b", "-", "1", "A"), maxLength: 8 });
    fc.assert(
      fc.property(pattern, name, fc.boolean(), (text, read, isCaseless) => {
        const compiled = compilePattern(isCaseless ? `(?i)${text}` : text);
        expect(compiled.test(read)).toBe(new RegExp(text, isCaseless ? "i" : "").test(read));
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(["^(a+)+$", "^(a|a)*$", "^(a*)*b$", "^(.*a){20}$"])(
    "takes no more time for a name that is made to take long: %s",
    (pattern) => {
      const name = `${"a".repeat(MAX_NAME_LENGTH - 1)}!`;
      const startedAt = performance.now();
      expect(compilePattern(pattern).test(name)).toBe(false);
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    },
  );

  it.each([
    ["(a", "a `)` for each `(`"],
    ["a)", "a `(` before each `)`"],
    ["*", "something before `*`"],
    ["[a", "more characters"],
    ["a\\", "more characters"],
    ["(?=a)", "groups as `(…)`"],
    ["(a)\\1", "\\d, \\w or \\s"],
    ["a{3,1}", "a count that goes up"],
    ["((a{999}){999}){999}", "smaller counts"],
    ["((){9999}){9999}", "smaller counts"],
    [`${"(".repeat(60)}${")".repeat(60)}`, "fewer groups"],
    ["a".repeat(MAX_PATTERN_LENGTH + 1), "up to 1000 characters"],
  ])("is refused with a reason where it cannot be read: %s", (pattern, reason) => {
    expect(() => compilePattern(pattern)).toThrow(PatternError);
    expect(() => compilePattern(pattern)).toThrow(reason);
  });

  it("matches no name beyond the largest length", () => {
    expect(compilePattern("a").test("a".repeat(MAX_NAME_LENGTH + 1))).toBe(false);
  });
});
