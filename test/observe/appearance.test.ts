import { inspect, promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { useTraced } from "../support/traced";

const traced = useTraced();

describe("a wrapped function", () => {
  it("has the name, length, source text and prototype chain of the original", () => {
    const original = async function answer(question: string, limit: number): Promise<string> {
      return question + limit;
    };
    const wrapped = traced.client.observe(original);

    expect([wrapped.name, wrapped.length, String(wrapped)]).toEqual([
      "answer",
      2,
      String(original),
    ]);
    expect(wrapped.constructor.name).toBe("AsyncFunction");
    expect(wrapped).toBeInstanceOf(Function);
    expect(inspect(wrapped)).toContain("answer");
  });

  it("shares members with the original in both directions, by string or symbol", () => {
    const mark = Symbol("mark");
    const cache = new Map([["a", 1]]);
    const original = Object.assign((key: string) => original.cache.get(key), {
      cache,
      [mark]: 1,
      later: undefined as string | undefined,
    });
    const wrapped = traced.client.observe(original);

    expect(wrapped.cache).toBe(cache);
    expect(wrapped[mark]).toBe(1);
    wrapped.cache = new Map([["a", 2]]);
    expect(wrapped("a")).toBe(2);
    original.later = "set on the original";
    expect(wrapped.later).toBe("set on the original");
    expect(Object.keys(wrapped)).toEqual(["cache", "later"]);
    expect({ ...wrapped }).toEqual({ cache: wrapped.cache, later: original.later, [mark]: 1 });
  });

  it("finds members that the original gets later", () => {
    const original: { (): number; added?: string } = () => 1;
    const wrapped = traced.client.observe(original);
    original.added = "later";

    expect(wrapped.added).toBe("later");
  });

  it("runs getters and setters of the original on the original", () => {
    let received: unknown;
    const original = Object.defineProperty(() => 1, "self", {
      get(this: unknown) {
        return this;
      },
      set(this: unknown) {
        received = this;
      },
    }) as { (): number; self: unknown };
    const wrapped = traced.client.observe(original);

    expect(wrapped.self).toBe(original);
    wrapped.self = 1;
    expect(received).toBe(original);
  });

  it("refuses to write what the original refuses to write", () => {
    const original = Object.defineProperty(() => 1, "fixed", { value: 1 }) as {
      (): number;
      fixed: number;
    };
    const wrapped = traced.client.observe(original);

    expect(() => {
      wrapped.fixed = 2;
    }).toThrow(TypeError);
    expect(wrapped.fixed).toBe(1);
  });

  it("is promisified as the original asks for", async () => {
    const original = Object.assign((_done: (error: null, value: string) => void) => {}, {
      [promisify.custom]: async () => "custom",
    });

    expect(await promisify(traced.client.observe(original))()).toBe("custom");
  });

  it("keeps the length by which Express knows handlers of errors", () => {
    const handler = (_error: Error, _request: object, _response: object, _next: () => void) => {};
    expect(traced.client.observe(handler)).toHaveLength(4);
  });

  it("cannot be constructed, and has no prototype, where the original cannot and has none", () => {
    const wrapped = traced.client.observe(() => 1);

    expect("prototype" in wrapped).toBe(false);
    expect(() => Reflect.construct(wrapped, [])).toThrow(TypeError);
  });

  it("gives generators that are instances of it", () => {
    const original = function* count() {
      yield 1;
    };
    const wrapped = traced.client.observe(original);
    const generator = wrapped();

    expect(generator).toBeInstanceOf(wrapped);
    expect(generator).toBeInstanceOf(original);
    expect([...generator]).toEqual([1]);
  });

  it("calls the original although that has an apply and a call of its own", () => {
    const original = Object.assign((value: number) => value, {
      apply: () => "not this",
      call: () => "nor this",
    });
    expect(traced.client.observe(original)(1)).toBe(1);
  });

  it("passes this on to methods of objects, also of those that inherit them", () => {
    const service = {
      prefix: ">",
      answer: traced.client.observe(function answer(this: { prefix: string }, text: string) {
        return this.prefix + text;
      }),
    };
    const derived: typeof service = Object.assign(Object.create(service), { prefix: "#" });

    expect([service.answer("a"), derived.answer("b")]).toEqual([">a", "#b"]);
  });
});

describe("what can be wrapped", () => {
  it("includes a wrapped function: each wrapper is an observation with the arguments' names", async () => {
    const inner = traced.client.observe(function add(left: number, right: number) {
      return left + right;
    });
    const outer = traced.client.observe(inner, { name: "outer" });

    expect(outer(1, 2)).toBe(3);
    await traced.client.flush();
    const input = "langfuse.observation.input";
    expect(traced.sink.span("outer").attributes[input]).toBe('{"left":1,"right":2}');
    expect(traced.sink.span("add").attributes[input]).toBe('{"left":1,"right":2}');
    expect(traced.sink.span("add").parentSpanId).toBe(traced.sink.span("outer").spanId);
  });

  it("includes bound and native functions and proxies of functions", () => {
    const bound = function (this: { factor: number }, value: number) {
      return this.factor * value;
    }.bind({ factor: 3 });
    const proxy = new Proxy((value: number) => value, {
      apply: (target, receiver, args) => Reflect.apply(target, receiver, args) + 1,
    });

    expect(traced.client.observe(bound)(2)).toBe(6);
    expect(traced.client.observe(proxy)(2)).toBe(3);
    expect(traced.client.observe(Math.max)(1, 2)).toBe(2);
    expect(traced.client.observe(structuredClone)({ a: 1 })).toEqual({ a: 1 });
  });

  it("includes a proxy whose traps throw, and one that was revoked", () => {
    const refuse = (): never => {
      throw new Error("no");
    };
    const hostile = new Proxy(() => "works", {
      get: refuse,
      has: refuse,
      ownKeys: refuse,
      getOwnPropertyDescriptor: refuse,
      getPrototypeOf: refuse,
    });
    const { proxy: revoked, revoke } = Proxy.revocable(() => 1, {});
    revoke();

    expect(traced.client.observe(hostile)()).toBe("works");
    expect(traced.client.observe(revoked)).toThrow(TypeError);
  });

  it("includes functions whose name is fixed, missing or no text, and frozen ones", async () => {
    const fixed = Object.defineProperty(() => 1, "name", { value: "fixed", configurable: false });
    const nameless = () => 1;
    Reflect.deleteProperty(nameless, "name");
    const odd = Object.defineProperty(() => 1, "name", { value: { toString: null } });
    const frozen = Object.freeze(function frozen() {
      return 1;
    });
    for (const original of [fixed, nameless, odd, frozen]) traced.client.observe(original)();
    await traced.client.flush();

    expect(traced.client.observe(fixed).name).toBe("fixed");
    expect(traced.client.observe(nameless).name).toBe("");
    expect(traced.sink.spans().map(({ name }) => name)).toEqual([
      "fixed",
      "anonymous",
      "anonymous",
      "frozen",
    ]);
  });
});
