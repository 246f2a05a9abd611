import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPhoneName } from "../../src/capture/redact/phone";
import { createTextRedactor } from "../../src/capture/redact/redact-text";
import { isSecretName } from "../../src/capture/redact/secret-names";
import { REDACT_PRESETS } from "../../src/config/redact-rules";

const redact = createTextRedactor(REDACT_PRESETS);

/** What presets know; put together at random, they must not hide one another. */
const SECRETS = [
  "sk-proj-Ab12Cd34Ef56Gh78Ij90",
  "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
  "AKIAIOSFODNN7EXAMPLE",
  "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
  "jane.doe@example.com",
  "+49 151 23456789",
  "(415) 555-2671",
  "4111 1111 1111 1111",
  "5555555555554444",
  "DE89 3704 0044 0532 0130 00",
  "GB82WEST12345698765432",
  "192.168.17.42",
  "2001:db8::8a2e:370:7334",
];
const NOISE = [
  "",
  " ",
  "\n",
  "\t",
  "text ",
  ": ",
  "=",
  '"',
  "\\",
  "'",
  "{",
  "}",
  "[",
  "]",
  ",",
  "é",
  "😀",
  "\u2028",
  "/",
  "?",
  "@",
  ".",
  "-",
  "1",
  "a",
  "password",
  "password=",
  "token: ",
  "Bearer ",
  "http://a:b@c",
  "\\n",
  "\\u00e4",
];

const secret = fc.constantFrom(...SECRETS);
const noise = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NOISE) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
);
/** Any text, with pieces in it that look like something. */
const text = fc.array(fc.oneof(secret, noise), { maxLength: 12 }).map((parts) => parts.join(""));
/** A secret that stands alone, between characters that are no part of it. */
const planted = fc
  .tuple(
    fc.constantFrom("", "see ", "line\n", "\t", '"', "(", "é: ", "\u2028", "\\ "),
    secret,
    fc.constantFrom("", " end", "\n", '"', ")", ", ", "\\ "),
  )
  .map(([before, content, after]) => ({ content, text: before + content + after }));

/** `password` apart, which stands for them, no name hides its value: "jwt" comes up, too. */
const anyName = fc
  .string({ maxLength: 6 })
  .filter((name) => !isSecretName(name) && !isPhoneName(name));

function jsonOf(leaf: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 3 }, leaf, tie("list"), tie("object"), tie("nested")),
    list: fc.array(tie("value"), { maxLength: 4 }),
    object: fc.dictionary(
      fc.oneof(anyName, fc.constantFrom("content", "password", "a b")),
      tie("value"),
      { maxKeys: 4 },
    ),
    nested: tie("value").map((value) => JSON.stringify(value)),
  })).value;
}

const anyJson = jsonOf(
  fc.oneof(
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.constantFrom(null, true, false, 4111111111111111),
  ),
);

describe("redaction by all presets", () => {
  it("keeps JSON text JSON text, whatever the value", () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        fc.pre(typeof value === "object" && value !== null);
        expect(() => JSON.parse(redact(JSON.stringify(value)))).not.toThrow();
      }),
      { numRuns: 2_000 },
    );
  });

  it("changes nothing the second time, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          anyJson.map((value) => JSON.stringify(value)),
        ),
        (content) => {
          const once = redact(content);
          expect(redact(once)).toBe(once);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it("redacts each text of a JSON value as it does that text alone", () => {
    fc.assert(
      fc.property(jsonOf(fc.oneof(text, fc.boolean(), fc.integer())), (value) => {
        fc.pre(typeof value === "object" && value !== null && !hasMeaningfulName(value));
        expect(redact(JSON.stringify(value))).toBe(JSON.stringify(redactEach(value)));
      }),
      { numRuns: 2_000 },
    );
  });

  it("lets nothing planted survive, at any depth, in texts, names and JSON inside texts", () => {
    fc.assert(
      fc.property(
        planted,
        jsonOf(noise),
        fc.nat({ max: 3 }),
        fc.boolean(),
        (plant, beside, depth, isName) => {
          let value: unknown = isName ? { [plant.text]: beside } : { beside, note: plant.text };
          for (let level = 0; level < depth; level += 1) value = [JSON.stringify(value)];
          expect(redact(JSON.stringify(value))).not.toContain(plant.content);
          expect(redact(plant.text)).not.toContain(plant.content);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("changes nothing the second time where JSON text was cut off, wherever that was", () => {
    fc.assert(
      fc.property(jsonOf(text), fc.double({ min: 0, max: 1, noNaN: true }), (value, share) => {
        const whole = JSON.stringify({ value });
        const kept = whole.slice(0, Math.floor(share * whole.length));
        const redacted = redact(`${kept}...[cut: ${whole.length - kept.length} bytes]`);
        expect(redact(redacted)).toBe(redacted);
      }),
      { numRuns: 2_000 },
    );
  });

  it("gives back the same text where there is nothing to find", () => {
    fc.assert(
      fc.property(jsonOf(fc.stringMatching(/^[a-z \n"\\é]{0,40}$/)), (value) => {
        const content = JSON.stringify(value);
        fc.pre(!hasMeaningfulName(value));
        expect(redact(content)).toBe(content);
      }),
    );
  });
});

/** Whether the name of a member, also in JSON inside a text, says that its value is secret. */
function hasMeaningfulName(value: unknown): boolean {
  return JSON.stringify(value)?.includes("password") === true;
}

/** What redaction means, without regard to names: a walk through the value. */
function redactEach(value: unknown): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map(redactEach);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [redact(name), redactEach(member)]),
  );
}
