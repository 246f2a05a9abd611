import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { observationsOf } from "../../../src/studio/ingest/ingest-otlp";
import type { ObservationRecord } from "../../../src/studio/store/records";

/**
 * What five libraries sent for one conversation about the weather, through OpenTelemetry's own
 * exporter: `ai` 5.0.277, `@arizeai/openinference-instrumentation-openai` 4.2.7,
 * `@traceloop/instrumentation-openai` 0.27.0 and, with numbered messages,
 * `@traceloop/node-server-sdk` 0.11, and `@pydantic/logfire-api` 0.9.0.
 */
function recorded(name: string): ObservationRecord[] {
  const body = readFileSync(new URL(`../../fixtures/otlp/${name}.json`, import.meta.url));
  return observationsOf(body, "json", 0);
}

function named(records: readonly ObservationRecord[], name: string): ObservationRecord {
  const found = records.find((record) => record.name === name);
  if (found === undefined) throw new Error(`Expected ${name} among ${records.map((r) => r.name)}`);
  return found;
}

const parsed = (text: string | null): unknown => JSON.parse(text ?? "null");

it("reads a conversation of the AI SDK", () => {
  const records = recorded("vercel-ai-sdk");
  for (const record of records) {
    expect(record).toMatchObject({ sessionId: "ai-session", userId: "ai-user" });
    expect(record.tags).toEqual(["blue", "green"]);
    expect(record.metadata["plan"]).toBe("pro");
    expect(record.metadata).not.toHaveProperty("sessionId");
  }
  const call = named(records, "weather:ai.generateText.doGenerate");
  expect(call).toMatchObject({
    type: "generation",
    model: "mock-large-2025",
    promptName: "weather",
    promptVersion: 3,
    usageDetails: { input: 50, input_cached_tokens: 32, output: 17, total: 99 },
    modelParameters: { maxTokens: 100, temperature: 0.2, maxRetries: 2, system: "mock.chat" },
  });
  expect(parsed(call.input)).toMatchObject([{ role: "system" }, { role: "user" }]);
  expect(parsed(call.output)).toEqual({
    role: "assistant",
    content: "Let me look.",
    tool_calls: [{ toolCallId: "call_1", toolName: "get_weather", input: '{"city":"Berlin"}' }],
  });
  expect(named(records, "get_weather")).toMatchObject({
    type: "tool",
    input: '{"city":"Berlin"}',
    output: '{"celsius":14,"sky":"rain"}',
  });
  expect(named(records, "weather:ai.generateText")).toMatchObject({
    type: "span",
    usageDetails: {},
    output: "It is 14 °C and raining in Berlin.",
  });
});

it("reads the first chunk, the reasoning and the embeddings of the AI SDK", () => {
  const records = recorded("vercel-ai-sdk");
  const streamed = named(records, "weather:ai.streamText.doStream");
  expect(streamed.completionStartUs).toBe(streamed.startUs + 1487);
  expect(streamed.usageDetails).toEqual({
    input: 50,
    input_cached_tokens: 32,
    output: 12,
    output_reasoning_tokens: 5,
    total: 99,
  });
  expect(named(records, "weather:ai.generateObject.doGenerate").output).toBe('{"sky":"rain"}');
  expect(named(records, "weather:ai.embed.doEmbed")).toMatchObject({
    type: "embedding",
    model: "mock-embed",
    usageDetails: { input: 4, total: 4 },
  });
});

it("reads a conversation of OpenInference", () => {
  const [first, second, ...others] = recorded("openinference");
  expect(others).toEqual([]);
  expect(first).toMatchObject({
    type: "generation",
    model: "gpt-4o-mini-2024-07-18",
    sessionId: "oi-session",
    userId: "oi-user",
    tags: ["blue", "green"],
    modelParameters: { temperature: 0.2, max_tokens: 100 },
    usageDetails: {
      input: 50,
      input_cached_tokens: 32,
      input_audio_tokens: 0,
      output: 12,
      output_reasoning_tokens: 5,
      output_audio_tokens: 0,
      total: 99,
    },
  });
  expect(first?.metadata["plan"]).toBe("pro");
  expect(parsed(second?.input ?? null)).toMatchObject({ model: "gpt-4o-mini" });
  expect(parsed(second?.output ?? null)).toMatchObject({ id: "chatcmpl-1" });
});

it("reads a conversation of OpenLLMetry, in the conventions of today", () => {
  const [first] = recorded("openllmetry");
  expect(first).toMatchObject({
    name: "chat gpt-4o-mini",
    type: "generation",
    model: "gpt-4o-mini-2024-07-18",
    modelParameters: { max_tokens: 100, temperature: 0.2 },
    usageDetails: { input: 82, output: 17, total: 99 },
  });
  expect(parsed(first?.input ?? null)).toEqual([
    { role: "system", parts: [{ type: "text", content: "Answer briefly." }] },
    { role: "user", parts: [{ type: "text", content: "How is the weather in Berlin?" }] },
  ]);
  expect(parsed(first?.output ?? null)).toMatchObject([{ role: "assistant" }]);
});

it("reads a workflow of OpenLLMetry, with messages that are numbered", () => {
  const records = recorded("openllmetry-numbered");
  for (const record of records) {
    expect(record).toMatchObject({ sessionId: "tl-session", userId: "tl-user" });
  }
  expect(named(records, "answer.workflow")).toMatchObject({
    type: "chain",
    input: '{"args":["How is the weather?"],"kwargs":{}}',
    output: '"It is raining."',
  });
  expect(named(records, "get_weather.tool").type).toBe("tool");
  const call = named(records, "openai.chat");
  expect(call).toMatchObject({ type: "generation", usageDetails: { input: 82, output: 17 } });
  expect(parsed(call.input)).toEqual([
    { role: "system", content: "Answer briefly." },
    { role: "user", content: "How is the weather in Berlin?" },
  ]);
  expect(parsed(call.output)).toEqual([
    {
      finish_reason: "tool_calls",
      role: "assistant",
      content: "",
      tool_calls: [{ name: "get_weather", arguments: '{"city":"Berlin"}' }],
    },
  ]);
});

it("reads names, levels and tags of Logfire", () => {
  const records = recorded("logfire");
  expect(named(records, "answer How is the weather?")).toMatchObject({
    level: "DEFAULT",
    tags: ["blue"],
  });
  expect(named(records, "looked up Berlin").metadata["attributes"]).toMatchObject({
    city: "Berlin",
    found: '{"celsius":14}',
  });
  expect(named(records, "slow").level).toBe("WARNING");
});
