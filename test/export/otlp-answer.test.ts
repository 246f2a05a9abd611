import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerText, readPartialSuccess } from "../../src/export/otlp-answer";
import { partialSuccess, rpcStatus } from "../support/otlp-answer";

const PROTOBUF = "application/x-protobuf";

describe("what an endpoint did not take", () => {
  const count = fc.bigInt({ min: 1n, max: 2n ** 53n - 1n });
  const words = fc.string({ unit: "binary" });

  it("is the same in protobuf and in JSON", () => {
    fc.assert(
      fc.property(count, words, (rejected, message) => {
        const fromProtobuf = answerText(200, PROTOBUF, partialSuccess(rejected, message));
        const account = { rejectedSpans: String(rejected), errorMessage: message };
        const json = JSON.stringify({ partialSuccess: account });
        const expected = { rejectedCount: Number(rejected), message };
        expect(readPartialSuccess(fromProtobuf)).toEqual(expected);
        expect(readPartialSuccess(json)).toEqual(expected);
      }),
    );
  });

  it("is found in long answers, and beside numbers of any length", () => {
    const long = `${" ".repeat(70_000)}{"partialSuccess":{"rejectedSpans":3}}`;
    const exact = '{"partialSuccess":{"rejectedSpans":3},"time":1763950000123456789.5}';
    const words = answerText(200, PROTOBUF, partialSuccess(3, "\u0001".repeat(70_000)));
    for (const text of [long, exact, words]) {
      expect(readPartialSuccess(text)?.rejectedCount).toBe(3);
    }
  });

  it("is advice where it is nothing", () => {
    const text = answerText(200, PROTOBUF, partialSuccess(0, "drop the field x"));
    expect(readPartialSuccess(text)).toEqual({ rejectedCount: 0, message: "drop the field x" });
  });

  it.each([
    ["an empty message", Buffer.alloc(0)],
    ["an empty account", Buffer.from([10, 0])],
    ["a count of 0", partialSuccess(0, "")],
    ["a count below 0", partialSuccess(-3n, "")],
    ["a count that is no number", Buffer.from([10, 3, 10, 1, 120])],
    ["an account that is none", Buffer.from([8, 3])],
    ["only fields nobody knows", Buffer.from([29, 1, 2, 3, 4, 58, 1, 120])],
    ["bytes that are cut off", partialSuccess(3, "no").subarray(0, 5)],
    ["no protobuf at all", Buffer.from("<html>")],
  ])("is nothing in %s", (_name, bytes) => {
    expect(readPartialSuccess(answerText(200, PROTOBUF, bytes))).toBeUndefined();
  });

  it.each([
    "",
    "{}",
    "null",
    "[]",
    '"partialSuccess"',
    '{"partialSuccess":null}',
    '{"partialSuccess":[]}',
    '{"partialSuccess":{}}',
    '{"partialSuccess":{"rejectedSpans":"0"}}',
    '{"partialSuccess":{"rejectedSpans":-1}}',
    '{"partialSuccess":{"rejectedSpans":"many"}}',
    '{"partialSuccess":{"rejectedSpans":{}}}',
    '{"partialSuccess":{"errorMessage":7}}',
    '{"partialSuccess":{"rejectedSpans":3',
    '{"partialSuccess":{"rejectedSpans":true}}',
    '{"partialSuccess":{"rejectedSpans":[5]}}',
    '{"partialSuccess":{"rejectedSpans":{"toString":1,"valueOf":1}}}',
    `{"partialSuccess":${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}}`,
  ])("is nothing in %.60s", (text) => {
    expect(readPartialSuccess(text)).toBeUndefined();
  });
});

describe("the text of an answer", () => {
  it("has the message of a refusal in protobuf", () => {
    expect(JSON.parse(answerText(400, PROTOBUF, rpcStatus(3, "span 7: no name")))).toEqual({
      code: "3",
      message: "span 7: no name",
    });
  });

  it.each([undefined, "application/json", "text/html; charset=utf-8"])(
    "is what came where its type is %s",
    (type) => {
      const bytes = partialSuccess(3, "später");
      expect(answerText(200, type, bytes)).toBe(bytes.toString());
    },
  );

  it("is what came where it is not what it says", () => {
    expect(answerText(502, PROTOBUF, Buffer.from("Bad Gateway"))).toBe("Bad Gateway");
  });

  it("never throws, and never counts below nothing", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom(200, 400), (bytes, status) => {
        readPartialSuccess(answerText(status, PROTOBUF, Buffer.from(bytes)));
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (rejectedSpans, errorMessage) => {
        const text = JSON.stringify({ partialSuccess: { rejectedSpans, errorMessage } });
        expect(readPartialSuccess(text)?.rejectedCount ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
