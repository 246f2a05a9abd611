import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSecretHider } from "../../src/export/hide-secrets";

/** As servers spell what they need not escape, or may escape in two ways. */
const SPELLERS: readonly ((json: string) => string)[] = [
  (json) => json,
  (json) => json.replaceAll("/", "\\/"),
  (json) => json.replace(/[&<>=]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`),
  (json) =>
    json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  (json) =>
    json.replace(
      /[^ -~]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`,
    ),
];

describe("createSecretHider", () => {
  it("hides a secret in plain text and in JSON, whatever is escaped in it, and leaves it JSON", () => {
    const secret = fc.string({ unit: "grapheme", minLength: 6, maxLength: 30 });
    fc.assert(
      fc.property(secret, fc.constantFrom(...SPELLERS), (one, spell) => {
        fc.pre(!/[ .]|\\$/.test(one)); // stands nowhere else then
        const hide = createSecretHider([one]);
        expect(hide(`no ${one} here`)).toBe("no ... here");
        const json = spell(JSON.stringify({ message: `no ${one} here` }));
        expect(JSON.parse(hide(json))).toEqual({ message: "no ... here" });
      }),
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
  ])("hides %j", (secret) => {
    const hide = createSecretHider([secret]);
    for (const spell of SPELLERS) {
      const json = spell(JSON.stringify({ message: `no ${secret} here`, other: secret }));
      expect(JSON.parse(hide(json))).toEqual({ message: "no ... here", other: "..." });
    }
  });

  it("hides each of several, wherever they stand, and nothing else", () => {
    const hide = createSecretHider(["sk-1.2", "pk+3"]);
    expect(hide("pk+3 sk-1.2sk-1.2 sk-112 pkk3")).toBe("... ...... sk-112 pkk3");
    expect(createSecretHider([])("text")).toBe("text");
  });
});
