import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  layTraceAttributes,
  NO_TRACE_ATTRIBUTES,
  type TraceAttributes,
} from "../../src/attributes/trace-attributes";
import { encodeSpan } from "../../src/export/encode-span";
import type { EncodedSpan } from "../../src/export/encoded-span";
import { Hold, type HoldLimits } from "../../src/export/hold";
import { stamp } from "../../src/export/stamp";
import { type Attribute, decodeSpan } from "../support/decode-request";
import { createRecord, createTrace, encodeBody, type OpenTrace } from "../support/span-records";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

interface Released {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, Attribute[1]>;
  readonly isRoot: boolean;
  readonly extra: string;
  readonly body: Buffer;
}

/** A trace whose attributes became final. */
interface Bound {
  readonly extras: readonly string[];
  readonly attributes: TraceAttributes;
}

function createHold(limits: Partial<HoldLimits> = {}) {
  const released: Released[] = [];
  const bound: Bound[] = [];
  const extras = new Map<EncodedSpan, string>();
  const hold = new Hold<EncodedSpan>(
    { maxHoldBytes: 1_000_000, holdMs: 60_000, ...limits },
    (spans, traceAttributes) => {
      const extraOf = (span: EncodedSpan): string => extras.get(span) ?? "";
      bound.push({ extras: spans.map(extraOf), attributes: traceAttributes });
      stamp(spans, ({ binding }) => layTraceAttributes(binding.fallback, traceAttributes));
      for (const span of spans) {
        const { body, isRoot } = span;
        const { name, attributes } = decodeSpan(Buffer.concat([body, span.traceAttributes]));
        released.push({
          name,
          attributes: new Map(attributes),
          isRoot,
          extra: extraOf(span),
          body,
        });
      }
    },
  );
  const add = (
    trace: OpenTrace,
    name: string,
    {
      own = NO_TRACE_ATTRIBUTES,
      fallback = NO_TRACE_ATTRIBUTES,
      isRoot = false,
    }: { own?: TraceAttributes; fallback?: TraceAttributes; isRoot?: boolean } = {},
  ): number => {
    const span = encodeSpan(createRecord({ name, own, isRoot }), NO_TRACE_ATTRIBUTES, fallback);
    extras.set(span, `extra of ${name}`);
    hold.add(trace, span);
    return span.byteLength;
  };
  const names = (): string[] => released.map(({ name }) => name);
  return { hold, add, released, bound, names };
}

describe("release", () => {
  it("gives each span the attributes its trace has then, in the order they were added", () => {
    const { hold, add, released, names } = createHold();
    const trace = createTrace({ sessionId: "early", userId: "u" });
    add(trace, "first");
    trace.attributes = { sessionId: "middle", userId: "u" };
    add(trace, "second");
    trace.attributes = { sessionId: "late", tags: ["a"] };
    hold.release(trace);
    expect(names()).toEqual(["first", "second"]);
    for (const { attributes } of released) {
      expect(attributes.get("session.id")).toBe("late");
      expect(attributes.get("langfuse.trace.tags")).toEqual(["a"]);
      expect(attributes.has("user.id")).toBe(false);
    }
  });

  it("lets the span's own attributes beat the trace's, and the trace's beat the fallback", () => {
    const { hold, add, released } = createHold();
    const trace = createTrace();
    add(trace, "span", {
      own: { sessionId: "own" },
      fallback: { sessionId: "fallback", userId: "fallback", environment: "fallback" },
    });
    trace.attributes = { sessionId: "trace", userId: "trace" };
    hold.release(trace);
    const attributes = released[0]?.attributes;
    expect(attributes?.get("session.id")).toBe("own");
    expect(attributes?.get("user.id")).toBe("trace");
    expect(attributes?.get("langfuse.environment")).toBe("fallback");
  });

  it("is at once for a span whose trace is over, with the attributes it has", () => {
    const { hold, add, released } = createHold();
    const trace = createTrace({ sessionId: "early" });
    trace.isOver = true;
    trace.attributes = { sessionId: "late" };
    add(trace, "root");
    expect(released.map(({ attributes }) => attributes.get("session.id"))).toEqual(["late"]);
    expect([hold.spanCount, hold.byteLength, vi.getTimerCount()]).toEqual([0, 0, 0]);
  });

  it("keeps the order where spans of a trace are held when it is over", () => {
    const { hold, add, names } = createHold();
    const trace = createTrace();
    add(trace, "child");
    trace.isOver = true;
    add(trace, "root");
    expect(names()).toEqual([]);
    hold.release(trace);
    expect(names()).toEqual(["child", "root"]);
  });

  it("of all lets those go that came before, in their order, also where others come meanwhile", () => {
    const released: TraceAttributes[] = [];
    const late = createTrace({ name: "late" });
    const hold = new Hold<EncodedSpan>(
      { maxHoldBytes: 1_000_000, holdMs: 60_000 },
      (_, attributes) => {
        released.push(attributes);
        if (released.length > 10) throw new Error("goes on for ever");
        late.attributes = { name: `late ${released.length}` };
        hold.add(late, encodeSpan(createRecord({}), NO_TRACE_ATTRIBUTES));
      },
    );
    const add = (name: string): void =>
      hold.add(createTrace({ name }), encodeSpan(createRecord({}), NO_TRACE_ATTRIBUTES));
    add("only");
    hold.releaseAll();
    expect(released.map(({ name }) => name)).toEqual(["only"]);
    add("second");
    add("third");
    hold.releaseAll();
    // What came during the first call was there before the second one, and comes again during it.
    expect(released.map(({ name }) => name)).toEqual(["only", "late 1", "second", "third"]);
    expect(hold.spanCount).toBe(3);
  });

  it("leaves the others in their order, wherever a trace stood", () => {
    const { hold, add, names } = createHold();
    const traces = ["a", "b", "c", "d"].map((name) => ({ name, trace: createTrace() }));
    for (const { name, trace } of traces) add(trace, name);
    for (const at of [1, 0, 3]) {
      const chosen = traces[at];
      if (chosen !== undefined) hold.release(chosen.trace);
    }
    add(createTrace(), "e");
    hold.releaseAll();
    expect(names()).toEqual(["b", "a", "d", "c", "e"]);
    expect([hold.spanCount, hold.byteLength]).toEqual([0, 0]);
  });

  it("touches only the trace it is asked for", () => {
    const { hold, add, released } = createHold();
    const one = createTrace({ sessionId: "one" });
    const two = createTrace({ sessionId: "two" });
    add(one, "a");
    add(two, "b");
    add(one, "c");
    hold.release(two);
    expect(released.map(({ name, attributes }) => [name, attributes.get("session.id")])).toEqual([
      ["b", "two"],
    ]);
    expect(hold.spanCount).toBe(2);
  });

  it("is a no-op where nothing is held, and gives a span once", () => {
    const { hold, add, names } = createHold();
    const trace = createTrace();
    hold.release(trace);
    add(trace, "a");
    hold.release(trace);
    hold.release(trace);
    expect(names()).toEqual(["a"]);
  });

  it("keeps whether a span is the root", () => {
    const { hold, add, released } = createHold();
    const trace = createTrace();
    add(trace, "child");
    add(trace, "root", { isRoot: true });
    hold.release(trace);
    expect(released.map(({ isRoot }) => isRoot)).toEqual([false, true]);
  });

  it("hands back what each span was given with, and binds the trace once before its spans", () => {
    const { hold, add, released, bound } = createHold();
    const trace = createTrace({ sessionId: "s" });
    add(trace, "a", { own: { sessionId: "own" } });
    add(trace, "b");
    hold.release(trace);
    expect(released.map(({ extra }) => extra)).toEqual(["extra of a", "extra of b"]);
    expect(bound.map(({ extras }) => extras)).toEqual([["extra of a", "extra of b"]]);
    expect(bound[0]?.attributes.sessionId).toBe("s");
  });
});

describe("the bound in bytes", () => {
  it("releases the oldest trace whole, with the attributes it has", () => {
    const { hold, add, released, names } = createHold({ maxHoldBytes: 500 });
    const oldest = createTrace({ sessionId: "oldest" });
    const newer = createTrace();
    const length = add(oldest, "a1");
    add(newer, "b1");
    add(oldest, "a2");
    while (hold.byteLength + length <= 500) add(newer, "b2");
    expect(names()).toEqual([]);
    add(newer, "b3");
    expect(names()).toEqual(["a1", "a2"]);
    expect(released[0]?.attributes.get("session.id")).toBe("oldest");
    expect(hold.byteLength).toBeLessThanOrEqual(500);
  });

  it("lets a single span through that is larger than all", () => {
    const { hold, add, names } = createHold({ maxHoldBytes: 10 });
    add(createTrace(), "large");
    expect(names()).toEqual(["large"]);
    expect(hold.byteLength).toBe(0);
    expect(hold.spanCount).toBe(0);
  });

  it("is never passed, whatever comes, and nothing is lost", () => {
    const { hold, add, names } = createHold({ maxHoldBytes: 2_000 });
    const traces = Array.from({ length: 7 }, () => createTrace());
    let count = 0;
    for (let index = 0; index < 500; index += 1) {
      const trace = traces[(index * 13) % 7];
      if (trace === undefined) continue;
      add(trace, `${index}`);
      count += 1;
      expect(hold.byteLength).toBeLessThanOrEqual(2_000);
      expect(names().length + hold.spanCount).toBe(count);
      if (index % 31 === 0) hold.release(trace);
    }
    hold.releaseAll();
    expect(new Set(names()).size).toBe(count);
    expect(hold.byteLength).toBe(0);
  });
});

describe("memory", () => {
  it("of its own is given to a span after a second, with the same bytes", async () => {
    const { hold, add, released } = createHold();
    const slab = encodeBody(createRecord()).buffer; // shared by many small spans
    const trace = createTrace();
    add(trace, "first");
    await vi.advanceTimersByTimeAsync(1_001);
    add(trace, "second");
    hold.release(trace);
    expect(released.map(({ name }) => name)).toEqual(["first", "second"]);
    const [first, second] = released.map(({ body }) => body);
    expect(first?.buffer.byteLength).toBe((first?.length ?? 0) + 5); // and the tag and length before it
    expect(second?.buffer.byteLength).toBeGreaterThan(second?.length ?? 0);
    expect(slab.byteLength).toBeGreaterThan(first?.length ?? 0);
  });

  it("of its own is given once", async () => {
    const { hold, add, released } = createHold();
    const trace = createTrace();
    add(trace, "a");
    const copies = vi.spyOn(Buffer, "allocUnsafeSlow");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(copies).toHaveBeenCalledTimes(1);
    copies.mockRestore();
    hold.release(trace);
    expect(released).toHaveLength(1);
  });
});

describe("the bound in time", () => {
  it("releases a trace when its first span has waited that long", async () => {
    const { add, names } = createHold({ holdMs: 1_000 });
    const trace = createTrace();
    add(trace, "a");
    await vi.advanceTimersByTimeAsync(700);
    add(trace, "b");
    await vi.advanceTimersByTimeAsync(299);
    expect(names()).toEqual([]);
    await vi.advanceTimersByTimeAsync(2);
    expect(names()).toEqual(["a", "b"]);
  });

  it("lets each trace wait its own time", async () => {
    const { add, names } = createHold({ holdMs: 1_000 });
    add(createTrace(), "a");
    await vi.advanceTimersByTimeAsync(600);
    add(createTrace(), "b");
    await vi.advanceTimersByTimeAsync(401);
    expect(names()).toEqual(["a"]);
    await vi.advanceTimersByTimeAsync(600);
    expect(names()).toEqual(["a", "b"]);
  });

  it("begins anew for a trace that was released in between", async () => {
    const { hold, add, names } = createHold({ holdMs: 1_000 });
    const trace = createTrace();
    add(trace, "a");
    await vi.advanceTimersByTimeAsync(500);
    hold.release(trace);
    add(trace, "b");
    await vi.advanceTimersByTimeAsync(900);
    expect(names()).toEqual(["a"]);
    await vi.advanceTimersByTimeAsync(101);
    expect(names()).toEqual(["a", "b"]);
  });

  it("of 0 ms releases in the next turn of the loop", async () => {
    const { add, names } = createHold({ holdMs: 0 });
    add(createTrace(), "a");
    await vi.advanceTimersByTimeAsync(1);
    expect(names()).toEqual(["a"]);
  });

  it("holds no timer while nothing is held, nor ever keeps the process alive", async () => {
    const { hold, add } = createHold({ holdMs: 1_000 });
    expect(vi.getTimerCount()).toBe(0);
    const timers = vi.spyOn(globalThis, "setTimeout");
    add(createTrace(), "a");
    const [timer] = timers.mock.results.map(({ value }) => value as NodeJS.Timeout); // of setTimeout
    timers.mockRestore();
    expect(timer?.hasRef()).toBe(false);
    hold.releaseAll();
    expect(vi.getTimerCount()).toBe(0);
    add(createTrace(), "b");
    await vi.advanceTimersByTimeAsync(1_001);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("takes one timer, however many traces wait", () => {
    const { add } = createHold();
    for (let index = 0; index < 100; index += 1) add(createTrace(), `${index}`);
    expect(vi.getTimerCount()).toBe(1);
  });
});
