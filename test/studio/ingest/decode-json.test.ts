import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeJson } from "../../../src/studio/ingest/decode-json";
import {
  type AttributeValue,
  OtlpDecodeError,
  type OtlpSpan,
  TOO_DEEP_MARKER,
} from "../../../src/studio/ingest/otlp-types";

const decode = (value: unknown) => decodeJson(Buffer.from(JSON.stringify(value)));

function decodeSpan(span: unknown): OtlpSpan | undefined {
  return decode({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })[0]?.scopeSpans[0]
    ?.spans[0];
}

function decodeValue(value: unknown): AttributeValue | undefined {
  const span = decodeSpan({ traceId: "a", spanId: "b", attributes: [{ key: "key", value }] });
  return span?.attributes.get("key");
}

describe("decodeJson", () => {
  it("reads every field of a span that is kept", () => {
    expect(
      decodeSpan({
        traceId: "0af7651916cd43dd8448eb211c80319c",
        spanId: "b7ad6b7169203331",
        parentSpanId: "aa",
        name: "name",
        kind: 1,
        startTimeUnixNano: "1763806800123456789",
        endTimeUnixNano: 1763806801,
        attributes: [{ key: "a", value: { stringValue: "x" } }],
        events: [{ name: "exception", attributes: [{ key: "b", value: { intValue: "3" } }] }],
        status: { code: 2, message: "boom" },
      }),
    ).toEqual({
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
      parentSpanId: "aa",
      name: "name",
      startTimeUnixNano: 1_763_806_800_123_456_789n,
      endTimeUnixNano: 1_763_806_801n,
      attributes: new Map([["a", "x"]]),
      events: [{ name: "exception", attributes: new Map([["b", 3]]) }],
      statusCode: 2,
      statusMessage: "boom",
      problems: [],
    });
  });

  it.each<[string, unknown, AttributeValue]>([
    ["text", { stringValue: "x" }, "x"],
    ["an empty text", { stringValue: "" }, ""],
    ["a boolean", { boolValue: false }, false],
    ["an integer as text", { intValue: "12" }, 12],
    ["an integer as number", { intValue: 12 }, 12],
    ["an integer past 2^53 as digits", { intValue: "9007199254740993" }, "9007199254740993"],
    ["a double", { doubleValue: 0.5 }, 0.5],
    ["a list", { arrayValue: { values: [{ stringValue: "a" }, {}] } }, ["a", null]],
    ["an empty list", { arrayValue: {} }, []],
    [
      "a map",
      { kvlistValue: { values: [{ key: "k", value: { intValue: 1 } }] } },
      new Map([["k", 1]]),
    ],
    ["nothing", {}, null],
    ["no value at all", undefined, null],
  ])("reads an attribute that is %s", (_kind, value, expected) => {
    expect(decodeValue(value)).toEqual(expected);
  });

  it("reads bytes from base64", () => {
    expect(decodeValue({ bytesValue: "AQI=" })).toEqual(Buffer.from([1, 2]));
  });

  it.each([
    ["the list of bytes", [1, 171]],
    ["a Buffer as JSON writes it", { type: "Buffer", data: [1, 171] }],
  ])("takes an id that is %s", (_form, traceId) => {
    expect(decodeSpan({ traceId, spanId: "b" })?.traceId).toBe("01ab");
  });

  it("reads a time in two halves", () => {
    const time = { low: 5, high: 1, unsigned: true };
    expect(decodeSpan({ startTimeUnixNano: time })?.startTimeUnixNano).toBe(2n ** 32n + 5n);
  });

  it.each([
    ["absent ids", { name: "x" }, ["traceId:absent", "spanId:absent"]],
    ["an id that is a number", { traceId: 5, spanId: "b" }, ["traceId:invalid"]],
    [
      "a parent that is none",
      { traceId: "a", spanId: "b", parentSpanId: {} },
      ["parentSpanId:invalid"],
    ],
    [
      "attributes in an object",
      { traceId: "a", spanId: "b", attributes: {} },
      ["attributes:not_an_array"],
    ],
    ["events in an object", { traceId: "a", spanId: "b", events: {} }, ["events:not_an_array"]],
    ["no span at all", null, ["traceId:absent", "spanId:absent"]],
  ])("names the problem of %s", (_case, span, problems) => {
    expect(decodeSpan(span)?.problems).toEqual(problems);
  });

  it.each([
    ["spans", { resourceSpans: [{ scopeSpans: [{ spans: {} }] }] }],
    ["scopeSpans", { resourceSpans: [{ scopeSpans: 5 }] }],
    ["resourceSpans", { resourceSpans: "x" }],
  ])("rejects a body where %s is no list", (name, body) => {
    expect(() => decode(body)).toThrow(`expected ${name} to be an array`);
  });

  it.each(["", "{", "[1,"])("rejects the text %o, which is not JSON", (body) => {
    expect(() => decodeJson(Buffer.from(body))).toThrow(OtlpDecodeError);
  });

  it("marks what is nested beyond the limit", () => {
    let nested: unknown = { stringValue: "core" };
    for (let depth = 0; depth < 500; depth++) nested = { arrayValue: { values: [nested] } };
    expect(JSON.stringify(decodeValue(nested))).toContain(TOO_DEEP_MARKER);
  });

  it("survives JSON nested beyond any stack", () => {
    const body = `{"resourceSpans":${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}}`;
    expect(decodeJson(Buffer.from(body))).toEqual([{ resource: new Map(), scopeSpans: [] }]);
  });

  it("keeps a key named __proto__ as a key", () => {
    const body = `{"resourceSpans":[{"__proto__":{"scopeSpans":5},"resource":{"attributes":[{"key":"__proto__","value":{"stringValue":"x"}}]}}]}`;
    expect(decodeJson(Buffer.from(body))).toEqual([
      { resource: new Map([["__proto__", "x"]]), scopeSpans: [] },
    ]);
  });

  it("reads or rejects any JSON, and never fails otherwise", () => {
    const keys = [
      "resourceSpans",
      "scopeSpans",
      "spans",
      "attributes",
      "key",
      "value",
      "arrayValue",
      "values",
      "traceId",
    ];
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 8 },
        fc.jsonValue({ maxDepth: 1 }),
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...keys), tie("tree"), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (body) => {
        try {
          decode(body);
        } catch (error) {
          expect(error).toBeInstanceOf(OtlpDecodeError);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
