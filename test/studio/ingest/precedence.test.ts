import { describe, expect, it } from "vitest";
import { mapSpan } from "../../../src/studio/ingest/map-span";
import type { AttributeValue, OtlpEvent } from "../../../src/studio/ingest/otlp-types";
import type { ObservationRecord } from "../../../src/studio/store/records";
import { attributesOf, mapAttributes } from "./spans";

type Table = Readonly<Record<string, AttributeValue>>;

/** Each source alone gives its own name; together the first one of the rest wins. */
function describePrecedence(
  field: string,
  sources: readonly (readonly [name: string, attributes: Table])[],
  of: (record: ObservationRecord) => unknown,
  options: Parameters<typeof mapAttributes>[1] = {},
): void {
  describe(field, () => {
    it.each(sources.map(([name, attributes]) => ({ name, attributes })))(
      "comes from $name",
      ({ name, attributes }) => expect(of(mapAttributes(attributes, options))).toEqual(name),
    );

    it.each(sources.slice(0, -1).map(([name], index) => ({ name, index })))(
      "comes from $name before all that follow",
      ({ name, index }) => {
        const rest = Object.assign(
          {},
          ...sources
            .slice(index)
            .map(([, table]) => table)
            .reverse(),
        );
        expect(of(mapAttributes(rest, options))).toEqual(name);
      },
    );
  });
}

const single = (keys: readonly string[]): [string, Table][] =>
  keys.map((key) => [key, { [key]: key }]);

describePrecedence(
  "session",
  single([
    "langfuse.session.id",
    "session.id",
    "gen_ai.conversation.id",
    "langfuse.observation.metadata.langfuse_session_id",
    "langfuse.trace.metadata.langfuse_session_id",
    "ai.telemetry.metadata.sessionId",
    "traceloop.association.properties.session_id",
  ]),
  ({ sessionId }) => sessionId,
);

describePrecedence(
  "user",
  single([
    "langfuse.user.id",
    "user.id",
    "langfuse.observation.metadata.langfuse_user_id",
    "langfuse.trace.metadata.langfuse_user_id",
    "ai.telemetry.metadata.userId",
    "traceloop.association.properties.user_id",
  ]),
  ({ userId }) => userId,
);

describePrecedence(
  "tags",
  single([
    "langfuse.trace.tags",
    "langfuse.tags",
    "langfuse.observation.metadata.langfuse_tags",
    "langfuse.trace.metadata.langfuse_tags",
    "ai.telemetry.metadata.tags",
    "tag.tags",
    "logfire.tags",
  ]),
  ({ tags }) => tags.join(),
);

describePrecedence(
  "name",
  single(["gen_ai.tool.name", "genkit:name", "logfire.msg", "ai.toolCall.name", "ai.operationId"]),
  ({ name }) => name,
);

describePrecedence(
  "model",
  single([
    "langfuse.observation.model.name",
    "gen_ai.response.model",
    "ai.model.id",
    "gen_ai.request.model",
    "llm.response.model",
    "llm.model_name",
    "model",
  ]),
  ({ model }) => model,
);

describePrecedence(
  "environment",
  [
    ["langfuse", { "langfuse.environment": "no-prefix" }],
    ["b", { "deployment.environment.name": "b" }],
    ["c", { "deployment.environment": "c" }],
  ].map(([name, table], index) => [index === 0 ? "no-prefix" : String(name), table as Table]),
  ({ environment }) => environment,
);

describePrecedence(
  "model parameters",
  [
    ["langfuse", { "langfuse.observation.model.parameters": '{"from":"langfuse"}' }],
    ["openinference", { "llm.invocation_parameters": '{"from":"openinference"}' }],
    ["pydantic", { model_config: '{"from":"pydantic"}' }],
    ["gen_ai", { "gen_ai.request.from": "gen_ai" }],
    [
      "openinference, one by one",
      { "llm.invocation_parameters.from": "openinference, one by one" },
    ],
  ],
  ({ modelParameters }) => modelParameters["from"],
);

describePrecedence(
  "type",
  [
    ["guardrail", { "langfuse.observation.type": "guardrail" }],
    ["retriever", { "openinference.span.kind": "RETRIEVER" }],
    ["agent", { "gen_ai.operation.name": "invoke_agent" }],
    ["evaluator", { "genkit:metadata:subtype": "evaluator" }],
    ["embedding", { "ai.operationId": "ai.embed.doEmbed", "ai.model.id": "m" }],
    ["tool", { "ai.toolCall.name": "t" }],
    ["chain", { "traceloop.span.kind": "workflow" }],
    ["retriever", { "mlflow.spanType": '"RETRIEVER"' }],
    ["generation", { "llm.model_name": "m" }],
  ],
  ({ type }) => type,
);

/** Each source gives another amount, which is told by the name of its source. */
function describeAmounts(
  field: string,
  sources: readonly (readonly [key: string, of: (amount: number) => AttributeValue])[],
  amountOf: (record: ObservationRecord) => number | undefined,
): void {
  describePrecedence(
    field,
    sources.map(([key, of], index) => [key, { [key]: of(index + 1) }]),
    (record) => sources[(amountOf(record) ?? 0) - 1]?.[0],
  );
}

const plain = (keys: readonly string[]): [string, (amount: number) => number][] =>
  keys.map((key) => [key, (amount) => amount]);

describeAmounts(
  "input tokens",
  [
    ["langfuse.observation.usage_details", (input) => JSON.stringify({ input })],
    ...plain([
      "gen_ai.usage.input_tokens",
      "gen_ai.usage.prompt_tokens",
      "gen_ai.usage.details.input_tokens",
      "gen_ai.usage.prompt",
      "llm.token_count.prompt",
    ]),
  ],
  ({ usageDetails }) => usageDetails["input"],
);

describeAmounts(
  "output tokens",
  [
    ["langfuse.observation.usage_details", (output) => JSON.stringify({ output })],
    ...plain([
      "gen_ai.usage.output_tokens",
      "gen_ai.usage.completion_tokens",
      "gen_ai.usage.details.output_tokens",
      "gen_ai.usage.completion",
      "llm.token_count.completion",
    ]),
  ],
  ({ usageDetails }) => usageDetails["output"],
);

describeAmounts(
  "total tokens",
  plain(["gen_ai.usage.total_tokens", "llm.usage.total_tokens", "llm.token_count.total"]),
  ({ usageDetails }) => usageDetails["total"],
);

describeAmounts(
  "cost",
  [
    ["langfuse.observation.cost_details", (total) => JSON.stringify({ total })],
    ...plain(["gen_ai.usage.cost", "llm.cost.total"]),
  ],
  ({ totalCost }) => totalCost ?? undefined,
);

/** Attributes whose two sides are what they are named after. */
const pair = (name: string, input: string, output: string): [string, Table] => [
  `${name} in, ${name} out`,
  { [input]: `${name} in`, [output]: `${name} out` },
];

const sides = ({ input, output }: ObservationRecord): string => `${input}, ${output}`;

describePrecedence(
  "input and output",
  [
    pair("langfuse", "langfuse.observation.input", "langfuse.observation.output"),
    pair("genkit", "genkit:input", "genkit:output"),
    pair("vertex", "gcp.vertex.agent.llm_request", "gcp.vertex.agent.llm_response"),
    pair("logfire", "prompt", "all_messages_events"),
    pair("livekit", "lk.input_text", "lk.response.text"),
    pair("mlflow", "mlflow.spanInputs", "mlflow.spanOutputs"),
    pair("traceloop", "traceloop.entity.input", "traceloop.entity.output"),
    pair("openinference", "input.value", "output.value"),
    pair("bare", "input", "output"),
    pair("pydantic", "pydantic_ai.all_messages", "final_result"),
    pair("pydantic tool", "tool_arguments", "tool_response"),
    pair("gen_ai", "gen_ai.input.messages", "gen_ai.output.messages"),
    pair("gen_ai tool", "gen_ai.tool.call.arguments", "gen_ai.tool.call.result"),
    pair("ai, in another scope", "ai.prompt", "ai.response.text"),
  ],
  sides,
);

describe("input and output", () => {
  it("of the AI SDK's own scope come before all but Langfuse's and Genkit's", () => {
    const table = {
      "ai.prompt.messages": "messages",
      "ai.prompt": "prompt",
      "ai.response.text": "text",
      "input.value": "other",
    };
    expect(sides(mapAttributes(table, { scopeName: "ai" }))).toBe("messages, text");
    const own = { ...table, "langfuse.observation.input": "own" };
    expect(sides(mapAttributes(own, { scopeName: "ai" }))).toBe("own, null");
  });

  it("around a tool of the agent kit are those of the tool", () => {
    const table = {
      "gcp.vertex.agent.llm_request": "{}",
      "gcp.vertex.agent.llm_response": "{}",
      "gcp.vertex.agent.tool_call_args": "a",
      "gcp.vertex.agent.tool_response": "b",
    };
    expect(sides(mapAttributes(table))).toBe("a, b");
  });

  it("come from Logfire's list of events", () => {
    const events = [
      { "event.name": "gen_ai.user.message", content: "hi" },
      { "event.name": "gen_ai.choice", message: { content: "hello" } },
    ];
    const { input, output } = mapAttributes({ events: JSON.stringify(events) });
    expect(JSON.parse(input ?? "")).toEqual([events[0]]);
    expect(JSON.parse(output ?? "")).toEqual(events[1]);
  });

  it("take each message of OpenInference out of its wrapping", () => {
    const record = mapAttributes({
      "llm.input_messages.0.message.role": "user",
      "llm.input_messages.0.message.content": "hi",
      "llm.output_messages.0.message.tool_calls.0.tool_call.function.name": "f",
      "llm.output_messages.0.message.tool_calls.0.tool_call.id": "1",
    });
    expect(JSON.parse(record.input ?? "")).toEqual([{ role: "user", content: "hi" }]);
    expect(JSON.parse(record.output ?? "")).toEqual([
      { tool_calls: [{ function: { name: "f" }, id: "1" }] },
    ]);
  });

  it("of the trace stand in for a root that has captured nothing, and for no other", () => {
    const table = { "langfuse.trace.input": "i", "langfuse.trace.output": "o" };
    expect(sides(mapAttributes(table))).toBe("i, o");
    const attributes = attributesOf(table);
    expect(sides(mapAttributes({}, { span: { parentSpanId: "p", attributes } }))).toBe(
      "null, null",
    );
    expect(sides(mapAttributes({ ...table, "langfuse.observation.output": "x" }))).toBe("null, x");
  });
});

describe("span events", () => {
  const event = (name: string, table: Table): OtlpEvent => ({
    name,
    attributes: attributesOf(table),
  });
  const mapEvents = (...events: OtlpEvent[]): ObservationRecord =>
    mapAttributes(
      {},
      { span: { events, attributes: attributesOf({ "input.value": "attribute" }) } },
    );

  const details = event("gen_ai.client.inference.operation.details", {
    "gen_ai.input.messages": "[1]",
    "gen_ai.output.messages": "[2]",
  });
  const messages = [
    event("gen_ai.system.message", { content: "be kind" }),
    event("gen_ai.user.message", { content: "hi" }),
    event("gen_ai.choice", { index: 0, message: "hello" }),
  ];
  const contents = [
    event("gen_ai.content.prompt", { "gen_ai.prompt": "p" }),
    event("gen_ai.content.completion", { "gen_ai.completion": "c" }),
  ];

  it("with the details of the call come first", () => {
    expect(sides(mapEvents(...contents, ...messages, details))).toBe("[1], [2]");
  });

  it("with one message each come second", () => {
    const { input, output } = mapEvents(...contents, ...messages);
    expect(JSON.parse(input ?? "")).toEqual([
      { role: "system", content: "be kind" },
      { role: "user", content: "hi" },
    ]);
    expect(JSON.parse(output ?? "")).toEqual({ index: 0, message: "hello" });
  });

  it("with the contents come third, and before attributes", () => {
    expect(sides(mapEvents(...contents))).toBe("p, c");
  });
});

describe("usage", () => {
  it("of MLflow comes from its JSON", () => {
    const usage =
      '{"input_tokens":5,"output_tokens":2,"total_tokens":7,"cache_read_input_tokens":3}';
    expect(mapAttributes({ "mlflow.chat.tokenUsage": usage }).usageDetails).toEqual({
      input: 2,
      input_cached_tokens: 3,
      output: 2,
      total: 7,
    });
  });

  it("takes audio out of its direction", () => {
    const table = {
      "llm.token_count.prompt": 10,
      "llm.token_count.prompt_details.audio": 4,
      "llm.token_count.completion": 8,
      "llm.token_count.completion_details.audio": 3,
    };
    expect(mapAttributes(table).usageDetails).toEqual({
      input: 6,
      input_audio_tokens: 4,
      output: 5,
      output_audio_tokens: 3,
      total: 18,
    });
  });
});

it("calls a span of Python's SDK up to 3.3 a generation when it has a model", () => {
  const typeOf = (version: string): string =>
    mapSpan(
      {
        traceId: "t",
        spanId: "s",
        parentSpanId: "",
        name: "n",
        startTimeUnixNano: 1n,
        endTimeUnixNano: 2n,
        attributes: attributesOf({
          "langfuse.observation.type": "span",
          "langfuse.observation.model.name": "m",
        }),
        events: [],
        statusCode: 0,
        statusMessage: "",
        problems: [],
      },
      {
        resource: attributesOf({ "telemetry.sdk.language": "python" }),
        scope: { name: "langfuse-sdk", version, attributes: new Map() },
        origin: {},
        nowMs: 0,
      },
    ).type;
  expect(["3.3.0", "2.60.1", "3.4.0", "4.0.0"].map(typeOf)).toEqual([
    "generation",
    "generation",
    "span",
    "span",
  ]);
});
