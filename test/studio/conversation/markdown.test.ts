import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Block, parseMarkdown } from "../../../src/studio/conversation/markdown";
import {
  type Inline,
  parseInline,
  safeUrl,
} from "../../../src/studio/conversation/markdown-inline";

const text = (words: string): Inline => ({ kind: "text", text: words });
const code = (words: string): Inline => ({ kind: "code", text: words });
const strong = (...children: Inline[]): Inline => ({ kind: "strong", children });
const emphasis = (...children: Inline[]): Inline => ({ kind: "emphasis", children });
const link = (url: string, words: string): Inline => ({
  kind: "link",
  url,
  children: [text(words)],
});
const paragraph = (words: string): Block => ({ kind: "paragraph", children: [text(words)] });

describe("parseInline", () => {
  it.each<[string, readonly Inline[]]>([
    ["plain", [text("plain")]],
    ["", []],
    ["**bold** and *soft*", [strong(text("bold")), text(" and "), emphasis(text("soft"))]],
    ["__bold__ and _soft_", [strong(text("bold")), text(" and "), emphasis(text("soft"))]],
    ["***both***", [strong(emphasis(text("both")))]],
    ["**a *b***", [strong(text("a "), emphasis(text("b")))]],
    ["*a **b** c*", [emphasis(text("a "), strong(text("b")), text(" c"))]],
    ["~~gone~~", [{ kind: "strike", children: [text("gone")] }]],
    ["run `npm **ci**`", [text("run "), code("npm **ci**")]],
    ["``a ` b``", [code("a ` b")]],
    ["a stray ` here", [text("a stray ` here")]],
    ["over\n`two\nlines` stays", [text("over\n`two\nlines` stays")]],
    ["2 * 3 * 4 and a_b_c", [text("2 * 3 * 4 and a_b_c")]],
    ["**never closed", [text("**never closed")]],
    ["\\*as it is\\*", [text("*as it is*")]],
    ["<b>bold</b> & <script>", [text("<b>bold</b> & <script>")]],
  ])("reads %j", (given, expected) => {
    expect(parseInline(given)).toEqual(expected);
  });

  it.each<[string, readonly Inline[]]>([
    ["[docs](https://a.example/x)", [link("https://a.example/x", "docs")]],
    ['[docs](https://a.example/x "Title").', [link("https://a.example/x", "docs"), text(".")]],
    ["[wiki](https://a.example/b_(c))", [link("https://a.example/b_(c)", "wiki")]],
    [
      "see https://a.example/x, then",
      [text("see "), link("https://a.example/x", "https://a.example/x"), text(", then")],
    ],
    [
      "(https://a.example)",
      [text("("), link("https://a.example/", "https://a.example"), text(")")],
    ],
    ["![a plan](https://a.example/p.png)", [link("https://a.example/p.png", "a plan")]],
    ["[mail](mailto:a@b.example)", [link("mailto:a@b.example", "mail")]],
    [
      "[https://good.example](https://bad.example)",
      [link("https://bad.example/", "https://good.example")],
    ],
  ])("finds the link in %j", (given, expected) => {
    expect(parseInline(given)).toEqual(expected);
  });

  it.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "data:text/html,<script>1</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "//a.example",
    "/sessions",
    "https://",
  ])("takes %j for no address", (address) => {
    expect(safeUrl(address)).toBeNull();
    expect(parseInline(`[click](${address})`).some(({ kind }) => kind === "link")).toBe(false);
  });
});

describe("parseMarkdown", () => {
  it.each<[string, readonly Block[]]>([
    ["one\ntwo\n\nthree", [paragraph("one\ntwo"), paragraph("three")]],
    [
      "## Title ##\ntext",
      [{ kind: "heading", level: 2, children: [text("Title")] }, paragraph("text")],
    ],
    ["#no title", [paragraph("#no title")]],
    ["a\n\n---\n\nb", [paragraph("a"), { kind: "rule" }, paragraph("b")]],
    [
      "> said\n> twice\nafter",
      [{ kind: "quote", blocks: [paragraph("said\ntwice")] }, paragraph("after")],
    ],
    ["- a\n- b", [{ kind: "list", start: null, items: [[paragraph("a")], [paragraph("b")]] }]],
    [
      "3. a\n4. b\n\n5. c",
      [{ kind: "list", start: 3, items: [[paragraph("a")], [paragraph("b")], [paragraph("c")]] }],
    ],
    ["in\n1984. was", [paragraph("in\n1984. was")]],
    [
      "Steps:\n1. go",
      [paragraph("Steps:"), { kind: "list", start: 1, items: [[paragraph("go")]] }],
    ],
    [
      "- a\n  - b\n    more\n- c",
      [
        {
          kind: "list",
          start: null,
          items: [
            [paragraph("a"), { kind: "list", start: null, items: [[paragraph("b\nmore")]] }],
            [paragraph("c")],
          ],
        },
      ],
    ],
    [
      "- a\n\n  second\n\nafter",
      [
        { kind: "list", start: null, items: [[paragraph("a"), paragraph("second")]] },
        paragraph("after"),
      ],
    ],
    [
      "| a | b |\n|---|:-:|\n| 1 | x \\| y |\n| 2 |\n\nafter",
      [
        {
          kind: "table",
          head: [[text("a")], [text("b")]],
          rows: [
            [[text("1")], [text("x | y")]],
            [[text("2")], []],
          ],
        },
        paragraph("after"),
      ],
    ],
  ])("reads %j", (given, expected) => {
    expect(parseMarkdown(given)).toEqual(expected);
  });

  it("returns for any text, and every link in it is safe", () => {
    const unit = fc.constantFrom(
      ..."ab *_`~[]()!#>-+|\\\n\t:/1.",
      "http://a.b",
      "javascript:",
      "  ",
    );
    const urlsOf = (value: unknown): string[] => {
      if (typeof value !== "object" || value === null) return [];
      const own = "url" in value ? [String(value.url)] : [];
      return [...own, ...Object.values(value).flatMap(urlsOf)];
    };
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 300 }), (given) => {
        for (const url of urlsOf(parseMarkdown(given))) {
          expect(url).toMatch(/^(?:https?:\/\/|mailto:)/);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["marks that never close", "*a ".repeat(60_000)],
    ["brackets that never close", "[".repeat(200_000)],
    ["links that never close", "[a](http://b".repeat(15_000)],
    ["backticks", "`".repeat(200_000)],
    ["quotes in quotes", ">".repeat(200_000)],
    ["lists in lists", "- ".repeat(100_000)],
    ["empty lines in a list", `- a${"\n".repeat(200_000)}`],
    ["table rows", "|a|b|\n|-|-|\n".repeat(15_000)],
    ["dashes", "-".repeat(200_000)],
    ["underscores", "_a_ _".repeat(40_000)],
    ["spaces", `${" ".repeat(200_000)}x`],
  ])("reads 200,000 characters of %s in under a second", (_, given) => {
    const startMs = performance.now();
    parseMarkdown(given);
    expect(performance.now() - startMs).toBeLessThan(1_000);
  });
});
