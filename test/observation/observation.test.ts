import { describe, expect, it } from "vitest";
import { OBSERVATION_TYPES } from "../../src/attributes/observation-types";
import type { ObservationFields } from "../../src/observation/types";
import { useTraced } from "../support/traced";

const traced = useTraced();
const attributesOf = (name: string) => traced.sink.span(name).attributes;

describe("an observation", () => {
  it("carries every field under its key of the contract", async () => {
    const generation = traced.client.startGeneration({
      name: "answer",
      input: [{ role: "user", content: "hi" }],
      model: "gpt-4o",
      modelParameters: { temperature: 0.2, stop: ["\n"] },
      metadata: { attempt: 1, note: "text", nested: { a: [true] } },
      version: "v7",
      startTime: new Date("2026-01-02T03:04:05.678Z"),
    });
    generation.update({
      output: "hello",
      level: "WARNING",
      statusMessage: "slow",
      completionStartTime: new Date("2026-01-02T03:04:06.000Z"),
      usageDetails: { input: 3, output: 5, total: 8 },
      costDetails: { total: 0.001 },
      prompt: { name: "greeting", version: 3 },
    });
    generation.end(new Date("2026-01-02T03:04:07.000Z"));
    await traced.client.flush();

    const span = traced.sink.span("answer");
    expect(span.attributes).toEqual({
      "langfuse.observation.type": "generation",
      "langfuse.observation.input": '[{"role":"user","content":"hi"}]',
      "langfuse.observation.output": "hello",
      "langfuse.observation.metadata.attempt": "1",
      "langfuse.observation.metadata.note": "text",
      "langfuse.observation.metadata.nested": '{"a":[true]}',
      "langfuse.observation.level": "WARNING",
      "langfuse.observation.status_message": "slow",
      "langfuse.observation.model.name": "gpt-4o",
      "langfuse.observation.model.parameters": '{"temperature":0.2,"stop":["\\n"]}',
      "langfuse.observation.usage_details": '{"input":3,"output":5,"total":8}',
      "langfuse.observation.cost_details": '{"total":0.001}',
      "langfuse.observation.completion_start_time": '"2026-01-02T03:04:06.000Z"',
      "langfuse.observation.prompt.name": "greeting",
      "langfuse.observation.prompt.version": 3,
      "langfuse.internal.is_app_root": true,
      "langfuse.version": "v7",
    });
    expect(span.startTimeUnixNano).toBe(1_767_323_045_678_000_000n);
    expect(span.endTimeUnixNano).toBe(1_767_323_047_000_000_000n);
  });

  it.each(OBSERVATION_TYPES)("of type %s says so", async (asType) => {
    traced.client.startObservation({ name: "typed", asType }).end();
    await traced.client.flush();

    expect(attributesOf("typed")["langfuse.observation.type"]).toBe(asType);
  });

  it("is the parent of what is started from it, and only a root says it is one", async () => {
    const root = traced.client.startSpan("root");
    const child = root.startGeneration("child");
    child.createEvent({ name: "event" });
    child.end();
    root.end();
    await traced.client.flush();

    expect(traced.sink.span("child").parentSpanId).toBe(root.id);
    expect(traced.sink.span("event").parentSpanId).toBe(child.id);
    expect(traced.sink.spans().map(({ traceId }) => traceId)).toEqual(
      Array.from({ length: 3 }, () => root.traceId),
    );
    expect(attributesOf("root")["langfuse.internal.is_app_root"]).toBe(true);
    expect(attributesOf("child")).not.toHaveProperty("langfuse.internal.is_app_root");
  });

  it("merges metadata by key, clears with null, and replaces what is not an object", async () => {
    const span = traced.client.startSpan({ name: "merged", metadata: { a: 1, b: 1 } });
    span.update({ metadata: { b: 2 }, output: "x" }).update({ output: null });
    span.end();
    traced.client.startSpan({ name: "list", metadata: ["x"] }).end();
    await traced.client.flush();

    expect(attributesOf("merged")).toMatchObject({
      "langfuse.observation.metadata.a": "1",
      "langfuse.observation.metadata.b": "2",
    });
    expect(attributesOf("merged")).not.toHaveProperty("langfuse.observation.output");
    expect(attributesOf("list")["langfuse.observation.metadata"]).toBe('["x"]');
  });

  it("keeps 200 metadata keys and what is set after them", async () => {
    const metadata = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`key${i}`, i]));
    traced.client
      .startSpan({ name: "wide", metadata })
      .update({ output: "late", level: "DEBUG" })
      .end();
    await traced.client.flush();

    const attributes = attributesOf("wide");
    const keys = Object.keys(attributes).filter((key) => key.includes("metadata.key"));
    expect(keys).toHaveLength(200);
    expect(attributes["langfuse.observation.output"]).toBe("late");
  });

  it("starts strictly after the sibling before it, however fast they follow", async () => {
    const root = traced.client.startSpan("root");
    for (let index = 0; index < 100; index += 1) root.startSpan(`sibling ${index}`).end();
    root.end();
    await traced.client.flush();

    const starts = traced.sink
      .spans()
      .filter(({ name }) => name.startsWith("sibling"))
      .map(({ startTimeUnixNano }) => startTimeUnixNano);
    expect(new Set(starts).size).toBe(100);
    expect([...starts].sort((a, b) => Number(a - b))).toEqual(starts);
  });

  it("ends once, and never before it started", async () => {
    const span = traced.client.startSpan("once");
    span.end(new Date(0));
    span.end();
    await traced.client.flush();

    const { startTimeUnixNano, endTimeUnixNano } = traced.sink.span("once");
    expect(endTimeUnixNano).toBe(startTimeUnixNano);
    expect(traced.client.stats().offered).toBe(1);
  });

  it("does not change after its end, and says so once", async () => {
    const span = traced.client.startSpan("done");
    span.end();
    span.update({ output: "late" }).update({ output: "later" });
    await traced.client.flush();

    expect(attributesOf("done")).not.toHaveProperty("langfuse.observation.output");
    expect(traced.logger.lines).toHaveLength(1);
    expect(traced.logger.lines[0]).toContain("update() after end() changes nothing");
  });

  it("leaves out a field of the wrong kind, says what was expected, and keeps the rest", async () => {
    traced.client
      .startSpan("odd")
      // @ts-expect-error not a level
      .update({ level: "LOUD", output: "kept" })
      .update({ completionStartTime: new Date(Number.NaN) })
      // @ts-expect-error a version must be a number
      .update({ prompt: { name: "p", version: "one" } })
      .end();
    await traced.client.flush();

    expect(attributesOf("odd")).toEqual({
      "langfuse.observation.type": "span",
      "langfuse.observation.output": "kept",
      "langfuse.internal.is_app_root": true,
    });
    expect(traced.logger.lines.join("\n")).toContain(
      "Expected level to be one of DEBUG, DEFAULT, WARNING, ERROR",
    );
  });

  it("takes the same fields from an object of whatever make: without a prototype, of a class, a proxy", async () => {
    const fields: Required<ObservationFields> = {
      name: "given",
      input: "in",
      output: "out",
      metadata: { key: "value" },
      level: "DEBUG",
      statusMessage: "message",
      version: "v1",
      completionStartTime: new Date("2026-01-02T03:04:06.000Z"),
      model: "gpt-4o",
      modelParameters: { temperature: 0 },
      usageDetails: { total: 1 },
      costDetails: { total: 0.5 },
      prompt: { name: "greeting", version: 3 },
    };
    const startTime = new Date("2026-01-02T03:04:05.000Z");
    class Inherited {}
    for (const [name, value] of Object.entries(fields)) {
      Object.defineProperty(Inherited.prototype, name, { get: () => value });
    }
    const makes: ObservationFields[] = [
      fields,
      Object.assign(Object.create(null), fields),
      new Inherited(),
      new Proxy(fields, {}),
    ];
    for (const [index, make] of makes.entries()) {
      const span = traced.client.startSpan({
        name: "made",
        traceId: `${index + 1}`.repeat(32),
        startTime,
      });
      span.update(make).end();
    }
    await traced.client.flush();

    const [plain, ...others] = traced.sink.spans().map(({ attributes }) => attributes);
    expect(Object.keys(plain ?? {})).toHaveLength(Object.keys(fields).length + 2);
    expect(others).toEqual([plain, plain, plain]);
    expect(new Set(traced.sink.spans().map(({ name }) => name))).toEqual(new Set(["given"]));
  });

  it("starts from options whose getters throw", async () => {
    const hostile = new Proxy({ name: "x" } as { name: string; asType?: "span" }, {
      get() {
        throw new Error("no");
      },
    });
    expect(() => {
      traced.client.startSpan(hostile).end();
      traced.client.startObservation(hostile).startSpan(hostile).end();
      traced.client.startAsCurrentObservation(hostile, (observation) => observation.end());
    }).not.toThrow();
    await traced.client.flush();

    expect(traced.sink.spans().map(({ name }) => name)).toEqual(["unnamed", "unnamed", "unnamed"]);
  });

  it("takes the options of a trace that can be read, where reading another one throws", async () => {
    const traceId = "1".repeat(32);
    const fail = (): never => {
      throw new Error("no");
    };
    const joined = traced.client.startSpan({
      name: "joined",
      traceId,
      get sampled() {
        return fail();
      },
    });
    const unsampled = traced.client.startSpan({
      name: "unsampled",
      sampled: false,
      get traceId() {
        return fail();
      },
    });
    expect(joined.traceId).toBe(traceId);
    expect([joined.isRecording, unsampled.isRecording]).toEqual([true, false]);
    joined.end();
    unsampled.end();
    await traced.client.flush();
    expect(traced.sink.spans().map(({ name }) => name)).toEqual(["joined"]);
  });

  it("keeps a span whose time is given in another unit, without that time", async () => {
    traced.client.startSpan({ name: "micro", startTime: Date.now() * 1000 }).end();
    await traced.client.flush();

    expect(traced.sink.span("micro").startTimeUnixNano).toBeLessThan(10n ** 19n);
    expect(traced.logger.lines[0]).toContain("are these micro- or nanoseconds?");
  });

  it("survives metadata whose getters throw", async () => {
    const metadata = {
      fine: 1,
      get broken(): never {
        throw new RangeError("no");
      },
    };
    traced.client.startSpan({ name: "getter", metadata }).end();
    await traced.client.flush();

    expect(attributesOf("getter")).toMatchObject({
      "langfuse.observation.metadata.fine": "1",
      "langfuse.observation.metadata.broken": "[getter threw: RangeError]",
    });
  });
});

describe("startAsCurrent…", () => {
  it("makes the observation active within the work, and the outer one again after it", async () => {
    const { client } = traced;
    await client.startAsCurrentSpan("outer", async (outer) => {
      await client.startAsCurrentGeneration("inner", async (inner) => {
        await Promise.resolve();
        expect(client.getCurrentObservationId()).toBe(inner.id);
        expect(client.getCurrentTraceId()).toBe(outer.traceId);
      });
      expect(client.getCurrentObservation()).toBe(outer);
    });
    expect(client.getCurrentObservation()).toBeUndefined();
    await client.flush();
    expect(attributesOf("inner")["langfuse.observation.type"]).toBe("generation");
  });

  it("returns what the work returns, and records what it throws", async () => {
    const failure = new Error("work failed");
    expect(traced.client.startAsCurrentSpan("fine", () => 42)).toBe(42);
    await expect(
      traced.client.startAsCurrentObservation({ name: "fails", asType: "tool" }, async () => {
        throw failure;
      }),
    ).rejects.toBe(failure);
    await traced.client.flush();

    expect(attributesOf("fails")["langfuse.observation.level"]).toBe("ERROR");
    expect(attributesOf("fine")).not.toHaveProperty("langfuse.observation.output");
  });

  it("without work is active until it is disposed of", async () => {
    const { client } = traced;
    {
      using outer = client.startAsCurrentSpan("outer");
      {
        using inner = client.startAsCurrentSpan("inner");
        expect(client.getCurrentObservation()).toBe(inner);
        await Promise.resolve();
        expect(client.getCurrentObservation()).toBe(inner);
      }
      expect(client.getCurrentObservation()).toBe(outer);
    }
    expect(client.getCurrentObservation()).toBeUndefined();
    await client.flush();
    expect(traced.sink.span("inner").parentSpanId).toBe(traced.sink.span("outer").spanId);
  });

  it("entered in a called function is not current for its caller once it has ended", async () => {
    const { client } = traced;
    const step = async (name: string): Promise<void> => {
      using _ = client.startAsCurrentSpan(name);
      await Promise.resolve();
    };
    await step("a");
    expect(client.getCurrentObservation()).toBeUndefined();
    await step("b");
    client.startSpan("next").end();
    await client.flush();

    const parents = traced.sink.spans().map(({ parentSpanId }) => parentSpanId);
    expect(parents).toEqual(["", "", ""]);
  });

  it("left in another order than entered gives way to the one around it", () => {
    const { client } = traced;
    const outer = client.startAsCurrentSpan("outer");
    const inner = client.startAsCurrentSpan("inner");
    outer[Symbol.dispose]();
    expect(client.getCurrentObservation()).toBe(inner);
    inner[Symbol.dispose]();
    expect(client.getCurrentObservation()).toBeUndefined();
  });

  it("refuses to leave the caller's function unrun without a word", () => {
    const { client } = traced;
    const work = (): number => 1;
    // @ts-expect-error the name is missing
    expect(() => client.startAsCurrentSpan(work)).toThrow(/got a function/);
    // @ts-expect-error the fields belong to the first argument
    expect(() => client.startAsCurrentSpan("n", { input: 1 }, work)).toThrow(/name, \.\.\.fields/);
    // @ts-expect-error nothing to run
    expect(() => client.withSession("s")).toThrow(/Expected a function to run/);
  });

  it("updates through the current functions, which say once when nothing is active", async () => {
    const { client } = traced;
    client.startAsCurrentGeneration("current", () => {
      client.updateCurrentGeneration({ model: "m" });
      client.updateCurrentSpan({ output: "o" });
    });
    client.updateCurrentSpan({ output: "nowhere" });
    client.updateCurrentSpan({ output: "nowhere" });
    await client.flush();

    expect(attributesOf("current")).toMatchObject({
      "langfuse.observation.model.name": "m",
      "langfuse.observation.output": "o",
    });
    expect(traced.logger.lines).toEqual([
      "[playhead] updateCurrentSpan() outside of an observation changes nothing. Call it inside observe() or startAsCurrentSpan().",
    ]);
  });

  it("keeps the context for a callback bound inside", async () => {
    const { client } = traced;
    const bound = client.startAsCurrentSpan("origin", () =>
      client.bindContext(() => client.getCurrentObservation()?.name),
    );
    expect(client.getCurrentObservation()).toBeUndefined();
    expect(bound()).toBe("origin");
  });
});

describe("what leaves", () => {
  it("is decided by shouldExport, whose failure keeps the observation", async () => {
    const client = traced.createClient({
      shouldExport: ({ name }) => {
        if (name === "broken filter") throw new Error("filter");
        return name !== "noise";
      },
    });
    client.startAsCurrentSpan("root", (root) => {
      root.startSpan("noise").end();
      root.startSpan("broken filter").end();
    });
    await client.flush();

    expect(traced.sink.spans().map(({ name }) => name)).toEqual(["broken filter", "root"]);
  });

  it("is nothing at sampleRate 0, though ids are there", async () => {
    const client = traced.createClient({ sampleRate: 0 });
    client.startAsCurrentSpan("unsampled", (span) => {
      expect(span.isRecording).toBe(false);
      expect(span.traceId).toMatch(/^[0-9a-f]{32}$/);
      span.startSpan("child").update({ output: 1 }).end();
      span.scoreTrace({ name: "s", value: 1 });
    });

    expect((await client.flush()).offered).toBe(0);
  });

  it("is decided by the trace id alone at a rate in between", () => {
    const a = traced.createClient({ sampleRate: 0.5 });
    const b = traced.createClient({ sampleRate: 0.5 });
    const ids = Array.from({ length: 400 }, (_, index) => a.createTraceId(`seed ${index}`));
    const decide = (client: typeof a): boolean[] =>
      ids.map((traceId) => client.startSpan({ name: "x", traceId }).isRecording);

    expect(decide(a)).toEqual(decide(b));
    const share = decide(a).filter(Boolean).length / ids.length;
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.6);
  });
});
