import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TraceAttributes } from "../../../src/attributes/trace-attributes";
import type { ResourceAttributes } from "../../../src/export/ingestion/observation-event";
import { planSpans } from "../../../src/export/ingestion/plan-spans";
import { splitBySize } from "../../../src/export/ingestion/split-by-size";
import type { ReleasedSpan } from "../../../src/export/released-span";
import { spanRecord, traceAttributes } from "../../support/arbitraries";
import { createRecord, type RecordFields } from "../../support/span-records";
import { createFullRecord, releaseSpan } from "../full-span";
import { expectTaken } from "./legacy-schema";

const NO_RESOURCE: ResourceAttributes = { environment: undefined, release: undefined };

interface WireEvent {
  readonly id: string;
  readonly timestamp: string;
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The events as they arrive. */
function wireEvents(spans: readonly ReleasedSpan[], resource = NO_RESOURCE): WireEvent[] {
  return JSON.parse(JSON.stringify(planSpans(spans, resource).events));
}

/** The body of a span's own event. */
function bodyOf(record: RecordFields, trace?: TraceAttributes): WireEvent["body"] {
  const events = wireEvents([releaseSpan(createRecord({ type: "generation", ...record }), trace)]);
  const own = events.find(({ type }) => type !== "trace-create");
  if (own === undefined) throw new Error("Expected an event of the span, got none");
  return own.body;
}

function traceBodies(spans: readonly ReleasedSpan[], resource = NO_RESOURCE): WireEvent["body"][] {
  return wireEvents(spans, resource)
    .filter(({ type }) => type === "trace-create")
    .map(({ body }) => body);
}

describe("planSpans", () => {
  it("turns a root with every field into the events a server knows", () => {
    const root = createFullRecord({ parentSpanId: undefined, isParentRemote: false });
    const trace: TraceAttributes = {
      name: "chat",
      userId: "u-1",
      sessionId: "not this one",
      version: "1.2",
      release: "r-7",
      environment: "staging",
      metadata: new Map([
        ["tier", "gold"],
        ["limits", '{"rpm":60}'],
      ]),
    };
    expect(wireEvents([releaseSpan(root, trace)])).toEqual([
      {
        id: "0123456789abcdef0123456789abcdef-0123456789abcdef-trace",
        timestamp: "2025-11-22T10:20:01.750Z",
        type: "trace-create",
        body: {
          id: "0123456789abcdef0123456789abcdef",
          timestamp: "2025-11-22T10:20:00.250Z",
          name: "chat",
          input: [{ role: "user", content: "hi" }],
          output: "hello",
          sessionId: "s-1",
          userId: "u-1",
          environment: "staging",
          release: "r-7",
          version: "1.2",
          public: true,
          tags: ["a", "b"],
          metadata: { tier: "gold", limits: { rpm: 60 } },
        },
      },
      {
        id: "0123456789abcdef0123456789abcdef-0123456789abcdef",
        timestamp: "2025-11-22T10:20:01.750Z",
        type: "generation-create",
        body: {
          id: "0123456789abcdef",
          traceId: "0123456789abcdef0123456789abcdef",
          name: "answer",
          startTime: "2025-11-22T10:20:00.250Z",
          endTime: "2025-11-22T10:20:01.750Z",
          environment: "staging",
          version: "1.2",
          level: "ERROR",
          statusMessage: "the model said no",
          input: [{ role: "user", content: "hi" }],
          output: "hello",
          metadata: { metadata: [1, 2], plan: "pro" },
          completionStartTime: "2025-11-22T10:20:01.000Z",
          model: "gpt-4o",
          modelParameters: { temperature: 0.5 },
          usage: { input: 10, output: 5, unit: "TOKENS" },
          usageDetails: { input: 10, output: 5 },
          costDetails: { total: 0.25 },
          promptName: "greeting",
          promptVersion: 3,
        },
      },
    ]);
  });

  it.each([
    "span",
    "generation",
    "event",
    "embedding",
    "agent",
    "tool",
    "chain",
    "retriever",
    "evaluator",
    "guardrail",
  ] as const)("makes a %s of a span of that type", (type) => {
    const [, own] = wireEvents([releaseSpan(createRecord({ type, model: "m" }))]);
    expect(own?.type).toBe(`${type}-create`);
    // Only spans of time have an end, and only those that may call a model have one.
    expect("endTime" in (own?.body ?? {})).toBe(type !== "event");
    expect("model" in (own?.body ?? {})).toBe(type !== "event" && type !== "span");
  });

  it.each<[string, RecordFields, WireEvent["body"]]>([
    ["JSON input as JSON", { input: '{"a":[1,null]}' }, { input: { a: [1, null] } }],
    ["plain input as text", { input: "{not json}" }, { input: "{not json}" }],
    ["a number as a number", { output: "42" }, { output: 42 }],
    ["0 as text, which servers keep", { output: "0" }, { output: "0" }],
    ["false as text, which servers keep", { output: "false" }, { output: "false" }],
    ["null as text, which servers keep", { output: "null" }, { output: "null" }],
    ["a long id as text", { output: "12345678901234567890" }, { output: "12345678901234567890" }],
    [
      "JSON with a number that would change as text",
      { output: '{"id":12345678901234567890}' },
      { output: '{"id":12345678901234567890}' },
    ],
    [
      "JSON with a long number that would not change as JSON",
      { output: '{"id":"12345678901234567890","x":0.30000000000000004}' },
      { output: { id: "12345678901234567890", x: 0.30000000000000004 } },
    ],
    [
      "usage as whole numbers from 0",
      { usageDetails: '{"input":1.6,"output":-1,"cached":"7","odd":"x","deep":{"a":1}}' },
      { usageDetails: { input: 2, cached: 7 }, usage: { input: 2, unit: "TOKENS" } },
    ],
    ["usage of own kinds alone", { usageDetails: '{"images":2}' }, { usageDetails: { images: 2 } }],
    ["no usage where it is no object", { usageDetails: "[1]" }, { usageDetails: undefined }],
    [
      "costs that are numbers from 0",
      { costDetails: '{"total":0.01,"x":-1}' },
      { costDetails: { total: 0.01 } },
    ],
    [
      "model parameters in the kinds servers take",
      { modelParameters: '{"t":1,"stop":["a"],"schema":{"a":{"b":1}},"ids":[1],"seed":null}' },
      {
        modelParameters: { t: 1, stop: ["a"], schema: '{"a":{"b":1}}', ids: "[1]", seed: null },
      },
    ],
    [
      "model parameters that are no object",
      { modelParameters: "fast" },
      { modelParameters: { modelParameters: "fast" } },
    ],
    [
      "no prompt without a version",
      { promptName: "p" },
      { promptName: undefined, promptVersion: undefined },
    ],
    [
      "no prompt without a name",
      { promptVersion: 1 },
      { promptName: undefined, promptVersion: undefined },
    ],
    ["ERROR as the level of a failed span", { level: "ERROR" }, { level: "ERROR" }],
    ["no level where none was set", {}, { level: undefined }],
    [
      "the parent",
      { parentSpanId: "00000000000000aa" },
      { parentObservationId: "00000000000000aa" },
    ],
    [
      "metadata, parsed where it is JSON",
      {
        metadata: new Map([
          ["a", "x"],
          ["b", "[1]"],
          ["c", "null"],
          ["__proto__", "p"],
        ]),
      },
      { metadata: JSON.parse('{"a":"x","b":[1],"c":"null","__proto__":"p"}') },
    ],
  ])("sends %s", (_, record, expected) => {
    const body = bodyOf(record);
    const actual = Object.fromEntries(Object.keys(expected).map((key) => [key, body[key]]));
    expect(JSON.stringify(actual)).toBe(JSON.stringify(expected));
  });

  it("keeps content that is nested too deeply for a stack as text", () => {
    const input = "[".repeat(100_000) + "]".repeat(100_000);
    expect(bodyOf({ input })["input"]).toBe(input);
  });

  describe("for the trace", () => {
    const child = (fields: RecordFields = {}, trace?: TraceAttributes): ReleasedSpan =>
      releaseSpan(createRecord({ parentSpanId: "00000000000000aa", ...fields }), trace);

    it("takes the root's name where the trace has none", () => {
      const root = releaseSpan(createRecord({ isRoot: true, name: "request" }));
      expect(traceBodies([root])).toMatchObject([{ name: "request" }]);
    });

    it("makes one event of a batch with a root, from the root alone", () => {
      const root = createRecord({ isRoot: true, spanId: "00000000000000aa", output: "done" });
      const spans = [
        child({ own: { sessionId: "of the child", version: "0" } }),
        releaseSpan(root, { sessionId: "s" }),
      ];
      const bodies = traceBodies(spans);
      expect(bodies).toHaveLength(1);
      expect(bodies[0]).toMatchObject({ sessionId: "s", output: "done" });
      expect(bodies[0]).not.toHaveProperty("version");
    });

    it("makes one event of a batch without its root, from what the spans carry", () => {
      const [body, ...others] = traceBodies([
        child({ startMs: 5, input: "not the trace's", own: { tags: ["a", "b"] } }, { userId: "u" }),
        child(
          { spanId: "00000000000000bb", startMs: 3 },
          { userId: "u", tags: ["b", "c"], public: true },
        ),
      ]);
      expect(others).toEqual([]);
      expect(body).toEqual({
        id: "0af7651916cd43dd8448eb211c80319c",
        timestamp: "2023-11-14T22:13:20.003Z",
        userId: "u",
        tags: ["a", "b", "c"],
        public: true,
      });
    });

    it("takes a version from spans without the root only where all agree", () => {
      const other = { spanId: "00000000000000bb" };
      const agreed = [child({}, { version: "1" }), child(other, { version: "1" })];
      const own = [child({}, { version: "1" }), child({ ...other, own: { version: "2" } })];
      expect(traceBodies(agreed)).toMatchObject([{ version: "1" }]);
      expect(traceBodies(own)[0]).not.toHaveProperty("version");
    });

    it("says that the trace is public with each event of it", () => {
      const root = releaseSpan(createRecord({ isRoot: true }), { public: true });
      expect(traceBodies([root])).toMatchObject([{ public: true }]);
      expect(traceBodies([child({}, { public: true })])).toMatchObject([{ public: true }]);
    });

    it("lets the root of all win over roots in other processes, which end before it", () => {
      const own = wireEvents([releaseSpan(createRecord({ isRoot: true }))]);
      const remote = wireEvents([child({ isRoot: true, isParentRemote: true })]);
      expect(own[0]?.timestamp).toBe("2023-11-14T22:13:20.002Z"); // its end
      expect(remote[0]?.timestamp).toBe("2023-11-14T22:13:20.001Z"); // its start
    });

    it("cuts a name that servers would refuse, between characters", () => {
      const name = `${"n".repeat(999)}😀`;
      const root = releaseSpan(createRecord({ isRoot: true, name }));
      expect(traceBodies([root])).toMatchObject([{ name: "n".repeat(999) }]);
    });

    it("says environment and release of the resource where the spans say none", () => {
      const resource = { environment: "prod", release: "r1" };
      const root = createRecord({ isRoot: true, own: { environment: "test" } });
      expect(wireEvents([releaseSpan(root)], resource).map(({ body }) => body)).toMatchObject([
        { environment: "test", release: "r1" },
        { environment: "test" },
      ]);
      expect(wireEvents([child()], resource).map(({ body }) => body)).toMatchObject([
        { environment: "prod", release: "r1" },
        { environment: "prod" },
      ]);
    });
  });

  it("says which events each span needs, and which spans cannot be read", () => {
    const other = { traceId: "f".repeat(32), spanId: "00000000000000cc" };
    const broken = { ...releaseSpan(createRecord()), body: Buffer.from([0x0a, 0x20]) };
    const spans = [
      releaseSpan(createRecord({ isRoot: true, spanId: "00000000000000aa" })),
      broken,
      releaseSpan(createRecord(other)),
      releaseSpan(createRecord({ spanId: "00000000000000bb" })),
    ];
    const trace = "0af7651916cd43dd8448eb211c80319c";
    const { events, eventIds } = planSpans(spans, NO_RESOURCE);
    expect(eventIds).toEqual([
      [`${trace}-00000000000000aa`, `${trace}-00000000000000aa-trace`],
      undefined,
      [`${other.traceId}-00000000000000cc`, `${other.traceId}-00000000000000cc-trace`],
      [`${trace}-00000000000000bb`, `${trace}-00000000000000aa-trace`],
    ]);
    expect(events.map(({ id }) => id).sort()).toEqual(
      [...new Set(eventIds.flat())].filter(Boolean).sort(),
    );
  });

  it("makes only events that a server takes, and the same again for the same spans", () => {
    const batch = fc.array(fc.tuple(spanRecord(), traceAttributes()), { maxLength: 6 });
    const json = fc.json();
    const withJson = fc
      .tuple(batch, json, json, json)
      .map(([spans, usageDetails, modelParameters, input]) =>
        spans.map(([record, trace]) =>
          releaseSpan({ ...record, usageDetails, modelParameters, input }, trace),
        ),
      );
    const plain = batch.map((spans) => spans.map(([record, trace]) => releaseSpan(record, trace)));
    fc.assert(
      fc.property(fc.oneof(plain, withJson), (spans) => {
        const plan = planSpans(spans, { environment: "prod", release: undefined });
        for (const { body } of splitBySize(plan.events).batches) {
          expectTaken(JSON.parse(body.toString()));
        }
        expect(plan.eventIds.every((ids) => ids !== undefined)).toBe(true);
        expect(planSpans(spans, { environment: "prod", release: undefined })).toEqual(plan);
      }),
      { numRuns: 150 },
    );
  });

  it("never throws, whatever the bytes", () => {
    const span = fc
      .tuple(spanRecord(), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }))
      .map(([record, changes]) => {
        const { body, ...rest } = releaseSpan(record);
        const damaged = Buffer.from(body);
        for (const [at, byte] of changes) damaged[at % damaged.length] = byte;
        return { ...rest, body: damaged };
      });
    fc.assert(
      fc.property(fc.array(span, { maxLength: 4 }), (spans) => {
        const plan = planSpans(spans, NO_RESOURCE);
        expect(plan.eventIds).toHaveLength(spans.length);
        for (const { body } of splitBySize(plan.events).batches) JSON.parse(body.toString());
      }),
      { numRuns: 500 },
    );
  });
});
