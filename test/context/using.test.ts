import { describe, expect, it } from "vitest";
import { useTraced } from "../support/traced";

const traced = useTraced();

/** Name of each span's parent; "" for a root. */
async function parents(): Promise<Record<string, string>> {
  await traced.client.flush();
  const spans = traced.sink.spans();
  const names = new Map(spans.map(({ spanId, name }) => [spanId, name]));
  return Object.fromEntries(
    spans.map(({ name, parentSpanId }) => [name, names.get(parentSpanId) ?? parentSpanId]),
  );
}

const current = (): string | undefined => traced.client.getCurrentObservation()?.name;
const mark = (name: string): void => traced.client.startSpan(name).end();

describe("using", () => {
  it("makes the observation current in its block, nested, and what was current again after it", async () => {
    const { client } = traced;
    {
      using _outer = client.startAsCurrentSpan("outer");
      mark("first");
      {
        using _inner = client.startAsCurrentGeneration("inner");
        mark("second");
      }
      mark("third");
    }
    expect(current()).toBeUndefined();

    expect(await parents()).toEqual({
      outer: "",
      first: "outer",
      inner: "outer",
      second: "inner",
      third: "outer",
    });
    expect(traced.logger.lines).toEqual([]);
  });

  it("in a loop gives each round a sibling, with and without waiting, and where rounds end early", async () => {
    const { client } = traced;
    await client.startAsCurrentSpan("root", async () => {
      for (const round of [1, 2, 3, 4]) {
        using _ = client.startAsCurrentSpan(`round ${round}`);
        if (round === 2) continue;
        if (round === 3) await Promise.resolve();
        if (round === 4) break;
        mark(`in ${round}`);
      }
      expect(current()).toBe("root");
    });

    expect(await parents()).toEqual({
      root: "",
      "round 1": "root",
      "round 2": "root",
      "round 3": "root",
      "round 4": "root",
      "in 1": "round 1",
      "in 3": "round 3",
    });
  });

  it("restores the context when its block throws, and recordError in a catch marks the span", async () => {
    const { client } = traced;
    const failure = new Error("no");
    const work = (): void => {
      using span = client.startAsCurrentSpan("failing");
      try {
        throw failure;
      } catch (error) {
        span.recordError(error);
        throw error;
      }
    };
    expect(() => client.startAsCurrentSpan("root", work)).toThrow(failure);
    expect(current()).toBeUndefined();
    await client.flush();

    const { attributes } = traced.sink.span("failing");
    expect(attributes["langfuse.observation.status_message"]).toBe("no");
  });

  it("takes what helpers start, and gives its span to helpers it calls", async () => {
    const { client } = traced;
    const begin = (name: string) => client.startAsCurrentSpan(name);
    const work = (): void => {
      using _one = begin("one");
      using _two = begin("two");
      mark("leaf");
      [1].map(() => mark("from a callback"));
    };
    work();

    expect(await parents()).toEqual({
      one: "",
      two: "one",
      leaf: "two",
      "from a callback": "two",
    });
  });

  it("nests in a function that calls itself", async () => {
    const { client } = traced;
    const descend = (depth: number): void => {
      using _ = client.startAsCurrentSpan(`depth ${depth}`);
      if (depth < 3) descend(depth + 1);
      mark(`leaf ${depth}`);
    };
    descend(1);

    expect(await parents()).toEqual({
      "depth 1": "",
      "depth 2": "depth 1",
      "depth 3": "depth 2",
      "leaf 3": "depth 3",
      "leaf 2": "depth 2",
      "leaf 1": "depth 1",
    });
  });

  it("reaches timers, ticks, microtasks and emitters started in its block", async () => {
    const { client } = traced;
    const seen: (string | undefined)[] = [];
    const note = (): void => void seen.push(current());
    let waiting: Promise<unknown>[] = [];
    {
      using _ = client.startAsCurrentSpan("block");
      waiting = [
        new Promise<void>((resolve) => process.nextTick(() => resolve(note()))),
        new Promise<void>((resolve) => queueMicrotask(() => resolve(note()))),
        new Promise<void>((resolve) => setImmediate(() => resolve(note()))),
        Promise.resolve().then(note),
      ];
      await Promise.all(waiting);
    }
    expect(seen).toEqual(["block", "block", "block", "block"]);
  });
});

describe("using in functions that run at the same time", () => {
  const siblings = { root: "", a: "root", b: "root", "in a": "a", "in b": "b" };

  it("before their first await makes siblings", async () => {
    const { client } = traced;
    const step = async (name: string): Promise<void> => {
      using _ = client.startAsCurrentSpan(name);
      await Promise.resolve();
      mark(`in ${name}`);
    };
    await client.startAsCurrentSpan("root", () => Promise.all([step("a"), step("b")]));

    expect(await parents()).toEqual(siblings);
    expect(traced.logger.lines).toEqual([]);
  });

  it("after an await makes siblings", async () => {
    const { client } = traced;
    const step = async (name: string): Promise<void> => {
      await Promise.resolve();
      using _ = client.startAsCurrentSpan(name);
      await Promise.resolve();
      mark(`in ${name}`);
    };
    await client.startAsCurrentSpan("root", () => Promise.all([step("a"), step("b")]));

    expect(await parents()).toEqual(siblings);
  });

  it("makes siblings in a map, in a loop, and where the later ends first", async () => {
    const { client } = traced;
    const step = async (name: string, rounds: number): Promise<void> => {
      using _ = client.startAsCurrentSpan(name);
      for (let round = 0; round < rounds; round += 1) await Promise.resolve();
      mark(`in ${name}`);
    };
    await client.startAsCurrentSpan("root", async () => {
      await Promise.all([1, 2, 3].map((index) => step(`map ${index}`, 10 - index)));
      const running: Promise<void>[] = [];
      for (const index of [1, 2, 3]) running.push(step(`loop ${index}`, index));
      await Promise.all(running);
      expect(current()).toBe("root");
    });

    const found = await parents();
    const names = [1, 2, 3].flatMap((index) => [`map ${index}`, `loop ${index}`]);
    expect(found).toEqual({
      root: "",
      ...Object.fromEntries(names.map((name) => [name, "root"])),
      ...Object.fromEntries(names.map((name) => [`in ${name}`, name])),
    });
    expect(traced.logger.lines).toEqual([]);
  });

  it("makes siblings of different functions, and roots of traces of their own outside of any", async () => {
    const { client } = traced;
    const search = async (): Promise<void> => {
      using _ = client.startAsCurrentSpan("search");
      await Promise.resolve();
      mark("hit");
    };
    const plan = async (): Promise<void> => {
      await using _ = client.startAsCurrentSpan("plan");
      mark("early");
      await Promise.resolve();
      mark("late");
    };
    await Promise.all([search(), plan(), search()]);
    await client.flush();

    const spans = traced.sink.spans();
    expect(spans.filter(({ parentSpanId }) => parentSpanId === "").map(({ name }) => name)).toEqual(
      expect.arrayContaining(["search", "search", "plan"]),
    );
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(3);
    expect(await parents()).toMatchObject({ hit: "search", early: "plan", late: "plan" });
  });

  it("makes siblings through a shared helper, also inside a call of that helper", async () => {
    const { client } = traced;
    const inSpan = async (name: string, work: () => unknown): Promise<void> => {
      using _ = client.startAsCurrentSpan(name);
      await work();
      mark(`end of ${name}`);
    };
    await inSpan("root", () =>
      Promise.all([inSpan("a", () => mark("in a")), inSpan("b", async () => mark("in b"))]),
    );

    expect(await parents()).toEqual({
      ...siblings,
      "end of root": "root",
      "end of a": "a",
      "end of b": "b",
    });
  });

  it("leaves the caller what it had while the function waits, and its spans to who is called", async () => {
    const { client } = traced;
    const called = async (): Promise<void> => {
      using _ = client.startAsCurrentSpan("called");
      await Promise.resolve();
      mark("in called");
    };
    await client.startAsCurrentSpan("root", async () => {
      using _block = client.startAsCurrentSpan("block");
      const running = called();
      expect(current()).toBe("block");
      mark("beside");
      client.startAsCurrentSpan("with work", () => mark("in work"));
      await running;
      mark("after");
    });

    expect(await parents()).toEqual({
      root: "",
      block: "root",
      called: "block",
      "in called": "called",
      beside: "block",
      "with work": "block",
      "in work": "with work",
      after: "block",
    });
    expect(traced.logger.lines).toEqual([]);
  });

  it("stays apart by bindContext where the caller goes on after an await of its own", async () => {
    const { client } = traced;
    let finish = (): void => {};
    const called = client.bindContext(async () => {
      using _ = client.startAsCurrentSpan("called");
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
    });
    const running = called();
    await Promise.resolve();
    expect(current()).toBeUndefined();
    finish();
    await running;
  });
});

describe("using in generators", () => {
  it("is current in the body, not for the loop that reads it before its first await", async () => {
    const { client } = traced;
    function* parts(name: string): Generator<number> {
      using _ = client.startAsCurrentSpan(name);
      yield 1;
      mark(`second step of ${name}`);
      yield 2;
    }
    client.startAsCurrentSpan("root", () => {
      for (const part of parts("looped")) mark(`loop ${part}`);
      const [one, other] = [parts("one"), parts("other")];
      one.next();
      other.next();
      one.next();
      other.next();
      one.return(undefined);
      other.return(undefined);
      expect(current()).toBe("root");
    });

    expect(await parents()).toMatchObject({
      looped: "root",
      "loop 1": "root",
      "loop 2": "root",
      "second step of looped": "looped",
      one: "root",
      other: "root",
    });
  });

  it("ends with a generator that is left early, and with an async one", async () => {
    const { client } = traced;
    async function* parts(): AsyncGenerator<number> {
      await using _ = client.startAsCurrentSpan("async parts");
      yield 1;
      mark("second step");
      yield 2;
    }
    await client.startAsCurrentSpan("root", async () => {
      for await (const part of parts()) if (part === 2) break;
      expect(current()).toBe("root");
    });

    expect(await parents()).toMatchObject({ "async parts": "root", "second step": "async parts" });
  });
});

describe("await using", () => {
  it("ends and leaves as using does, before what follows its block, and waits for no delivery", async () => {
    const { client } = traced;
    {
      await using _ = client.startAsCurrentSpan("outer");
      {
        await using _inner = client.startAsCurrentSpan("inner");
        await Promise.resolve();
      }
      expect(current()).toBe("outer");
    }
    expect(current()).toBeUndefined();
    expect(traced.sink.requests).toEqual([]);
    expect(client.stats()).toMatchObject({ offered: 2 });
    expect(await parents()).toEqual({ outer: "", inner: "outer" });
  });

  it("and using only end an observation that was not made current", async () => {
    const { client } = traced;
    {
      using _ = client.startSpan("manual");
      await using _other = client.startGeneration("other");
      expect(current()).toBeUndefined();
    }
    expect(client.stats().offered).toBe(2);
  });

  it("and using do nothing where tracing is disabled", async () => {
    const client = traced.createClient({ enabled: false });
    {
      using span = client.startAsCurrentSpan("off");
      await using other = span.startAsCurrentGeneration("off, too");
      expect(other.isRecording).toBe(false);
    }
    expect(client.stats().offered).toBe(0);
  });
});

describe("disposal out of order", () => {
  it("warns once with what to do, keeps the inner one current, then what was before both", async () => {
    const { client } = traced;
    client.startAsCurrentSpan("root", () => {
      for (const round of [1, 2]) {
        const outer = client.startAsCurrentSpan(`outer ${round}`);
        const inner = client.startAsCurrentSpan(`inner ${round}`);
        outer[Symbol.dispose]();
        expect(current()).toBe(`inner ${round}`);
        mark(`within ${round}`);
        inner[Symbol.dispose]();
        expect(current()).toBe("root");
      }
    });

    expect(await parents()).toMatchObject({ "inner 1": "outer 1", "within 1": "inner 1" });
    expect(traced.logger.lines).toEqual([
      "[playhead] An observation that was made current without a function was disposed of before one that was made current inside it. Dispose of the inner one first, as `using` does; where functions run at the same time, give startAsCurrentSpan() a function.",
    ]);
  });

  it("twice, or of one that has ended, changes nothing more", async () => {
    const { client } = traced;
    const outer = client.startAsCurrentSpan("outer");
    const inner = client.startAsCurrentSpan("inner");
    inner.end();
    inner[Symbol.dispose]();
    inner[Symbol.dispose]();
    await inner[Symbol.asyncDispose]();
    expect(current()).toBe("outer");
    outer[Symbol.dispose]();
    expect(current()).toBeUndefined();
    expect(client.stats().offered).toBe(2);
    expect(traced.logger.lines).toEqual([]);
  });

  it("of three, in every order, never leaves one current that has been disposed of", () => {
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ];
    for (const order of orders) {
      const open = ["x", "y", "z"].map((name) => traced.client.startAsCurrentSpan(name));
      const left = new Set(open);
      for (const index of order) {
        const span = open[index];
        span?.[Symbol.dispose]();
        if (span !== undefined) left.delete(span);
        expect(traced.client.getCurrentObservation()).toBe([...left].at(-1));
      }
    }
  });
});
