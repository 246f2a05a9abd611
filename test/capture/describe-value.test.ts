import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { serialize } from "../../src/capture/serialize";

const MAX_BYTES = 64 * 1_024;

/** What comes out of the describing path, read back: a BigInt is no plain data. */
function described(value: unknown, maxBytes = MAX_BYTES): unknown {
  const [first] = JSON.parse(serialize([value, 1n], { maxBytes }) ?? "[]") as unknown[];
  return first;
}

describe("what keeps its content to itself", () => {
  it.each([
    ["[WeakMap]", new WeakMap()],
    ["[WeakSet]", new WeakSet()],
    ["[WeakRef]", new WeakRef({})],
    ["[Promise]", Promise.resolve(1)],
    ["[ReadableStream]", new ReadableStream()],
    ["[AbortSignal]", new AbortController().signal],
    ["[Readable]", Readable.from(["a"])],
    ["[Generator]", (function* () {})()],
    ["[AsyncGenerator]", (async function* () {})()],
    ["[Map Iterator]", new Map().values()],
  ])("is named: %s", (name, value) => {
    expect(described(value)).toBe(name);
  });

  it("is named where it is a class with private state only", () => {
    class Vault {
      #secret = 1;
      open(): number {
        return this.#secret;
      }
    }
    expect(described(new Vault())).toBe("[Vault]");
  });

  it("shows type and size of blobs and files, and the entries of forms", () => {
    const form = new FormData();
    form.append("a", "1");
    form.append("a", "2");
    expect(
      described([new Blob(["abc"], { type: "text/plain" }), new File(["abcd"], "x.bin"), form]),
    ).toEqual([
      "[Blob: text/plain, 3 bytes]",
      "[File: 4 bytes]",
      [
        ["a", "1"],
        ["a", "2"],
      ],
    ]);
  });

  it("survives plain objects that carry the tag of a platform class", () => {
    const tagged = (tag: string): object => ({ [Symbol.toStringTag]: tag, n: 1 });
    expect(described(tagged("Headers"))).toEqual({ "[class]": "Headers", n: 1 });
    expect(described(tagged("FormData"))).toEqual({ "[class]": "FormData", n: 1 });
    expect(described(tagged("Blob"))).toEqual({ "[class]": "Blob", n: 1 });
  });
});

describe("objects that stand in several places", () => {
  it("are written again while they are small", () => {
    const shared = { n: 1 };
    expect(described({ a: shared, b: [shared] })).toEqual({ a: { n: 1 }, b: [{ n: 1 }] });
  });

  it("are referred to by where they stood first when they are large", () => {
    const history = { messages: ["x".repeat(5_000)], when: new Date(0) };
    expect(described({ "first turn": [{ history }], b: history })).toMatchObject({
      "first turn": [{ history: { messages: ["x".repeat(5_000)] } }],
      b: '[shared: $[0]["first turn"][0].history]',
    });
  });

  it("are written again, however large, in plain data that fits", () => {
    const large = { text: "x".repeat(5_000) };
    expect(JSON.parse(serialize({ a: large, b: large }, { maxBytes: MAX_BYTES }) ?? "")).toEqual({
      a: large,
      b: large,
    });
  });

  it("take room once where each level stands twice in the next", () => {
    let node: object = { leaf: 1n };
    for (let level = 0; level < 30; level += 1) node = { left: node, right: node };
    const text = serialize(node, { maxBytes: 1_048_576 }) ?? "";
    expect(text.length).toBeLessThan(100_000);
    expect(text).toContain("[shared: $");
  });

  it("are read once", () => {
    let readCount = 0;
    const shared = {
      get counted(): number {
        readCount += 1;
        return readCount;
      },
    };
    expect(described([1n, shared, shared])).toEqual(["1", { counted: 1 }, { counted: 1 }]);
    expect(readCount).toBe(1);
  });

  it("do not nest without end, each holding the one before", () => {
    let last: unknown = 1n;
    const list = Array.from({ length: 2_000 }, () => {
      let wrapped = last;
      for (let level = 0; level < 20; level += 1) wrapped = [wrapped];
      last = wrapped;
      return wrapped;
    });
    expect(() => JSON.parse(serialize(list, { maxBytes: 1_048_576 }) ?? "")).not.toThrow();
  });
});

describe("characters that cannot be kept", () => {
  it("become U+FFFD in a text: halves of surrogate pairs, and NUL", () => {
    expect(serialize("a\ud800b\udfffc\0d🎭", { maxBytes: MAX_BYTES })).toBe(
      "a\ufffdb\ufffdc\ufffdd🎭",
    );
  });

  it("become U+FFFD inside JSON, in keys as well, where escapes that only look alike stay", () => {
    const value = { "k\ud800": "v\0", "\\u0000": "\\ud800 \u0001 🎭" };
    const expected = { "k\ufffd": "v\ufffd", "\\u0000": "\\ud800 \u0001 🎭" };
    expect(JSON.parse(serialize(value, { maxBytes: MAX_BYTES }) ?? "")).toEqual(expected);
    expect(described(value)).toEqual(expected);
  });

  it("are counted as what they take when a text is cut", () => {
    const text = serialize("\0".repeat(2_000), { maxBytes: 1_024 }) ?? "";
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_024);
    expect(text).toMatch(/^\ufffd+\.\.\.\[cut: \d+ bytes\]$/);
  });
});

describe("values that fight back", () => {
  it("reads each member once, also those it asks for to know what the value is", () => {
    const counts = new Map<string, number>();
    const value: object = {};
    for (const key of ["toJSON", "constructor", "name", "type", "data", "length", "then", "size"]) {
      Object.defineProperty(value, key, {
        enumerable: true,
        get: () => {
          counts.set(key, (counts.get(key) ?? 0) + 1);
          return key;
        },
      });
    }
    expect(described([1n, value])).toEqual([
      "1",
      Object.fromEntries([...counts.keys()].map((key) => [key, key])),
    ]);
    expect([...counts.values()]).toEqual(new Array(8).fill(1));
  });

  it.each([
    ["that returns its object", (self: object): unknown => self],
    ["that returns a list of its object", (self: object): unknown => [self]],
  ])("ends at a toJSON %s", (_, answer) => {
    const value = {
      n: 1n,
      toJSON(): unknown {
        return answer(this);
      },
    };
    expect(() => JSON.stringify(described(value))).not.toThrow();
  });

  it("marks items of a list whose getters throw, whatever they throw", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const list: unknown[] = [1];
    for (const [index, thrown] of [new TypeError("x"), null, proxy].entries()) {
      Object.defineProperty(list, index + 1, {
        get: () => {
          throw thrown;
        },
      });
    }
    expect(described(list)).toEqual([
      1,
      "[getter threw: TypeError]",
      "[getter threw: object]",
      "[getter threw: unknown]",
    ]);
  });

  it("takes a list of four billion holes", () => {
    expect(described(new Array(2 ** 32 - 1))).toHaveLength(10_001);
  });

  it("does not run an iterator that a list brings along", () => {
    const list = Object.assign([1, 2], {
      [Symbol.iterator]: () => {
        throw new Error("endless");
      },
    });
    expect(described(list)).toEqual([1, 2]);
  });

  it("takes a date and a boxed number that answer with something else", () => {
    const date = Object.assign(new Date(0), { toISOString: () => 1n });
    const boxed = Object.assign(Object(5) as object, { valueOf: () => boxed });
    expect(described([date, boxed])).toEqual(["1", "[circular]"]);
  });

  it("writes JSON where all lists have a toJSON", () => {
    const prototype: { toJSON?: () => unknown } = Array.prototype as object;
    prototype.toJSON = () => undefined;
    let texts: (string | undefined)[];
    try {
      texts = [serialize([1], { maxBytes: MAX_BYTES }), serialize([1n], { maxBytes: MAX_BYTES })];
    } finally {
      delete prototype.toJSON;
    }
    expect(texts).toEqual(['"[not serializable]"', '"[not serializable]"']);
  });
});
