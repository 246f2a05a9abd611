import { describe, expect, it } from "vitest";
import { useTraced } from "../support/traced";

const traced = useTraced();
const io = (name: string): [unknown, unknown] => {
  const { attributes } = traced.sink.span(name);
  return [attributes["langfuse.observation.input"], attributes["langfuse.observation.output"]];
};

describe("the wrapper", () => {
  it("keeps name, length, this and result of the function", () => {
    const service = {
      prefix: ">",
      answer: traced.client.observe(function answer(this: { prefix: string }, text: string) {
        return this.prefix + text;
      }),
    };

    expect(service.answer("hi")).toBe(">hi");
    expect(service.answer.name).toBe("answer");
    expect(service.answer.length).toBe(1);
  });

  it("returns the very object that the function returned", () => {
    const result = { deep: {} };
    expect(traced.client.observe(() => result)()).toBe(result);
  });

  it("returns a proxy that throws whenever it is looked at", async () => {
    const refuse = (): never => {
      throw new Error("looked at");
    };
    const traps = ["get", "has", "ownKeys", "getPrototypeOf", "getOwnPropertyDescriptor"];
    const result = new Proxy({}, Object.fromEntries(traps.map((trap) => [trap, refuse])));
    const observed = traced.client.observe(function hostile() {
      return result;
    });
    expect(observed() === result).toBe(true);
    await traced.client.flush();
    expect(traced.sink.span("hostile").statusCode).not.toBe(2);
  });

  it("applies options given first to the function given second", async () => {
    traced.client.observe({ name: "lookup", asType: "retriever" })(() => ["doc"])();
    await traced.client.flush();

    expect(traced.sink.span("lookup").attributes["langfuse.observation.type"]).toBe("retriever");
  });

  it("refuses what is not a function and says what to pass", () => {
    // @ts-expect-error a result instead of a function
    expect(() => traced.client.observe(Promise.resolve())(1)).toThrow(/Pass the function itself/);
  });

  it("passes calls on untouched where tracing is disabled", async () => {
    const disabled = traced.createClient({ enabled: false });
    const failure = new Error("mine");

    expect(disabled.observe((a: number) => a + 1)(1)).toBe(2);
    expect(() =>
      disabled.observe(() => {
        throw failure;
      })(),
    ).toThrow(failure);
    expect(disabled.stats().offered).toBe(0);
  });
});

describe("input and output", () => {
  it("are one argument as itself, several by their names, none as nothing", async () => {
    const { observe } = traced.client;
    observe(function one(_a: object) {})({ q: "x" });
    observe(function two(query: string, limit: number) {
      return query.length + limit;
    })("q", 2);
    observe(function none() {
      return "text";
    })();
    await traced.client.flush();

    expect(io("one")).toEqual(['{"q":"x"}', undefined]);
    expect(io("two")).toEqual(['{"query":"q","limit":2}', "3"]);
    expect(io("none")).toEqual([undefined, "text"]);
  });

  it("are a list where the names of several arguments are not known", async () => {
    traced.client.observe(Math.max, { name: "native" })(1, 2);
    traced.client.observe(({ a }: { a: number }, b: string) => a + b, { name: "pattern" })(
      { a: 1 },
      "b",
    );
    traced.client.observe((...all: number[]) => all.length, { name: "rest only" })(1, 2);
    await traced.client.flush();

    expect(io("native")).toEqual(["[1,2]", "2"]);
    expect(io("pattern")[0]).toBe('[{"a":1},"b"]');
    expect(io("rest only")[0]).toBe("[1,2]");
  });

  it("keep what a rest parameter takes together, and no argument that was not given", async () => {
    const tag = (text: string, mode = "plain", ...tags: string[]) => [text, mode, ...tags];
    const observed = traced.client.observe(tag, { name: (_, mode) => `tag ${mode}` });
    observed("t", "some", "a", "b");
    observed("t", "none");
    await traced.client.flush();

    expect(io("tag some")[0]).toBe('{"text":"t","mode":"some","tags":["a","b"]}');
    expect(io("tag none")[0]).toBe('{"text":"t","mode":"none"}');
  });

  it("are only what the function can see of what a caller like map gives", async () => {
    const twice = (value: number) => value * 2;
    expect([3].map(traced.client.observe(twice))).toEqual([6]);
    function all(this: unknown, _first: number): number {
      // biome-ignore lint/complexity/noArguments: this is about them
      return arguments.length;
    }
    expect([4].map(traced.client.observe(all))).toEqual([3]);
    await traced.client.flush();

    expect(io("twice")).toEqual(["3", "6"]);
    expect(io("all")[0]).toBe("[4,0,[4]]");
  });

  it("have the names that were stated", async () => {
    const minified = (...t: unknown[]) => t.length;
    const options = { parameterNames: ["query", "...filters"] };
    traced.client.observe(minified, { ...options, name: "stated" })("q", "a", "b");
    await traced.client.flush();

    expect(io("stated")[0]).toBe('{"query":"q","filters":["a","b"]}');
  });

  it("are snapshots: what the caller changes later does not show", async () => {
    const messages = [{ role: "user", content: "before" }];
    const slow = traced.client.observe(async function slow(_messages: object[]) {
      await Promise.resolve();
      return messages;
    });
    const running = slow(messages);
    messages[0] = { role: "user", content: "after" };
    const output = await running;
    output.push({ role: "user", content: "later" });
    await traced.client.flush();

    expect(io("slow")[0]).toBe('[{"role":"user","content":"before"}]');
    expect(io("slow")[1]).toBe('[{"role":"user","content":"after"}]');
  });

  it("are left out on request, per call and for the whole client", async () => {
    traced.client.observe((secret: string) => secret, {
      name: "quiet",
      captureInput: false,
      captureOutput: false,
    })("secret");
    await traced.client.flush();
    const quietClient = traced.createClient({ captureInput: false, captureOutput: false });
    quietClient.observe((secret: string) => secret, { name: "quieter" })("secret");
    await quietClient.flush();

    expect(io("quiet")).toEqual([undefined, undefined]);
    expect(io("quieter")).toEqual([undefined, undefined]);
  });

  it("that no serialiser likes neither throw nor lose the span", async () => {
    const cyclic: Record<string, unknown> = { big: 1n };
    cyclic["self"] = cyclic;
    const hostile = new Proxy(
      {},
      {
        get() {
          throw new Error("no");
        },
        ownKeys() {
          throw new Error("no");
        },
      },
    );
    traced.client.observe(function survive(_a: unknown, _b: unknown) {
      return new Map([["key", new Set([1])]]);
    })(cyclic, hostile);
    await traced.client.flush();

    const [input, output] = io("survive");
    expect(input).toContain('"big":"1"');
    expect(input).toContain("[circular]");
    expect(output).toBe('{"key":[1]}');
  });
});

describe("errors", () => {
  it("thrown are recorded and rethrown as the same object", async () => {
    const failure = new TypeError("broken", { cause: new Error("root cause") });
    const fail = traced.client.observe(function fail() {
      throw failure;
    });
    expect(fail).toThrow(failure);
    await traced.client.flush();

    const span = traced.sink.span("fail");
    expect(span.attributes).toMatchObject({
      "langfuse.observation.level": "ERROR",
      "langfuse.observation.status_message": "broken",
    });
    expect(span.statusCode).toBe(2);
    const exception = Object.fromEntries(span.events[0]?.attributes ?? []);
    expect(exception["exception.type"]).toBe("TypeError");
    expect(exception["exception.stacktrace"]).toMatch(/broken[\s\S]+Caused by: Error: root cause/);
  });

  it("of a promise reject with the same object", async () => {
    const failure = new Error("later");
    const fail = traced.client.observe(async function failLater() {
      await Promise.resolve();
      throw failure;
    });
    await expect(fail()).rejects.toBe(failure);
    await traced.client.flush();

    expect(traced.sink.span("failLater").statusMessage).toBe("later");
  });

  it("that are not Error objects are recorded as they are", async () => {
    const fail = traced.client.observe(function failOddly() {
      throw { code: 42 };
    });
    expect(fail).toThrow(expect.objectContaining({ code: 42 }));
    await traced.client.flush();

    expect(traced.sink.span("failOddly").statusMessage).toBe('{"code":42}');
  });
});

describe("promises and thenables", () => {
  it("end the observation when they settle, with the settled value as output", async () => {
    let resolve: (value: string) => void = () => {};
    const promise = new Promise<string>((settle) => {
      resolve = settle;
    });
    const waiting = traced.client.observe(function wait() {
      return promise;
    })();
    expect(traced.client.stats().offered).toBe(0);
    resolve("done");

    expect(await waiting).toBe("done");
    await traced.client.flush();
    expect(io("wait")[1]).toBe("done");
  });

  it("that are lazy run once, and only when the caller awaits them", async () => {
    let runs = 0;
    class Query {
      // biome-ignore lint/suspicious/noThenProperty: query builders are like this
      then(onFulfilled: (rows: string[]) => unknown): unknown {
        runs += 1;
        traced.client.startSpan("inside query").end();
        return Promise.resolve(["row"]).then(onFulfilled);
      }

      where(): this {
        return this;
      }
    }
    const query = traced.client.observe(function select() {
      return new Query();
    })();
    expect(query).toBeInstanceOf(Query);
    expect(query.where()).toBe(query);
    expect([runs, traced.client.stats().offered]).toEqual([0, 0]);

    expect(await query).toEqual(["row"]);
    expect(runs).toBe(1);
    await traced.client.flush();
    expect(io("select")[1]).toBe('["row"]');
    expect(traced.sink.span("inside query").parentSpanId).toBe(traced.sink.span("select").spanId);
  });

  it("of a promise subclass stay the same object with its own methods", async () => {
    class ApiPromise<T> extends Promise<T> {
      withResponse(): string {
        return "response";
      }
    }
    const original = new ApiPromise<string>((resolve) => resolve("parsed"));
    const returned = traced.client.observe(function call() {
      return original;
    })();

    expect(returned).toBe(original);
    expect(returned.withResponse()).toBe("response");
    expect(await returned).toBe("parsed");
    await traced.client.flush();
    expect(io("call")[1]).toBe("parsed");
  });

  it("with members of their own stay the same object", async () => {
    const original = Object.assign(Promise.resolve("exit 0"), { pid: 7 });
    const returned = traced.client.observe(function spawn() {
      return original;
    })();

    expect(returned).toBe(original);
    await returned;
    await traced.client.flush();
    expect(io("spawn")[1]).toBe("exit 0");
  });

  it("that nobody handles are still reported as unhandled", async () => {
    const failure = new Error("nobody catches this");
    const unhandled = new Promise((resolve) => {
      const listeners = process.listeners("unhandledRejection");
      process.removeAllListeners("unhandledRejection");
      process.once("unhandledRejection", (error) => {
        for (const listener of listeners) process.on("unhandledRejection", listener);
        resolve(error);
      });
    });
    void traced.client.observe(async () => {
      throw failure;
    })();

    expect(await unhandled).toBe(failure);
  });

  it("keep the caller's context in callbacks", async () => {
    const seen: (string | undefined)[] = [];
    await traced.client.startAsCurrentSpan("caller", async (caller) => {
      const task = traced.client.observe(function task() {
        return Promise.resolve();
      });
      await task().then(() => seen.push(traced.client.getCurrentObservationId()));
      expect(seen).toEqual([caller.id]);
    });
  });
});
