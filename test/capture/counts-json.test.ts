import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countsJson } from "../../src/capture/counts-json";

describe("countsJson", () => {
  it("writes what JSON.stringify does, for whatever names and numbers", () => {
    const name = fc.oneof(fc.stringMatching(/^[\w.-]{1,64}$/), fc.constantFrom("2", "10", "01"));
    const number = fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom(-0, 1e21, 1e-7, Number.MAX_VALUE, Number.MIN_VALUE),
    );
    fc.assert(
      fc.property(fc.dictionary(name, number, { noNullPrototype: true }), (counts) => {
        expect(countsJson(counts)).toBe(JSON.stringify(counts));
      }),
    );
  });

  it.each([
    ["undefined", undefined],
    ["null", null],
    ["a number", 3],
    ["a text", "input"],
    ["a list", [1, 2]],
    ["an instance of a class", new Date(0)],
    ["an object without a prototype", Object.assign(Object.create(null), { input: 1 })],
    ["a text in it", { input: 1, output: "2" }],
    ["an object in it", { input: { cached: 1 } }],
    ["a member that is undefined", { input: undefined }],
    ["what JSON has no number for", { input: Number.NaN }],
    ["an infinity", { input: Number.POSITIVE_INFINITY }],
    ["a BigInt", { input: 1n }],
    ["a name to be escaped", { 'in"put': 1 }],
    ["a name beyond ASCII", { entrée: 1 }],
    ["an empty name", { "": 1 }],
    ["a toJSON", { toJSON: () => "other", input: 1 }],
    [
      "a toJSON that does not show",
      Object.defineProperty({ input: 1 }, "toJSON", { value: () => "other" }),
    ],
    ["a list that says it is an object", Object.setPrototypeOf([1], Object.prototype)],
    ["more than 64 numbers", Object.fromEntries(Array.from({ length: 65 }, (_, at) => [at, at]))],
  ])("leaves %s to others", (_, value) => {
    expect(countsJson(value)).toBeUndefined();
  });

  it("passes over what a prototype has", () => {
    Object.defineProperty(Object.prototype, "inherited", {
      value: 1,
      enumerable: true,
      writable: true,
      configurable: true,
    });
    try {
      expect(countsJson({ input: 1 })).toBe('{"input":1}');
    } finally {
      Reflect.deleteProperty(Object.prototype, "inherited");
    }
  });

  it("knows no more names than it may, and writes those all the same", () => {
    for (let index = 0; index < 1_000; index += 1) {
      expect(countsJson({ [`kind-${index}`]: index })).toBe(`{"kind-${index}":${index}}`);
    }
  });
});
