import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_TRACE_ATTRIBUTES } from "../../src/attributes/trace-attributes";
import { encodeSpan, encodeTraceAttributes } from "../../src/export/encode-span";
import { decodeAttributes, decodeSpan } from "../support/decode-request";
import { createRecord, encodeBody } from "../support/span-records";

describe("encodeSpan", () => {
  it("writes every field where OTLP and the attribute keys put it", () => {
    const body = encodeBody(
      createRecord({
        parentSpanId: "00f067aa0ba902b7",
        isRoot: true,
        type: "generation",
        startMs: 1.5,
        endMs: 2.000_001,
        name: "answer",
        input: '{"q":1}',
        output: "text",
        metadata: new Map([["plan", "pro"]]),
        metadataText: "[1]",
        level: "ERROR",
        statusMessage: "it broke",
        model: "gpt-4o",
        modelParameters: '{"temperature":0}',
        usageDetails: '{"input":3}',
        costDetails: '{"input":0.1}',
        completionStartMs: 250.7,
        promptName: "greeting",
        promptVersion: 300,
        exceptions: [{ timeMs: 3, type: "TypeError", message: "no", stacktrace: "at x" }],
        own: { sessionId: "own-session", tags: ["a", "b"], public: true },
      }),
    );
    expect(decodeSpan(body)).toEqual({
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
      parentSpanId: "00f067aa0ba902b7",
      name: "answer",
      kind: 1,
      startNano: 1_700_000_000_001_500_000n,
      endNano: 1_700_000_000_002_000_001n,
      attributes: [
        ["langfuse.observation.type", "generation"],
        ["langfuse.internal.is_app_root", true],
        ["langfuse.observation.input", '{"q":1}'],
        ["langfuse.observation.output", "text"],
        ["langfuse.observation.metadata", "[1]"],
        ["langfuse.observation.metadata.plan", "pro"],
        ["langfuse.observation.level", "ERROR"],
        ["langfuse.observation.status_message", "it broke"],
        ["langfuse.observation.model.name", "gpt-4o"],
        ["langfuse.observation.model.parameters", '{"temperature":0}'],
        ["langfuse.observation.usage_details", '{"input":3}'],
        ["langfuse.observation.cost_details", '{"input":0.1}'],
        ["langfuse.observation.completion_start_time", '"2023-11-14T22:13:20.250Z"'],
        ["langfuse.observation.prompt.name", "greeting"],
        ["langfuse.observation.prompt.version", 300n],
        ["session.id", "own-session"],
        ["langfuse.trace.tags", ["a", "b"]],
        ["langfuse.trace.public", true],
      ],
      events: [
        {
          timeNano: 1_700_000_000_003_000_000n,
          name: "exception",
          attributes: [
            ["exception.type", "TypeError"],
            ["exception.message", "no"],
            ["exception.stacktrace", "at x"],
          ],
        },
      ],
      status: { message: "it broke", code: 2 },
      flags: 0x101,
    });
  });

  it("leaves out what is not set", () => {
    expect(decodeSpan(encodeBody(createRecord()))).toMatchObject({
      parentSpanId: undefined,
      attributes: [["langfuse.observation.type", "span"]],
      events: [],
      status: undefined,
    });
  });

  it("flags a parent in another process", () => {
    const remote = { parentSpanId: "00f067aa0ba902b7", isParentRemote: true };
    expect(decodeSpan(encodeBody(createRecord(remote))).flags).toBe(0x301);
  });

  it("has a status only at level ERROR, with or without a message", () => {
    const statusOf = (level: "ERROR" | "WARNING", statusMessage?: string): unknown =>
      decodeSpan(encodeBody(createRecord({ level, statusMessage }))).status;
    expect(statusOf("WARNING", "careful")).toBeUndefined();
    expect(statusOf("ERROR")).toEqual({ message: undefined, code: 2 });
  });

  it.each([0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32, 2 ** 53 - 1])(
    "writes the whole number %d",
    (promptVersion) => {
      const { attributes } = decodeSpan(encodeBody(createRecord({ promptVersion })));
      expect(new Map(attributes).get("langfuse.observation.prompt.version")).toBe(
        BigInt(promptVersion),
      );
    },
  );

  it("writes lone surrogates as U+FFFD and other characters as they are", () => {
    const decoded = decodeSpan(
      encodeBody(createRecord({ name: "\ud800x\udfff", input: "é日🎭\0" })),
    );
    expect(decoded.name).toBe("\ufffdx\ufffd");
    expect(new Map(decoded.attributes).get("langfuse.observation.input")).toBe("é日🎭\0");
  });

  it.each(["x", "é", "日", "🎭"])("carries megabytes of %s across slabs", (character) => {
    const input = character.repeat(1_048_576);
    const output = character.repeat(65_536);
    const decoded = decodeSpan(encodeBody(createRecord({ input, output, name: character })));
    const attributes = new Map(decoded.attributes);
    expect(attributes.get("langfuse.observation.input") === input).toBe(true);
    expect(attributes.get("langfuse.observation.output") === output).toBe(true);
    expect(decoded.name).toBe(character);
  });

  it("carries an exception whose nested message moves to another slab half-way", () => {
    const stacktrace = "at x\n".repeat(40_000);
    const exceptions = [1, 2, 3].map((timeMs) => ({
      timeMs,
      type: "E",
      message: "m",
      stacktrace,
    }));
    const { events } = decodeSpan(encodeBody(createRecord({ exceptions })));
    expect(events).toHaveLength(3);
    for (const event of events) {
      expect(new Map(event.attributes).get("exception.stacktrace") === stacktrace).toBe(true);
    }
  });

  it.each([
    ["a time before 1970", { startMs: -2e12 }],
    ["a time past the year 2554", { endMs: 1e17 }],
    ["a completion start that is no date", { completionStartMs: Number.NaN }],
    ["a prompt version that is no whole number", { promptVersion: 1.5 }],
    ["a negative prompt version", { promptVersion: -1 }],
  ])("refuses %s, and the next span is whole", (_, fields) => {
    expect(() => encodeBody(createRecord(fields))).toThrow(RangeError);
    expect(decodeSpan(encodeBody(createRecord({ name: "next" }))).name).toBe("next");
  });

  it("gives spans of one name each its own type, parent and root", () => {
    const kind = fc.record({
      name: fc.constantFrom("a", "b", "é", "x".repeat(128), "x".repeat(129), ""),
      type: fc.constantFrom("span" as const, "generation" as const, "tool" as const),
      isRoot: fc.boolean(),
      isParentRemote: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(kind, { maxLength: 30 }), (kinds) => {
        for (const { name, type, isRoot, isParentRemote } of kinds) {
          const body = encodeBody(createRecord({ name, type, isRoot, isParentRemote }));
          const decoded = decodeSpan(body);
          expect(decoded).toMatchObject({ name, kind: 1, flags: isParentRemote ? 0x301 : 0x101 });
          expect(decoded.attributes).toEqual([
            ["langfuse.observation.type", type],
            ...(isRoot ? [["langfuse.internal.is_app_root", true]] : []),
          ]);
        }
      }),
    );
  });

  it("gives each span the attributes of its trace, whichever came before, across slabs and failures", () => {
    const traces = [
      { sessionId: "s-1" },
      { sessionId: "s-2", userId: "ü", tags: ["a", "b"], public: true },
      { sessionId: "long", metadata: new Map([["text", "日".repeat(100)]]) },
      NO_TRACE_ATTRIBUTES,
    ];
    const expected = traces.map((attributes) =>
      decodeAttributes(encodeTraceAttributes(attributes, NO_TRACE_ATTRIBUTES)),
    );
    const step = fc.record({
      which: fc.nat({ max: traces.length - 1 }),
      inputLength: fc.constantFrom(0, 0, 0, 10, 30_000),
      own: fc.constantFrom(NO_TRACE_ATTRIBUTES, NO_TRACE_ATTRIBUTES, { sessionId: "own" }),
      isBroken: fc.constantFrom(false, false, false, true),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const spans = steps.map(({ which, inputLength, own, isBroken }) => {
          const attributes = traces[which] ?? NO_TRACE_ATTRIBUTES;
          if (isBroken) {
            const broken = createRecord({ startMs: -2e12 });
            expect(() => encodeSpan(broken, attributes)).toThrow(RangeError);
          }
          const record = createRecord({ own, input: "x".repeat(inputLength) });
          return { span: encodeSpan(record, attributes), own, expected: expected[which] ?? [] };
        });
        for (const { span, own, expected } of spans) {
          const isOwn = own !== NO_TRACE_ATTRIBUTES;
          expect(decodeAttributes(span.traceAttributes)).toEqual(
            isOwn ? expected.filter(([key]) => key !== "session.id") : expected,
          );
        }
      }),
    );
  });

  it("never changes bytes it has given out", () => {
    const spans = Array.from({ length: 3_000 }, (_, index) =>
      createRecord({ name: `span ${index}`, input: "x".repeat(index % 400) }),
    );
    const bodies: Buffer[] = [];
    const copies: Buffer[] = [];
    for (const span of spans) {
      const body = encodeBody(span);
      bodies.push(body);
      copies.push(Buffer.from(body));
      if (bodies.length % 7 === 0) encodeTraceAttributes({ name: "t" }, NO_TRACE_ATTRIBUTES);
      if (bodies.length % 500 === 0) {
        encodeBody(createRecord({ input: "y".repeat(200_000) }));
        expect(() => encodeBody(createRecord({ startMs: -2e12 }))).toThrow();
      }
    }
    for (const [index, body] of bodies.entries()) {
      expect(body.equals(copies[index] ?? Buffer.alloc(0))).toBe(true);
      expect(decodeSpan(body).name).toBe(`span ${index}`);
    }
  });
});

describe("encodeTraceAttributes", () => {
  it("gives nothing for nothing", () => {
    expect(encodeTraceAttributes(NO_TRACE_ATTRIBUTES, NO_TRACE_ATTRIBUTES)).toHaveLength(0);
  });

  it("can be appended to a span, and leaves out what the span says itself", () => {
    const own = { sessionId: "own", metadata: new Map([["plan", "own"]]) };
    const trace = {
      sessionId: "trace",
      userId: "user",
      tags: ["a"],
      public: false,
      metadata: new Map([
        ["plan", "trace"],
        ["team", "blue"],
      ]),
    };
    const body = Buffer.concat([
      encodeBody(createRecord({ own })),
      encodeTraceAttributes(trace, own),
    ]);
    expect(decodeSpan(body).attributes).toEqual([
      ["langfuse.observation.type", "span"],
      ["session.id", "own"],
      ["langfuse.trace.metadata.plan", "own"],
      ["user.id", "user"],
      ["langfuse.trace.tags", ["a"]],
      ["langfuse.trace.public", false],
      ["langfuse.trace.metadata.team", "blue"],
    ]);
  });

  it("keeps metadata keys of any length and in any number apart", () => {
    const metadata = new Map(
      Array.from({ length: 3_000 }, (_, index) => [
        `${"k".repeat(index % 300)}é${index}`,
        `${index}`,
      ]),
    );
    for (let time = 0; time < 2; time += 1) {
      const attributes = decodeAttributes(encodeTraceAttributes({ metadata }, NO_TRACE_ATTRIBUTES));
      expect(attributes).toEqual(
        [...metadata].map(([key, value]) => [`langfuse.trace.metadata.${key}`, value]),
      );
    }
  });
});
