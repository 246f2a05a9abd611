import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSecretHider } from "../../src/export/hide-secrets";

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** As servers spell what they need not escape, or may escape in two ways. */
const SPELLERS: readonly ((json: string) => string)[] = [
  (json) => json,
  (json) => json.replaceAll("/", "\\/"),
  (json) => json.replace(/[&<>=]/g, escaped),
  (json) => json.replace(/[^ -~]/g, escaped),
  (json) => json.replace(/[^ -~]/g, (unit) => `\\u${escaped(unit).slice(2).toUpperCase()}`),
];

describe("createSecretHider", () => {
  it("hides a secret in plain text and in JSON, whatever is escaped in it, and leaves it JSON", () => {
    const secret = fc.string({ unit: "grapheme", minLength: 6, maxLength: 30 });
    fc.assert(
      fc.property(secret, fc.constantFrom(...SPELLERS), (one, spell) => {
        // Of one that begins or ends with a space, or is within its own spelling, more than it is hidden.
        fc.pre(!/^ | $|\\/.test(one));
        const hide = createSecretHider([one]);
        expect(hide(`no ${one} here`)).toBe("no ... here");
        const json = spell(JSON.stringify({ message: `no ${one} here` }));
        expect(JSON.parse(hide(json))).toEqual({ message: "no ... here" });
      }),
    );
  });

  it("never leaves a secret, nor what was JSON no JSON, whatever stands around it", () => {
    const units = ["\\", "/", "n", "u", "0", "a", "\n"];
    const text = fc.string({ unit: fc.constantFrom('"', ...units), maxLength: 8 });
    const secret = fc.string({ unit: fc.constantFrom(...units), minLength: 4, maxLength: 6 });
    fc.assert(
      fc.property(text, secret, text, fc.constantFrom(...SPELLERS), (before, one, after, spell) => {
        const hide = createSecretHider([one]);
        expect(hide(before + one + after)).not.toContain(one);
        const answer = JSON.parse(hide(spell(JSON.stringify([before + one + after]))));
        expect(answer).toEqual([expect.stringContaining("...")]);
        expect(answer[0]).not.toContain(one);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    "abcdefgh\\",
    "\\\\\\",
    'a"b"c"',
    "key/with/slash",
    "a&b<c>d",
    "schlüssel",
    "\u0000\n\t",
  ])("hides %j, also in JSON within JSON", (secret) => {
    const hide = createSecretHider([secret]);
    for (const spell of SPELLERS) {
      const json = spell(JSON.stringify({ message: `no ${secret} here`, other: secret }));
      expect(JSON.parse(hide(json))).toEqual({ message: "no ... here", other: "..." });
      const outer = JSON.parse(hide(spell(JSON.stringify({ answer: json }))));
      expect(JSON.parse(outer.answer)).toEqual({ message: "no ... here", other: "..." });
    }
  });

  it.each([
    ["/abcdef", '{"message":"\\\\/abcdef"}'],
    ["nabcdef", '{"message":"\\nabcdef"}'],
    ["9abcdef", '{"message":"\\u00e9abcdef"}'],
    ["abcdef\\", '{"message":"abcdef\\""}'],
  ])("leaves JSON where %j begins or ends within an escape: %s", (secret, json) => {
    const shown = createSecretHider([secret])(json);
    expect(shown).not.toContain(secret);
    expect(JSON.parse(shown)).toEqual({ message: expect.stringMatching(/^\\?\.\.\.$/) });
  });

  it("hides a secret of any length, and a text of nothing but backslashes costs no more", () => {
    const long = "k/".repeat(50_000);
    const json = SPELLERS[1]?.(JSON.stringify({ message: `no ${long} here` })) ?? "";
    expect(JSON.parse(createSecretHider([long])(json))).toEqual({ message: "no ... here" });
    const hide = createSecretHider([`${"\\".repeat(40)}x`]);
    expect(hide("\\".repeat(500))).toBe("\\".repeat(500));
  });

  it("hides each of several, wherever they stand, and nothing else", () => {
    const hide = createSecretHider(["sk-1.2", "pk+3", ""]);
    expect(hide("pk+3 sk-1.2sk-1.2 sk-112 pkk3 sk-1.")).toBe("... ... sk-112 pkk3 sk-1.");
    expect(hide('"\\u0073k-1.2 \\n pk+"')).toBe('"... \\n pk+"');
    expect(hide("\ud83d pk+3 \\ud83d")).toBe("\ud83d ... \\ud83d");
    expect(createSecretHider([])("te\\xt")).toBe("te\\xt");
  });
});
