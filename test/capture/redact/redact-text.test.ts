import { describe, expect, it } from "vitest";
import { createTextRedactor } from "../../../src/capture/redact/redact-text";
import { REDACT_PRESETS } from "../../../src/config/redact-rules";

const redactAll = createTextRedactor(REDACT_PRESETS);
const S = "[redacted secret]";
const E = "[redacted email]";

describe("redaction of JSON text", () => {
  it.each([
    ["[415-555-2671]", "[[redacted phone]]"],
    ["[415 555 2671]", "[[redacted phone]]"],
    ["[10.20.30.40 10.20.30.41]", "[[redacted ip] [redacted ip]]"],
    [
      "[10.20.30.40 10.20.30.41 ...[cut: 9 bytes]",
      "[[redacted ip] [redacted ip] ...[cut: 9 bytes]",
    ],
    ["[1.5, -2e+10, 4.111]", "[1.5, -2e+10, 4.111]"],
  ])("reads %s as text where it is no JSON", (text, expected) => {
    expect(redactAll(text)).toBe(expected);
    expect(redactAll(expected)).toBe(expected);
  });

  it.each<[string, unknown, unknown]>([
    ["texts", { a: ["x jane@example.com"] }, { a: [`x ${E}`] }],
    ["names", { "jane@example.com": 1 }, { [E]: 1 }],
    [
      "what follows an escape",
      ["\njane@example.com\ta", "ä\u2028jane@example.com"],
      [`\n${E}\ta`, `ä\u2028${E}`],
    ],
    ["values of secret names", { password: "a b", dbPass: "x" }, { password: S, dbPass: S }],
    ["numbers of secret names", { password: 12345, pin: 1 }, { password: S, pin: 1 }],
    ["lists of secret names", { apiKeys: ["a", ["b"]], n: ["a"] }, { apiKeys: [S, [S]], n: ["a"] }],
    [
      "contents of secret names",
      { secret: { value: "a", note: "b" } },
      { secret: { value: S, note: "b" } },
    ],
    [
      "pairs of name and value",
      [
        { name: "Cookie", value: "a" },
        { name: "a", value: "b" },
      ],
      [
        { name: "Cookie", value: S },
        { name: "a", value: "b" },
      ],
    ],
    [
      "JSON inside texts",
      { args: JSON.stringify({ password: "x", deep: JSON.stringify({ token: "abcdef" }) }) },
      { args: JSON.stringify({ password: S, deep: JSON.stringify({ token: S }) }) },
    ],
    ["card numbers", { card: 4111111111111111 }, { card: "[redacted card]" }],
  ])("covers %s", (_, value, expected) => {
    expect(redactAll(JSON.stringify(value))).toBe(JSON.stringify(expected));
    expect(redactAll(JSON.stringify(value, null, 2))).toBe(JSON.stringify(expected, null, 2));
  });

  it.each<[string, unknown]>([
    ["booleans, null and empty texts", { password: true, secret: null, token: "" }],
    ["counts of tokens", { max_tokens: 15, token: 15, usage: { total_tokens: 123456 } }],
    ["the pieces of a model's text", { token: " internationalization", logprob: -0.3 }],
    ["a piece in one word", { token: "international", logprob: -0.3 }],
    [
      "marks",
      { password: "[circular]", secret: "[redacted secret]", token: "[Uint8Array: 12 bytes]" },
    ],
    [
      "schemas of tools",
      {
        properties: { password: { type: "string", description: "A password" } },
        required: ["password", "email"],
      },
    ],
    ["ids", { id: "chatcmpl-123", traceId: "4bf92f3577b34da6a3ce929d0e0e4736", sessionId: "s-1" }],
    [
      "references to media",
      { image: "@@@langfuseMedia:type=image/png|id=k3jB8uVQp1Zr2sT4wXyZ0A|source=bytes@@@" },
    ],
    ["data URIs", { url: `data:image/png;base64,${"iVBORw0KGgo1".repeat(20)}=` }],
  ])("leaves %s", (_, value) => {
    const text = JSON.stringify(value);
    expect(redactAll(text)).toBe(text);
  });

  it("reads escapes that JSON.stringify does not write, and keeps spaces", () => {
    expect(redactAll('{ "a" : "jane\\u0040example.com\\/x" }')).toBe(`{ "a" : "${E}/x" }`);
    expect(redactAll('{"pass\\u0077ord":"hunter2"}')).toBe(`{"pass\\u0077ord":"${S}"}`);
  });

  it("reads JSON lines, and plain text behind JSON", () => {
    expect(redactAll('{"password":"a"}\n{"password":"b"}\n')).toBe(
      `{"password":"${S}"}\n{"password":"${S}"}\n`,
    );
    expect(redactAll('{"a":1} password=b')).toBe(`{"a":1} password=${S}`);
  });

  it.each([
    ['{"a":"mail jane@example.com...[cut: 9 bytes]', `{"a":"mail ${E}...[cut: 9 bytes]`],
    ['{"a":"mail jane@exam...[cut: 9 bytes]', `{"a":"mail ${E}...[cut: 9 bytes]`],
    ['{"password":"hunt...[cut: 9 bytes]', `{"password":"${S}...[cut: 9 bytes]`],
    ['{"password":"hunt\\...[cut: 9 bytes]', `{"password":"${S}...[cut: 9 bytes]`],
    ['{"password":"hunt\\u00...[cut: 9 bytes]', `{"password":"${S}...[cut: 9 bytes]`],
    ['{"a":"\\njane@example.com\\n\\u00...[cut: 9 bytes]', `{"a":"\\n${E}\\n...[cut: 9 bytes]`],
    ['{"a":"jane@example.com"...[cut: 9 bytes]', `{"a":"${E}"...[cut: 9 bytes]`],
    [
      '{"password":{"content":"password=\'"...[cut: 9 bytes]',
      `{"password":{"content":"${S}"...[cut: 9 bytes]`,
    ],
    ['{"password":...[cut: 9 bytes]', '{"password":...[cut: 9 bytes]'],
    ['{"password":12345...[cut: 9 bytes]', `{"password":${S}...[cut: 9 bytes]`],
    [
      '{"args":"{\\"password\\":\\"hunt...[cut: 9 bytes]',
      `{"args":"{\\"password\\":\\"${S}...[cut: 9 bytes]`,
    ],
    [
      '{"password":"a","b":{"c":[1,2...[cut: 9 bytes]',
      `{"password":"${S}","b":{"c":[1,2...[cut: 9 bytes]`,
    ],
  ])("reads text that was cut off: %s", (text, expected) => {
    expect(redactAll(text)).toBe(expected);
  });

  it.each([
    ["[INFO] password=x", `[INFO] password=${S}`],
    ["{name}, password: abc123", `{name}, password: ${S}`],
    ['"password": "x" is set', `"password": "${S}" is set`],
    ['{"password": hunter2}', `{"password": ${S}}`],
    ["[jane@example.com](mailto:jane@example.com)", `[${E}](mailto:${E})`],
    ['{"a":"line\nbreak \\n jane@example.com"}', `{"a":"line\nbreak \\n ${E}"}`],
    ['["a" password="x"]', `["a" password="${S}"]`],
    [`${"[".repeat(300)} jane@example.com`, `${"[".repeat(300)} ${E}`],
  ])("takes what is no JSON for text: %j", (text, expected) => {
    expect(redactAll(text)).toBe(expected);
  });

  it("keeps a text alone a text alone", () => {
    expect(redactAll('"jane@example.com said \\"hi\\""')).toBe(`"${E} said \\"hi\\""`);
  });
});

describe("redaction of a text", () => {
  it("lets presets go before one another, so that none leaves half of what another knows", () => {
    expect(redactAll("https://jane:pw@example.com and DE89 3704 0044 0532 0130 00")).toBe(
      `https://${S}@example.com and [redacted iban]`,
    );
    expect(redactAll("call +49 151 23456789, pay 4111 1111 1111 1111 from 10.0.0.1")).toBe(
      "call [redacted phone], pay [redacted card] from [redacted ip]",
    );
  });

  it("gives back the same text without rules, and where nothing is found", () => {
    expect(createTextRedactor([])("password=x")).toBe("password=x");
    expect(redactAll("")).toBe("");
    expect(redactAll("nothing 1: here = to - find")).toBe("nothing 1: here = to - find");
  });

  it("applies only what is wanted", () => {
    expect(createTextRedactor(["email"])("jane@example.com password=x")).toBe(`${E} password=x`);
  });
});

describe("patterns", () => {
  it.each<[string, Parameters<typeof createTextRedactor>[0], string, string]>([
    ["a text as it stands", [{ pattern: "a.c" }], "abc a.c a.c", "abc [redacted] [redacted]"],
    [
      "a text with backslashes in JSON",
      [{ pattern: "C:\\x" }],
      '{"p":"C:\\\\x"}',
      '{"p":"[redacted]"}',
    ],
    ["an expression everywhere", [{ pattern: /ID-\d+/ }], "ID-1 ID-2", "[redacted] [redacted]"],
    ["a global expression", [{ pattern: /ID-\d+/g }], "ID-1 ID-2", "[redacted] [redacted]"],
    ["a sticky expression", [{ pattern: /ID-\d+/y }], "x ID-1", "x [redacted]"],
    ["an expression without length", [{ pattern: /x*/ }], "axxb", "a[redacted]b"],
    ["a replacement as it stands", [{ pattern: /(b)/, replace: "$1$&" }], "abc", "a$1$&c"],
    ["numbers of JSON", [{ pattern: /^12$/ }], '{"a":12,"b":123}', '{"a":"[redacted]","b":123}'],
    ["names of JSON", [{ pattern: "key" }], '{"key":1}', '{"[redacted]":1}'],
    ["quotes in a replacement in JSON", [{ pattern: "x", replace: '"' }], '["x"]', '["\\""]'],
    [
      "presets first, patterns in order",
      [{ pattern: "b", replace: "c" }, "email", { pattern: "c", replace: "d" }],
      "b@b.co b",
      "[redacted email] d",
    ],
    [
      "no marks of presets",
      ["email", { pattern: /email|act/ }],
      "a@b.co email",
      "[redacted email] [redacted]",
    ],
    ["what stands around a mark", ["email", { pattern: /to .*/ }], "to a@b.co now", "[redacted]"],
    ["an empty text", [{ pattern: "" }], "abc", "abc"],
  ])("cover %s", (_, rules, text, expected) => {
    expect(createTextRedactor(rules)(text)).toBe(expected);
  });

  it("leave the expression of the user as it was", () => {
    const pattern = /a/g;
    pattern.lastIndex = 3;
    const redact = createTextRedactor([{ pattern }]);
    expect([redact("aba"), redact("aba"), pattern.lastIndex]).toEqual([
      "[redacted]b[redacted]",
      "[redacted]b[redacted]",
      3,
    ]);
  });

  it("hide all of a text that their expression has no stack for", () => {
    const redact = createTextRedactor([{ pattern: /(?:a|b)*c/, replace: "[mine]" }]);
    expect(redact("ab".repeat(20_000_000))).toBe("[mine]");
  });
});

describe("presets", () => {
  it.each([
    ["a token", (long: string) => `token=${long}`],
    ["a token of JSON", (long: string) => JSON.stringify({ token: long })],
    ["a bearer", (long: string) => `Authorization: Bearer ${long}`],
    ["a key", (long: string) => `sk-proj-${long}`],
    ["a word", (long: string) => `password = ${long}(x)`],
  ])("take %s of any length", (_, build) => {
    expect(redactAll(build("a1B2".repeat(5_000_000))).length).toBeLessThan(100);
  });
});
