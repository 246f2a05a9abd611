import { describe, expect, it } from "vitest";
import type { AttributeValue } from "../../../src/studio/ingest/otlp-types";
import type { ObservationRecord } from "../../../src/studio/store/records";
import { attributesOf, mapAttributes, START_NANOS } from "./spans";

type Row = readonly [
  rule: string,
  attributes: Readonly<Record<string, AttributeValue>>,
  expected: Partial<ObservationRecord>,
];

function describeRows(field: string, rows: readonly Row[]): void {
  describe(field, () => {
    it.each(rows)("%s", (_rule, attributes, expected) => {
      expect(mapAttributes(attributes)).toMatchObject(expected);
    });
  });
}

describeRows("session", [
  ["is null without any key", {}, { sessionId: null }],
  ["comes from session.id", { "session.id": "s" }, { sessionId: "s" }],
  [
    "prefers langfuse.session.id",
    { "session.id": "b", "langfuse.session.id": "a" },
    { sessionId: "a" },
  ],
  [
    "falls through an empty one",
    { "session.id": "", "gen_ai.conversation.id": "c" },
    { sessionId: "c" },
  ],
  [
    "comes from metadata of the observation before that of the trace",
    {
      "langfuse.trace.metadata.langfuse_session_id": "t",
      "langfuse.observation.metadata.langfuse_session_id": "o",
    },
    { sessionId: "o" },
  ],
  ["comes from the AI SDK", { "ai.telemetry.metadata.sessionId": "v" }, { sessionId: "v" }],
  ["becomes text when it is a number", { "session.id": 42 }, { sessionId: "42" }],
]);

describeRows("user", [
  ["comes from user.id", { "user.id": "u" }, { userId: "u" }],
  ["prefers langfuse.user.id", { "user.id": "b", "langfuse.user.id": "a" }, { userId: "a" }],
  ["comes from the AI SDK", { "ai.telemetry.metadata.userId": "v" }, { userId: "v" }],
]);

describeRows("tags", [
  [
    "come from a list, sorted, each once",
    { "langfuse.trace.tags": ["b", "a", "b"] },
    { tags: ["a", "b"] },
  ],
  ["come from JSON text", { "langfuse.trace.tags": '["x","y"]' }, { tags: ["x", "y"] }],
  ["come from comma-separated text", { "langfuse.tags": "x, y,,z" }, { tags: ["x", "y", "z"] }],
  ["come from a single text", { "tag.tags": "only" }, { tags: ["only"] }],
  ["are empty without any key", {}, { tags: [] }],
]);

describeRows("public", [
  ["is true for true", { "langfuse.trace.public": true }, { isPublic: true }],
  ["is true for the text", { "langfuse.public": "true" }, { isPublic: true }],
  [
    "is decided by the first key that is there",
    { "langfuse.trace.public": false, "langfuse.public": true },
    { isPublic: false },
  ],
  ["is false otherwise", { "langfuse.trace.public": "yes" }, { isPublic: false }],
]);

describeRows("type", [
  ["is span when nothing says more", {}, { type: "span" }],
  [
    "is what Langfuse's key says",
    { "langfuse.observation.type": "guardrail" },
    { type: "guardrail" },
  ],
  ["falls through another case", { "langfuse.observation.type": "AGENT" }, { type: "span" }],
  ["falls through an unknown one", { "langfuse.observation.type": "__proto__" }, { type: "span" }],
  [
    "prefers Langfuse's key",
    { "langfuse.observation.type": "tool", "openinference.span.kind": "LLM" },
    { type: "tool" },
  ],
  ["reads LLM of OpenInference", { "openinference.span.kind": "LLM" }, { type: "generation" }],
  [
    "reads RETRIEVER of OpenInference",
    { "openinference.span.kind": "RETRIEVER" },
    { type: "retriever" },
  ],
  ["reads chat of GenAI", { "gen_ai.operation.name": "chat" }, { type: "generation" }],
  ["reads embeddings of GenAI", { "gen_ai.operation.name": "embeddings" }, { type: "embedding" }],
  ["reads invoke_agent of GenAI", { "gen_ai.operation.name": "invoke_agent" }, { type: "agent" }],
  ["reads execute_tool of GenAI", { "gen_ai.operation.name": "execute_tool" }, { type: "tool" }],
  [
    "reads the AI SDK's inner call with a model",
    { "ai.operationId": "ai.streamText.doStream", "ai.model.id": "m" },
    { type: "generation" },
  ],
  [
    "ignores the AI SDK's outer call",
    { "ai.operationId": "ai.streamText", "ai.model.id": "m" },
    { type: "span" },
  ],
  [
    "reads the AI SDK's embedding call",
    { "ai.operationId": "ai.embed.doEmbed", "ai.model.id": "m" },
    { type: "embedding" },
  ],
  ["reads a tool's name", { "gen_ai.tool.name": "search" }, { type: "tool", name: "search" }],
  ["is generation with a model", { "gen_ai.request.model": "gpt-4o" }, { type: "generation" }],
]);

describeRows("level", [
  ["is DEFAULT when nothing says more", {}, { level: "DEFAULT" }],
  ["ignores case", { "langfuse.observation.level": "warning" }, { level: "WARNING" }],
  ["knows WARN", { "langfuse.observation.level": "WARN" }, { level: "WARNING" }],
  ["knows fatal", { "langfuse.observation.level": "fatal" }, { level: "ERROR" }],
  ["knows trace", { "langfuse.observation.level": "trace" }, { level: "DEBUG" }],
  ["knows info", { "langfuse.observation.level": "info" }, { level: "DEFAULT" }],
]);

it("takes level and message from the status of a failed span", () => {
  const span = { statusCode: 2, statusMessage: "boom", attributes: new Map() };
  expect(mapAttributes({}, { span })).toMatchObject({ level: "ERROR", statusMessage: "boom" });
});

it("lets the level attribute and the status message attribute win over the span's status", () => {
  const attributes = attributesOf({
    "langfuse.observation.level": "DEBUG",
    "langfuse.observation.status_message": "ours",
  });
  const span = { statusCode: 2, statusMessage: "boom", attributes };
  expect(mapAttributes({}, { span })).toMatchObject({ level: "DEBUG", statusMessage: "ours" });
});

describeRows("model and parameters", [
  [
    "prefer Langfuse's keys",
    {
      "langfuse.observation.model.name": "a",
      "gen_ai.response.model": "b",
      "langfuse.observation.model.parameters": '{"temperature":0.5,"stop":["x"]}',
      "gen_ai.request.temperature": 1,
    },
    { model: "a", modelParameters: { temperature: 0.5, stop: ["x"] } },
  ],
  [
    "take the response's model before the request's",
    { "gen_ai.response.model": "b-2024", "gen_ai.request.model": "b" },
    { model: "b-2024" },
  ],
  [
    "collect single attributes, without the model",
    { "gen_ai.request.model": "m", "gen_ai.request.max_tokens": 9, "gen_ai.request.stop": ["a"] },
    { modelParameters: { max_tokens: 9, stop: '["a"]' } },
  ],
]);

describeRows("usage", [
  ["is empty without any key", {}, { usageDetails: {}, inputTokens: 0, totalTokens: 0 }],
  [
    "adds the total and counts by direction",
    { "langfuse.observation.usage_details": '{"input":10,"input_cached_tokens":4,"output":5}' },
    {
      usageDetails: { input: 10, input_cached_tokens: 4, output: 5, total: 19 },
      inputTokens: 14,
      outputTokens: 5,
      totalTokens: 19,
    },
  ],
  [
    "keeps a given total",
    { "langfuse.observation.usage_details": '{"input":1,"output":1,"total":7}' },
    { totalTokens: 7 },
  ],
  [
    "drops fractions and negatives, reads digits",
    { "langfuse.observation.usage_details": '{"input":1.5,"output":-1,"other":"3"}' },
    { usageDetails: { other: 3, total: 3 } },
  ],
  [
    "reads the shape of OpenAI's chat API",
    {
      "langfuse.observation.usage_details":
        '{"prompt_tokens":10,"completion_tokens":8,"total_tokens":18,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":6}}',
    },
    {
      usageDetails: {
        input: 6,
        input_cached_tokens: 4,
        output: 2,
        output_reasoning_tokens: 6,
        total: 18,
      },
    },
  ],
  [
    "is empty for what is no object",
    { "langfuse.observation.usage_details": "12" },
    { usageDetails: {} },
  ],
  [
    "takes details out of the semantic conventions' counts",
    {
      "gen_ai.usage.input_tokens": 100,
      "gen_ai.usage.cache_read.input_tokens": 30,
      "gen_ai.usage.output_tokens": 50,
      "llm.token_count.completion_details.reasoning": 20,
    },
    {
      usageDetails: {
        input: 70,
        input_cached_tokens: 30,
        output: 30,
        output_reasoning_tokens: 20,
        total: 150,
      },
    },
  ],
  [
    "reads OpenInference",
    { "llm.token_count.prompt": 3, "llm.token_count.completion": 4, "llm.token_count.total": 7 },
    { usageDetails: { input: 3, output: 4, total: 7 } },
  ],
  [
    "is not taken from an agent, which repeats its calls",
    { "gen_ai.operation.name": "invoke_agent", "gen_ai.usage.input_tokens": 3 },
    { usageDetails: {} },
  ],
]);

describeRows("cost", [
  ["is unknown without any key", {}, { costDetails: {}, totalCost: null }],
  [
    "is summed up",
    { "langfuse.observation.cost_details": '{"input":0.25,"output":0.5}' },
    { costDetails: { input: 0.25, output: 0.5, total: 0.75 }, totalCost: 0.75 },
  ],
  ["comes as one number", { "gen_ai.usage.cost": 0.5 }, { costDetails: { total: 0.5 } }],
  ["drops negatives", { "llm.cost.total": -1 }, { totalCost: null }],
]);

const startUs = Number(START_NANOS / 1000n);

describeRows("completion start", [
  ["is null without any key", {}, { completionStartUs: null }],
  [
    "reads ISO",
    { "langfuse.observation.completion_start_time": "2025-11-22T10:20:00.500Z" },
    { completionStartUs: 1_763_806_800_500_000 },
  ],
  [
    "reads ISO with microseconds",
    { "langfuse.observation.completion_start_time": '"2025-11-22T10:20:00.500250+00:00"' },
    { completionStartUs: 1_763_806_800_500_250 },
  ],
  [
    "reads ISO in quotes",
    { "langfuse.observation.completion_start_time": '"2025-11-22T10:20:00.500Z"' },
    { completionStartUs: 1_763_806_800_500_000 },
  ],
  [
    "is null for what is no time",
    { "langfuse.observation.completion_start_time": "soon" },
    { completionStartUs: null },
  ],
  [
    "counts the AI SDK's milliseconds from the start",
    { "ai.response.msToFirstChunk": 250.5 },
    { completionStartUs: startUs + 250_500 },
  ],
]);

describeRows("prompt", [
  [
    "is kept on a generation",
    {
      "langfuse.observation.type": "generation",
      "langfuse.observation.prompt.name": "p",
      "langfuse.observation.prompt.version": 3,
    },
    { promptName: "p", promptVersion: 3 },
  ],
  [
    "is read from the AI SDK's metadata",
    {
      "gen_ai.request.model": "m",
      "ai.telemetry.metadata.langfusePrompt": '{"name":"p","version":2}',
    },
    { promptName: "p", promptVersion: 2 },
  ],
  ["is ignored elsewhere", { "langfuse.observation.prompt.name": "p" }, { promptName: null }],
]);

describeRows("input and output", [
  ["are null without any key", {}, { input: null, output: null }],
  [
    "prefer Langfuse's keys, and one of the two decides both",
    { "langfuse.observation.output": "o", "input.value": "i", "output.value": "x" },
    { input: null, output: "o" },
  ],
  [
    "keep an empty string that Langfuse's key holds",
    { "langfuse.observation.input": "", "input.value": "i" },
    { input: "" },
  ],
  [
    "put system instructions before the messages",
    {
      "gen_ai.system_instructions": '[{"type":"text","content":"be kind"}]',
      "gen_ai.input.messages": '[{"role":"user","parts":[]}]',
      "gen_ai.output.messages": "[]",
    },
    {
      input:
        '[{"role":"system","parts":[{"type":"text","content":"be kind"}]},{"role":"user","parts":[]}]',
      output: "[]",
    },
  ],
  [
    "rebuild numbered messages in order",
    {
      "gen_ai.prompt.1.content": "second",
      "gen_ai.prompt.0.role": "user",
      "gen_ai.prompt.0.content": "first",
      "gen_ai.prompt.999999999.content": "too far",
      "gen_ai.completion.0.content": "answer",
    },
    {
      input: '[{"role":"user","content":"first"},{"content":"second"}]',
      output: '[{"content":"answer"}]',
    },
  ],
  ["read OpenInference", { "input.value": "i", "output.value": "o" }, { input: "i", output: "o" }],
  [
    "read Traceloop",
    { "traceloop.entity.input": "i", "traceloop.entity.output": "o" },
    { input: "i", output: "o" },
  ],
  ["read the AI SDK", { "ai.prompt": "i", "ai.response.text": "o" }, { input: "i", output: "o" }],
  [
    "are JSON when they are structures",
    { "input.value": new Map([["a", [1]]]) },
    { input: '{"a":[1]}' },
  ],
]);

describe("metadata", () => {
  it("overlays the JSON of the bare key with single keys, and reads JSON values back", () => {
    const record = mapAttributes({
      "langfuse.observation.metadata": '{"a":1,"b":2}',
      "langfuse.observation.metadata.b": '{"deep":true}',
      "langfuse.observation.metadata.c": "text",
      "langfuse.trace.metadata.t": "of the trace",
    });
    expect(record.metadata).toEqual({ a: 1, b: { deep: true }, c: "text" });
    expect(record.traceMetadata).toEqual({ t: "of the trace" });
  });

  it("keeps metadata that is not an object under the name metadata", () => {
    expect(mapAttributes({ "langfuse.observation.metadata": "[1,2]" }).metadata).toEqual({
      metadata: [1, 2],
    });
  });

  it("keeps leftover attributes of a foreign scope as text, without those that became a field", () => {
    const record = mapAttributes(
      { "http.status_code": 200, list: ["a"], "session.id": "s", "input.value": "i" },
      { scopeName: "somebody-elses" },
    );
    expect(record.metadata).toEqual({ attributes: { "http.status_code": "200", list: '["a"]' } });
  });

  it.each(["session.id", "user.id", "input.value", "ai.prompt", "gen_ai.tool.call.result"])(
    "keeps leftover attributes whose names only begin with %s, which became a field",
    (key) => {
      const { metadata } = mapAttributes(
        { [key]: "field", [`${key}entity.provider`]: "left", [`${key}.timeout`]: 5 },
        { scopeName: "somebody-elses" },
      );
      expect(metadata).toEqual({
        attributes: { [`${key}entity.provider`]: "left", [`${key}.timeout`]: "5" },
      });
    },
  );

  it("keeps no leftover attributes of an SDK of ours", () => {
    expect(mapAttributes({ odd: 1 }, { scopeName: "playhead" }).metadata).toEqual({});
    expect(mapAttributes({ odd: 1 }, { scopeName: "langfuse-sdk" }).metadata).toEqual({});
  });

  it("reaches no prototype with keys named __proto__", () => {
    const record = mapAttributes(
      {
        "langfuse.observation.metadata.__proto__": '{"polluted":true}',
        "langfuse.observation.metadata": '{"__proto__":{"polluted":true}}',
        "langfuse.observation.usage_details": '{"__proto__":5,"constructor":2}',
        ["__proto__" as string]: "own",
      },
      { scopeName: "x" },
    );
    expect(Object.getOwnPropertyNames(record.metadata)).toContain("__proto__");
    expect(Object.getPrototypeOf(record.metadata)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(record.usageDetails["constructor"]).toBe(2);
  });

  it("leaves JSON that is nested beyond measure as text", () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    const record = mapAttributes({ "langfuse.observation.metadata.deep": deep });
    expect(record.metadata).toEqual({ deep });
  });
});

describe("environment, release and version", () => {
  it.each([
    [{ "langfuse.environment": "Prod" }, {}, "prod"],
    [{}, { "langfuse.environment": "staging" }, "staging"],
    [{ "deployment.environment.name": "a" }, { "langfuse.environment": "b" }, "b"],
    [{ "langfuse.environment": "langfuse-langfuse_x" }, {}, "x"],
    [{ "langfuse.environment": "not a name!" }, {}, "default"],
    [{ "langfuse.environment": "e".repeat(50) }, {}, "e".repeat(40)],
    [{}, {}, "default"],
  ])("turn %o on the span and %o on the resource into %s", (attributes, resource, expected) => {
    // The tables differ in their keys; each is a table of attributes.
    const table = attributes as Record<string, AttributeValue>;
    const ofResource = resource as Record<string, AttributeValue>;
    expect(mapAttributes(table, { resource: ofResource }).environment).toBe(expected);
  });

  it("come from the span before the resource", () => {
    const resource = { "langfuse.release": "r2", "service.version": "v2" };
    expect(mapAttributes({}, { resource })).toMatchObject({ release: "r2", version: "v2" });
    expect(
      mapAttributes({ "langfuse.release": "r1", "langfuse.version": "v1" }, { resource }),
    ).toMatchObject({ release: "r1", version: "v1" });
  });
});

describe("name", () => {
  it("is the span's name, unless a convention says better", () => {
    expect(mapAttributes({}).name).toBe("span name");
    expect(mapAttributes({ "ai.operationId": "ai.streamText" }).name).toBe("ai.streamText");
    expect(
      mapAttributes({ "ai.operationId": "ai.streamText", "ai.telemetry.functionId": "chat" }).name,
    ).toBe("chat:ai.streamText");
  });
});

describe("times", () => {
  it("are microseconds, with the nanoseconds beside them", () => {
    expect(mapAttributes({})).toMatchObject({
      startUs,
      startNs: 789,
      endUs: startUs + 1_000_000,
    });
  });

  it.each([
    ["a missing end is the start", { endTimeUnixNano: 0n }, startUs, startUs],
    [
      "a missing start is the end",
      { startTimeUnixNano: 0n },
      startUs + 1_000_000,
      startUs + 1_000_000,
    ],
    ["both missing are now", { startTimeUnixNano: 0n, endTimeUnixNano: 0n }, 1.7e15, 1.7e15],
    ["an end before the start is the start", { endTimeUnixNano: 5n }, startUs, startUs],
    [
      "a time past the year 2255 is cut",
      { startTimeUnixNano: 2n ** 64n - 1n, endTimeUnixNano: 0n },
      Number.MAX_SAFE_INTEGER,
      Number.MAX_SAFE_INTEGER,
    ],
  ])("%s", (_rule, times, expectedStart, expectedEnd) => {
    const span = { attributes: new Map(), ...times };
    expect(mapAttributes({}, { span })).toMatchObject({
      startUs: expectedStart,
      endUs: expectedEnd,
    });
  });
});

it("keeps exceptions that were recorded as span events, in order", () => {
  const exception = (type: string) => ({
    name: "exception",
    attributes: attributesOf({ "exception.type": type, "exception.message": "m" }),
  });
  const events = [exception("A"), { name: "other", attributes: new Map() }, exception("B")];
  expect(mapAttributes({}, { span: { events, attributes: new Map() } }).exceptions).toEqual([
    { type: "A", message: "m", stacktrace: null },
    { type: "B", message: "m", stacktrace: null },
  ]);
});

it("marks the application's root and keeps the parent", () => {
  const record = mapAttributes(
    {},
    {
      span: {
        parentSpanId: "ff",
        attributes: attributesOf({ "langfuse.internal.is_app_root": true }),
      },
    },
  );
  expect(record).toMatchObject({ isAppRoot: true, parentId: "ff" });
});
