import { describe, expect, it } from "vitest";
import { serialize } from "../../src/capture/serialize";

const MAX_BYTES = 64 * 1_024;

/** What comes out, read back. */
function described(value: unknown, maxBytes = MAX_BYTES): unknown {
  const text = serialize(value, { maxBytes });
  return text === undefined ? undefined : JSON.parse(text);
}

describe("serialize: plain data", () => {
  it("gives undefined for undefined and null, which mean no value", () => {
    expect(serialize(undefined, { maxBytes: MAX_BYTES })).toBeUndefined();
    expect(serialize(null, { maxBytes: MAX_BYTES })).toBeUndefined();
  });

  it.each(["", "hello", '{"already":"json"}', '"quoted"', "null", "日本語 🎭"])(
    "leaves the string %j as it is, without quotes",
    (text) => {
      expect(serialize(text, { maxBytes: MAX_BYTES })).toBe(text);
    },
  );

  it("writes plain data as JSON text, leaving out undefined members", () => {
    expect(serialize({ a: [1, "two", true, null], b: undefined }, { maxBytes: MAX_BYTES })).toBe(
      '{"a":[1,"two",true,null]}',
    );
  });

  it("writes numbers and booleans as their JSON text", () => {
    expect(serialize(0, { maxBytes: MAX_BYTES })).toBe("0");
    expect(serialize(false, { maxBytes: MAX_BYTES })).toBe("false");
  });

  it("takes an object without a prototype as plain data", () => {
    const value = Object.assign(Object.create(null), { a: 1 });
    expect(serialize(value, { maxBytes: MAX_BYTES })).toBe('{"a":1}');
  });

  it("renders what was made after another object, and what has a member named constructor", () => {
    const inherited = {
      get broken(): never {
        throw new RangeError("read");
      },
    };
    for (const before of [{ inherited: 1 }, inherited, { inherited: new Date(0) }]) {
      const made = Object.assign(Object.create(before), { a: 1 });
      expect(serialize(made, { maxBytes: MAX_BYTES })).toBe('{"a":1}');
    }
    expect(
      serialize({ constructor: "a", b: [{ constructor: null }] }, { maxBytes: MAX_BYTES }),
    ).toBe('{"constructor":"a","b":[{"constructor":null}]}');
  });

  it.each([
    ["a list", [1].values()],
    ["a map", new Map([[1, 2]]).entries()],
    ["a search", "a".matchAll(/a/g)],
  ])("names the iterator of %s, which has nothing of its own to show", (_, iterator) => {
    expect(serialize(iterator, { maxBytes: MAX_BYTES })).toMatch(/^"\[.*Iterator\]"$/);
  });

  it("repeats an object that is shared but no cycle", () => {
    const shared = { n: 1 };
    expect(described({ a: shared, b: shared })).toEqual({ a: { n: 1 }, b: { n: 1 } });
  });

  it("is a snapshot: what changes afterwards does not show", () => {
    const message = { role: "user", content: "first" };
    const messages: unknown[] = [message];
    const text = serialize(messages, { maxBytes: MAX_BYTES });
    message.content = "second";
    messages.push({ role: "assistant" });
    expect(text).toBe('[{"role":"user","content":"first"}]');
  });
});

describe("serialize: what JSON has no word for", () => {
  it("names numbers that are not finite", () => {
    expect(described([Number.NaN, Number.POSITIVE_INFINITY, -1 / 0])).toEqual([
      "NaN",
      "Infinity",
      "-Infinity",
    ]);
  });

  it("writes a BigInt as its digits", () => {
    expect(described({ n: 2n ** 70n })).toEqual({ n: "1180591620717411303424" });
  });

  it("marks functions and symbols", () => {
    expect(described([function named() {}, () => {}, Symbol("token"), Symbol.iterator])).toEqual([
      "[function named]",
      "[function anonymous]",
      "[Symbol(token)]",
      "[Symbol(Symbol.iterator)]",
    ]);
  });

  it("writes dates in ISO form, and marks an invalid one", () => {
    expect(described([new Date(0), new Date(Number.NaN)])).toEqual([
      "1970-01-01T00:00:00.000Z",
      "[invalid date]",
    ]);
  });

  it("writes regular expressions, URLs, search parameters and headers as what they say", () => {
    const url = new URL("https://example.org/a?b=c");
    expect(
      described({ re: /a+b/gi, url, params: url.searchParams, headers: new Headers({ A: "1" }) }),
    ).toEqual({
      re: "/a+b/gi",
      url: "https://example.org/a?b=c",
      params: "b=c",
      headers: { a: "1" },
    });
  });

  it("writes of requests and responses the method, status and address", () => {
    expect(
      described([new Request("https://example.org/x", { method: "POST" }), new Response("body")]),
    ).toEqual([
      { method: "POST", url: "https://example.org/x" },
      { status: 200, url: "" },
    ]);
  });

  it("writes a map with string keys as an object, any other as entries", () => {
    expect(described(new Map([["a", 1]]))).toEqual({ a: 1 });
    expect(described(new Map<unknown, unknown>([[{ k: 1 }, "v"]]))).toEqual([[{ k: 1 }, "v"]]);
  });

  it("writes a set as an array", () => {
    expect(described(new Set([1, "two"]))).toEqual([1, "two"]);
  });

  it("gives kind and size of binary data, not its content", () => {
    expect(
      described([new Uint8Array(12), Buffer.alloc(3), new ArrayBuffer(7), new Float64Array(2)]),
    ).toEqual([
      "[Uint8Array: 12 bytes]",
      "[Buffer: 3 bytes]",
      "[ArrayBuffer: 7 bytes]",
      "[Float64Array: 16 bytes]",
    ]);
  });

  it("marks promises and unwraps boxed primitives", () => {
    expect(described([Promise.resolve(1), Object(5), Object("x")])).toEqual(["[Promise]", 5, "x"]);
  });

  it("names the class of an instance beside its members", () => {
    class Point {
      x = 1;
      #hidden = 2;
      get sum(): number {
        return this.x + this.#hidden;
      }
    }
    expect(described(new Point())).toEqual({ "[class]": "Point", x: 1 });
  });

  it("lets toJSON speak, also when it gives no JSON value", () => {
    expect(described({ a: { toJSON: () => ({ b: 1 }) } })).toEqual({ a: { b: 1 } });
    expect(described([{ toJSON: () => 1n }])).toEqual(["1"]);
    expect(described([{ toJSON: () => undefined }])).toEqual([null]);
  });

  it("keeps a key named __proto__ as an ordinary key", () => {
    const text = serialize(JSON.parse('{"__proto__":{"a":1},"n":null}'), { maxBytes: MAX_BYTES });
    expect(text).toBe('{"__proto__":{"a":1},"n":null}');
    const viaDescription = serialize([JSON.parse('{"__proto__":1}'), 1n], { maxBytes: MAX_BYTES });
    expect(viaDescription).toBe('[{"__proto__":1},"1"]');
  });
});

describe("serialize: errors", () => {
  it("gives name, message, stack, cause and own members", () => {
    const cause = new TypeError("inner");
    const error = Object.assign(new Error("outer", { cause }), { code: "E_OUTER" });
    expect(described(error)).toEqual({
      name: "Error",
      message: "outer",
      stack: error.stack,
      cause: { name: "TypeError", message: "inner", stack: cause.stack },
      code: "E_OUTER",
    });
  });

  it("gives the errors inside an AggregateError", () => {
    const error = new AggregateError([new Error("one"), "two"], "both");
    expect(described(error)).toMatchObject({
      name: "AggregateError",
      message: "both",
      errors: [{ name: "Error", message: "one" }, "two"],
    });
  });

  it("ends at an error that causes itself", () => {
    const error = new Error("loop");
    error.cause = error;
    expect(described(error)).toMatchObject({ message: "loop", cause: "[circular]" });
  });

  it("survives an error whose every member throws", () => {
    const refuse = (): never => {
      throw new Error("no");
    };
    const error = new Error("x");
    for (const key of ["stack", "cause", "message", "name"]) {
      Object.defineProperty(error, key, { get: refuse, enumerable: true });
    }
    expect(described(error)).toMatchObject({ name: "Error", message: "" });
  });
});

describe("serialize: hostile values", () => {
  it("marks a cycle where it closes", () => {
    const value: { name: string; self?: unknown; list?: unknown[] } = { name: "a" };
    value.self = value;
    value.list = [value];
    expect(described(value)).toEqual({ name: "a", self: "[circular]", list: ["[circular]"] });
  });

  it("marks a getter that throws and keeps the members around it", () => {
    const value = {
      before: 1,
      get bad(): never {
        throw new RangeError("x");
      },
      after: 2,
    };
    expect(described(value)).toEqual({
      before: 1,
      bad: "[getter threw: RangeError]",
      after: 2,
    });
  });

  it("marks an object whose toJSON throws", () => {
    const value = {
      toJSON() {
        throw new TypeError("x");
      },
    };
    expect(described([value])).toEqual(["[unreadable: TypeError]"]);
  });

  it("marks a revoked proxy, alone and inside data", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(described(proxy)).toBe("[unreadable: TypeError]");
    expect(described({ a: 1, proxy })).toEqual({ a: 1, proxy: "[unreadable: TypeError]" });
  });

  it.each([undefined, null, 1n, () => 1, Symbol("s")])(
    "takes a proxy that answers every question with a function returning %s",
    (answer) => {
      const proxy: unknown = new Proxy({}, { get: () => () => answer });
      expect(() => serialize(proxy, { maxBytes: MAX_BYTES })).not.toThrow();
      expect(typeof serialize(proxy, { maxBytes: MAX_BYTES })).toBe("string");
      expect(typeof serialize({ nested: [proxy] }, { maxBytes: MAX_BYTES })).toBe("string");
    },
  );

  it("takes an object that grows a toJSON between two looks", () => {
    let looks = 0;
    const proxy: unknown = new Proxy(
      {},
      {
        get: (_, key) => {
          if (key !== "toJSON") return undefined;
          looks += 1;
          return looks > 1 ? () => undefined : undefined;
        },
      },
    );
    expect(typeof serialize(proxy, { maxBytes: MAX_BYTES })).toBe("string");
  });

  it("takes a getter that gives something else each time", () => {
    let looks = 0;
    const value = {
      get changing(): unknown {
        looks += 1;
        return looks === 1 ? "text" : 1n;
      },
    };
    expect(described(value)).toEqual({ changing: "1" });
  });

  it("ends at a toJSON that returns a fresh object with a toJSON for ever", () => {
    const endless = (): unknown => ({ toJSON: endless });
    expect(described(endless())).toBe("[too deep]");
  });

  it("cuts nesting of 20,000 levels with a mark", () => {
    let value: unknown = "bottom";
    for (let level = 0; level < 20_000; level += 1) value = level % 2 === 0 ? [value] : { value };
    const text = serialize(value, { maxBytes: MAX_BYTES });
    expect(text).toContain("[too deep]");
    expect(() => JSON.parse(text ?? "")).not.toThrow();
  });

  it("says how many of very many items are left out", () => {
    const list = described(new Array(50_000).fill(1n), 1_048_576);
    expect(list).toHaveLength(10_001);
    expect((list as unknown[])[10_000]).toBe("[cut: 40000 more]");
  });

  it("bounds the work on a wide graph that shares its branches", () => {
    let node: unknown = { leaf: 1n };
    for (let level = 0; level < 30; level += 1) node = [node, node, node];
    const text = serialize(node, { maxBytes: MAX_BYTES });
    expect(Buffer.byteLength(text ?? "")).toBeLessThanOrEqual(MAX_BYTES);
  });

  it("describes a class instance where the globals of fetch are missing", () => {
    const { Headers, Request, Response } = globalThis;
    const missing: Partial<typeof globalThis> = globalThis;
    delete missing.Headers;
    delete missing.Request;
    delete missing.Response;
    try {
      class Point {
        x = 1;
      }
      expect(described(new Point())).toEqual({ "[class]": "Point", x: 1 });
    } finally {
      Object.assign(globalThis, { Headers, Request, Response });
    }
  });
});

describe("serialize: the bound in bytes", () => {
  it("cuts a text with a mark that counts the bytes left out", () => {
    const text = serialize("x".repeat(3_000), { maxBytes: 1_024 });
    const [, kept, missing] = /^(x+)\.\.\.\[cut: (\d+) bytes\]$/.exec(text ?? "") ?? [];
    expect(text).toHaveLength(1_024);
    expect((kept?.length ?? 0) + Number(missing)).toBe(3_000);
  });

  it("does not cut a text of exactly the bound", () => {
    const text = "é".repeat(512);
    expect(serialize(text, { maxBytes: 1_024 })).toBe(text);
    expect(serialize(`${text}x`, { maxBytes: 1_024 })).not.toBe(`${text}x`);
  });

  it("never cuts a character in two", () => {
    const text = serialize("🎭".repeat(1_000), { maxBytes: 1_024 }) ?? "";
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_024);
    expect(text).toMatch(/^(🎭)+\.\.\.\[cut: \d+ bytes\]$/u);
  });

  it("counts a lone surrogate as the three bytes it takes", () => {
    const text = serialize("\ud800".repeat(2_000), { maxBytes: 1_024 }) ?? "";
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_024);
  });

  it("cuts one huge text inside an object where it stands, so that the rest stays JSON", () => {
    const value = described({ id: 7, prompt: "line\n".repeat(1_000_000) }, 65_536);
    expect(value).toMatchObject({ id: 7 });
    const { prompt } = value as { prompt: string }; // toMatchObject above: an object
    const missing = Number(/\.\.\.\[cut: (\d+) bytes\]$/.exec(prompt)?.[1]);
    expect(missing).toBeGreaterThan(4_900_000);
    expect(prompt.length).toBeGreaterThan(50_000);
  });

  it("renders errors with huge messages within the bound", () => {
    const errors = Array.from({ length: 2_000 }, () => {
      const error = new Error("m".repeat(1_000_000));
      error.stack = "";
      return error;
    });
    const text = serialize(errors, { maxBytes: MAX_BYTES }) ?? "";
    expect(text).toMatch(/^\[\{"name":"Error","message":"mmm/);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_BYTES);
  });
});
