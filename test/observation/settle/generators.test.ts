import { describe, expect, it } from "vitest";
import { useTraced } from "../../support/traced";

const traced = useTraced();

const outputOf = (name: string): unknown =>
  traced.sink.span(name).attributes["langfuse.observation.output"];

describe("a step of a generator", () => {
  it("runs in the observation after awaits, in yield*, in finally, and when it is thrown into", async () => {
    const { client } = traced;
    const marks: (string | undefined)[] = [];
    const mark = (): number => marks.push(client.getCurrentObservation()?.name);
    async function* inner(): AsyncGenerator<string> {
      mark();
      yield "inner";
      await new Promise((resolve) => setImmediate(resolve));
      mark();
    }
    const outer = client.observe(async function* outer() {
      mark();
      yield* inner();
      try {
        yield "waiting";
      } catch {
        await Promise.resolve();
        mark();
      } finally {
        mark();
      }
    })();
    await outer.next();
    await outer.next();
    await outer.throw(new Error("caught inside"));

    expect(marks).toEqual(["outer", "outer", "outer", "outer", "outer"]);
    expect(client.getCurrentObservation()).toBeUndefined();
    await client.flush();
    expect(traced.sink.span("outer").statusMessage).toBe("");
  });

  it("of an observed generator within another nests, and each has its own output", async () => {
    const { client } = traced;
    const inner = client.observe(function* inner() {
      client.startSpan("within").end();
      yield "a";
      return "b";
    });
    const outer = client.observe(function* outer() {
      const last = yield* inner();
      yield last;
    });
    expect([...outer()]).toEqual(["a", "b"]);
    await client.flush();

    expect([outputOf("inner"), outputOf("outer")]).toEqual(["a", "ab"]);
    expect(traced.sink.span("inner").parentSpanId).toBe(traced.sink.span("outer").spanId);
    expect(traced.sink.span("within").parentSpanId).toBe(traced.sink.span("inner").spanId);
  });

  it("sends values in, and several asked for at once are answered in order", async () => {
    const adder = traced.client.observe(async function* adder(): AsyncGenerator<
      number,
      string,
      number
    > {
      let sum = 0;
      while (sum < 6) sum += yield sum;
      return `sum ${sum}`;
    })();
    const steps = await Promise.all([adder.next(), adder.next(2), adder.next(4), adder.next(9)]);

    expect(steps).toEqual([
      { value: 0, done: false },
      { value: 2, done: false },
      { value: "sum 6", done: true },
      { value: undefined, done: true },
    ]);
    await traced.client.flush();
    expect(outputOf("adder")).toBe("[0,2]");
  });
});

describe("a generator that is left", () => {
  const letters = function* letters(): Generator<string> {
    yield "a";
    yield "b";
    yield "c";
  };
  const asyncLetters = async function* asyncLetters(): AsyncGenerator<string> {
    yield* letters();
  };

  it.each<[string, () => unknown, string]>([
    [
      "by break in a loop",
      () => {
        for (const letter of traced.client.observe(letters, { name: "left" })()) {
          if (letter === "b") break;
        }
      },
      "ab",
    ],
    [
      "by break in an awaiting loop",
      async () => {
        for await (const letter of traced.client.observe(asyncLetters, { name: "left" })()) {
          if (letter === "b") break;
        }
      },
      "ab",
    ],
    [
      "by destructuring its first value",
      () => {
        const [first] = traced.client.observe(letters, { name: "left" })();
        return first;
      },
      "a",
    ],
    [
      "by return",
      () => {
        const made = traced.client.observe(letters, { name: "left" })();
        made.next();
        expect(made.return("given")).toEqual({ value: "given", done: true });
      },
      "a",
    ],
  ])("%s ends its observation with what came", async (_way, leave, output) => {
    await leave();
    expect(traced.client.stats().offered).toBe(1);
    await traced.client.flush();
    expect(outputOf("left")).toBe(output);
    expect(traced.sink.span("left").attributes["langfuse.observation.level"]).toBeUndefined();
  });

  it("before it was started ends without output", async () => {
    const made = traced.client.observe(letters, { name: "unstarted" })();
    expect(made.return("x")).toEqual({ value: "x", done: true });
    await traced.client.flush();
    expect(outputOf("unstarted")).toBeUndefined();
  });

  it("goes on where it refuses to return", async () => {
    const stubborn = traced.client.observe(function* stubborn() {
      try {
        yield "a";
      } finally {
        yield "still here";
      }
    })();
    stubborn.next();
    expect(stubborn.return(undefined)).toEqual({ value: "still here", done: false });
    expect(traced.client.stats().offered).toBe(0);
    expect(stubborn.next()).toEqual({ value: undefined, done: true });
    await traced.client.flush();
    expect(outputOf("stubborn")).toBe("astill here");
  });

  it("by an error thrown into it records that error", async () => {
    const failure = new TypeError("from outside");
    const made = traced.client.observe(letters, { name: "thrown" })();
    made.next();
    expect(() => made.throw(failure)).toThrow(failure);
    await traced.client.flush();
    expect(traced.sink.span("thrown").statusMessage).toBe("from outside");
    expect(outputOf("thrown")).toBe("a");
  });
});

describe("a generator that is observed", () => {
  it("keeps its prototype, its tag, its own members and its enumerable keys", () => {
    function* source(): Generator<number> {
      yield 1;
    }
    source.prototype.describe = () => "mine";
    const plain = source();
    const observed = traced.client.observe(source)();

    expect(observed).toBeInstanceOf(source);
    expect(Object.getPrototypeOf(observed)).toBe(source.prototype);
    expect(Object.prototype.toString.call(observed)).toBe("[object Generator]");
    expect((observed as unknown as { describe(): string }).describe()).toBe("mine");
    expect(Object.keys(observed)).toEqual(Object.keys(plain));
    expect(observed[Symbol.iterator]()).toBe(observed);
  });

  it("works with iterator helpers, where the runtime has them, and with yield* and spread", async () => {
    const count = traced.client.observe(
      function* () {
        yield 1;
        yield 2;
        yield 3;
      },
      { name: "counted" },
    );
    const made = count() as Generator<number> & {
      map?(change: (value: number) => number): Iterable<number>;
    };
    const doubled = made.map?.((value) => value * 2) ?? Array.from(made, (value) => value * 2);
    expect([...doubled]).toEqual([2, 4, 6]);
    await traced.client.flush();
    expect(outputOf("counted")).toBe("[1,2,3]");
  });

  it("that returns one object over and over does not grow with each call", () => {
    const shared = {
      async *[Symbol.asyncIterator]() {
        yield 1;
      },
    };
    const getShared = traced.client.observe(() => shared);
    for (let call = 0; call < 20_000; call += 1) getShared();
    expect(() => shared[Symbol.asyncIterator]()).not.toThrow();
    expect(traced.client.stats().offered).toBe(20_000 - 16);
  });

  it("that is frozen is handed on as it is, and ends at once", () => {
    const frozen = Object.freeze(
      (function* () {
        yield 1;
      })(),
    );
    expect([...traced.client.observe(() => frozen)()]).toEqual([1]);
    expect(traced.client.stats().offered).toBe(1);
  });

  it("with an iterator whose answers are no promises is handed on as it is", async () => {
    const steps = [{ done: false, value: "x" }, "no answer at all"];
    const odd = {
      next: () => steps.shift(),
      [Symbol.asyncIterator]() {
        return this;
      },
    };
    const observed = traced.client.observe(() => odd, { name: "odd" })();
    expect(observed.next()).toEqual({ done: false, value: "x" });
    expect(observed.next()).toBe("no answer at all");
  });
});
