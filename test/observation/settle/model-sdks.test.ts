import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Anthropic from "@anthropic-ai/sdk";
import { type LanguageModel, streamText } from "ai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useTraced } from "../../support/traced";

const traced = useTraced();

interface Recorded {
  readonly output: unknown;
  readonly usage: unknown;
  readonly model: unknown;
}
async function recorded(name: string): Promise<Recorded> {
  await traced.client.flush();
  const { attributes } = traced.sink.span(name);
  const json = (key: string): unknown => JSON.parse(String(attributes[key])) as unknown;
  return {
    output: json("langfuse.observation.output"),
    usage: json("langfuse.observation.usage_details"),
    model: attributes["langfuse.observation.model.name"],
  };
}

const MESSAGE = {
  id: "m",
  type: "message",
  role: "assistant",
  model: "claude-sonnet-4-5",
  content: [],
};
const EVENTS = [
  { type: "message_start", message: { ...MESSAGE, usage: { input_tokens: 12, output_tokens: 1 } } },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Look" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "ing." } },
  { type: "content_block_stop", index: 0 },
  {
    type: "content_block_start",
    index: 1,
    content_block: { type: "tool_use", id: "t", name: "find", input: {} },
  },
  {
    type: "content_block_delta",
    index: 1,
    delta: { type: "input_json_delta", partial_json: '{"q":"x"}' },
  },
  { type: "content_block_stop", index: 1 },
  { type: "message_delta", delta: { stop_reason: "tool_use" }, usage: { output_tokens: 20 } },
  { type: "message_stop" },
];
const server = createServer((_request, response) => {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const event of EVENTS) {
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  }
  response.end();
});
let anthropic: Anthropic;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  anthropic = new Anthropic({ apiKey: "test", baseURL: `http://127.0.0.1:${port}`, maxRetries: 0 });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe("a stream of Anthropic's client", () => {
  const request = {
    model: "claude-sonnet-4-5",
    max_tokens: 100,
    messages: [{ role: "user" as const, content: "Hi" }],
  };
  const expected = {
    output: {
      role: "assistant",
      content: [
        { type: "text", text: "Looking." },
        { type: "tool_use", id: "t", name: "find", input: { q: "x" } },
      ],
    },
    usage: { input: 12, output: 20 },
    model: "claude-sonnet-4-5",
  };

  it("is recorded as the message, its events being what they were", async () => {
    const stream = await traced.client.observe(
      () => anthropic.messages.create({ ...request, stream: true }),
      { name: "raw", asType: "generation" },
    )();
    const events: unknown[] = [];
    for await (const event of stream) events.push(event);
    expect(events).toEqual(EVENTS);
    expect(await recorded("raw")).toEqual(expected);
  });

  it("by the stream() helper keeps its methods, and is recorded by events alone", async () => {
    const stream = traced.client.observe(() => anthropic.messages.stream(request), {
      name: "helper",
      asType: "generation",
    })();
    const texts: string[] = [];
    const message = await stream.on("text", (text) => texts.push(text)).finalMessage();
    expect([texts, message.stop_reason]).toEqual([["Look", "ing."], "tool_use"]);
    expect(await recorded("helper")).toEqual(expected);
  });
});

describe("streamText of the AI SDK", () => {
  const PARTS = [
    { type: "stream-start", warnings: [] },
    { type: "response-metadata", id: "r", modelId: "tiny-1", timestamp: new Date(0) },
    { type: "text-start", id: "1" },
    { type: "text-delta", id: "1", delta: "Hel" },
    { type: "text-delta", id: "1", delta: "lo" },
    { type: "text-end", id: "1" },
    {
      type: "finish",
      finishReason: "stop",
      usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
    },
  ];
  const model = {
    specificationVersion: "v2",
    provider: "local",
    modelId: "tiny",
    supportedUrls: {},
    doStream: async () => ({
      stream: new ReadableStream({
        start(controller) {
          for (const part of PARTS) controller.enqueue(part);
          controller.close();
        },
      }),
    }),
  } as unknown as LanguageModel; // the part of a model that streamText asks for
  const stream = () =>
    traced.client.observe(() => streamText({ model, prompt: "Hi" }), {
      name: "sdk",
      asType: "generation",
    })();

  it("gives its text as before, and that is recorded", async () => {
    const texts: string[] = [];
    for await (const text of stream().textStream) texts.push(text);
    expect(texts).toEqual(["Hel", "lo"]);
    await traced.client.flush();
    const { attributes } = traced.sink.span("sdk");
    expect(attributes["langfuse.observation.output"]).toBe("Hello");
  });

  it.each<[string, (result: ReturnType<typeof stream>) => Promise<unknown>, unknown]>([
    [
      "its full stream",
      async (result) => {
        let text = "";
        for await (const part of result.fullStream)
          if (part.type === "text-delta") text += part.text;
        return text;
      },
      "Hello",
    ],
    ["a response for the page", (result) => result.toTextStreamResponse().text(), "Hello"],
  ])("is recorded when it is read as %s", async (_way, read, expected) => {
    expect(await read(stream())).toBe(expected);
    await traced.client.flush();
    expect(String(traced.sink.span("sdk").attributes["langfuse.observation.output"])).toContain(
      "Hello",
    );
  });

  it("tells model and usage in its full stream", async () => {
    for await (const _ of stream().fullStream);
    expect(await recorded("sdk")).toEqual({
      output: { role: "assistant", content: "Hello" },
      usage: { input: 3, output: 2, total: 5 },
      model: "tiny-1",
    });
  });

  it("is recorded when only its text is awaited", async () => {
    expect(await stream().text).toBe("Hello");
    await traced.client.flush();
    expect(String(traced.sink.span("sdk").attributes["langfuse.observation.output"])).toContain(
      "Hello",
    );
  });
});
