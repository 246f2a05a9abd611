import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useTraced } from "../../support/traced";

const traced = useTraced();

const delta = (fields: object, index = 0): object => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1,
  model: "gpt-4o-2024-08-06",
  choices: [{ index, delta: fields, finish_reason: null }],
});
const USAGE = {
  prompt_tokens: 20,
  completion_tokens: 8,
  total_tokens: 28,
  prompt_tokens_details: { cached_tokens: 5, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 3 },
};
const LAST = { ...delta({}), choices: [], usage: USAGE };
const TEXT = [
  delta({ role: "assistant", content: "" }),
  delta({ content: "Grüß" }),
  delta({ content: " Gott" }),
];
const call = (index: number, fields: object): object =>
  delta({ tool_calls: [{ index, ...fields }] });

/** By the model that is asked for. */
const STREAMS: Readonly<Record<string, readonly object[]>> = {
  text: [...TEXT, LAST],
  broken: TEXT,
  endless: TEXT,
  tools: [
    call(0, { id: "a", type: "function", function: { name: "find", arguments: "" } }),
    call(1, { id: "b", type: "function", function: { name: "read", arguments: '{"y"' } }),
    call(0, { function: { arguments: '{"x":1}' } }),
    call(1, { function: { arguments: ":2}" } }),
    LAST,
  ],
  two: [
    delta({ content: "A" }),
    delta({ content: "B" }, 1),
    delta({ content: "a" }),
    delta({ content: "b" }, 1),
  ],
};
const RESPONSE = {
  id: "resp_1",
  object: "response",
  model: "gpt-5",
  status: "completed",
  output: [
    {
      type: "message",
      id: "m1",
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text: "Hi!", annotations: [] }],
    },
  ],
  usage: {
    input_tokens: 10,
    output_tokens: 4,
    total_tokens: 14,
    input_tokens_details: { cached_tokens: 4 },
    output_tokens_details: { reasoning_tokens: 0 },
  },
};
const EVENTS = [
  { type: "response.created", response: { ...RESPONSE, output: [], usage: null } },
  {
    type: "response.output_item.added",
    output_index: 0,
    item: { type: "message", id: "m1", role: "assistant", content: [] },
  },
  {
    type: "response.content_part.added",
    output_index: 0,
    content_index: 0,
    item_id: "m1",
    part: { type: "output_text", text: "", annotations: [] },
  },
  {
    type: "response.output_text.delta",
    output_index: 0,
    content_index: 0,
    item_id: "m1",
    delta: "Hi",
  },
  {
    type: "response.output_text.delta",
    output_index: 0,
    content_index: 0,
    item_id: "m1",
    delta: "!",
  },
  { type: "response.completed", response: RESPONSE },
];

const server = createServer((request, response) => {
  let body = "";
  request.on("data", (part) => (body += part));
  request.on("end", () => answer(request.url ?? "", JSON.parse(body || "{}"), response));
});
function answer(
  url: string,
  body: { model: string; stream?: boolean },
  response: ServerResponse,
): void {
  const isResponses = url.endsWith("/responses");
  if (!body.stream) {
    const message = { role: "assistant", content: "whole", refusal: null };
    const whole = {
      ...delta({}),
      object: "chat.completion",
      choices: [{ index: 0, message }],
      usage: USAGE,
    };
    response.writeHead(200, { "content-type": "application/json", "x-request-id": "req_1" });
    response.end(JSON.stringify(isResponses ? RESPONSE : whole));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const chunk of isResponses ? EVENTS : (STREAMS[body.model] ?? [])) {
    response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  }
  if (body.model === "broken") setImmediate(() => response.destroy());
  else if (body.model !== "endless") response.end("data: [DONE]\n\n");
}
let openai: OpenAI;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  openai = new OpenAI({ apiKey: "test", baseURL: `http://127.0.0.1:${port}/v1`, maxRetries: 0 });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const request = (model: string) => ({
  model,
  messages: [{ role: "user" as const, content: "Hello" }],
});
const createStream = (model: string) =>
  traced.client.observe(
    () => openai.chat.completions.create({ ...request(model), stream: true as const }),
    { name: "chat", asType: "generation" },
  )();

interface Recorded {
  readonly output: unknown;
  readonly usage: unknown;
  readonly model: unknown;
  readonly status: string | undefined;
}
async function recorded(name = "chat"): Promise<Recorded> {
  await traced.client.flush();
  const { attributes, statusMessage } = traced.sink.span(name);
  const json = (key: string): unknown => {
    const text = attributes[key];
    return text === undefined ? undefined : (JSON.parse(String(text)) as unknown);
  };
  return {
    output: json("langfuse.observation.output"),
    usage: json("langfuse.observation.usage_details"),
    model: attributes["langfuse.observation.model.name"],
    status: statusMessage,
  };
}
const GREETING = { role: "assistant", content: "Grüß Gott" };
const CHAT_USAGE = {
  input: 15,
  input_cached_tokens: 5,
  output: 5,
  output_reasoning_tokens: 3,
  total: 28,
};

describe("a stream of the openai client", () => {
  it("is recorded as the message, with model and usage; its chunks are what they were", async () => {
    const promise = createStream("text");
    expect(typeof promise.withResponse).toBe("function");
    const stream = await promise;
    const chunks: unknown[] = [];
    for await (const chunk of stream) chunks.push(chunk);

    expect(chunks).toEqual(STREAMS["text"]);
    expect(await recorded()).toEqual({
      output: GREETING,
      usage: CHAT_USAGE,
      model: "gpt-4o-2024-08-06",
      status: "",
    });
    const { attributes } = traced.sink.span("chat");
    const timeline = JSON.parse(String(attributes["playhead.stream.timeline"])) as number[];
    expect((timeline[1] ?? 0) + (timeline[3] ?? 0)).toBe("Grüß Gott".length);
    expect(attributes["langfuse.observation.completion_start_time"]).toMatch(/^"\d{4}-/);
  });

  it("is recorded when it is taken by withResponse", async () => {
    const { data, response, request_id } = await createStream("text").withResponse();
    expect([response.status, request_id]).toEqual([200, null]);
    for await (const _ of data);
    expect((await recorded()).output).toEqual(GREETING);
  });

  it("is recorded when it is split, or read as a ReadableStream", async () => {
    const [left, right] = (await createStream("text")).tee();
    const texts: string[] = [];
    for await (const chunk of left) texts.push(chunk.choices[0]?.delta.content ?? "");
    for await (const chunk of right) texts.push(chunk.choices[0]?.delta.content ?? "");
    expect(texts.join("")).toBe("Grüß GottGrüß Gott");
    expect((await recorded()).output).toEqual(GREETING);

    const readable = (
      await traced.client.observe(
        () => openai.chat.completions.create({ ...request("text"), stream: true }),
        { name: "readable" },
      )()
    ).toReadableStream();
    for await (const _ of readable as unknown as AsyncIterable<unknown>);
    expect((await recorded("readable")).output).toEqual(GREETING);
  });

  it("that is left early, or aborted, ends with what came and without an error", async () => {
    for await (const chunk of await createStream("text")) {
      if (chunk.choices[0]?.delta.content === "Grüß") break;
    }
    expect(await recorded()).toMatchObject({ output: { content: "Grüß" }, status: "" });

    const aborted = await traced.client.observe(
      () => openai.chat.completions.create({ ...request("endless"), stream: true }),
      { name: "aborted" },
    )();
    setImmediate(() => aborted.controller.abort());
    for await (const _ of aborted);
    expect((await recorded("aborted")).status).toBe("");
  });

  it("that breaks off records the error and what came, and fails for the caller", async () => {
    const stream = await createStream("broken");
    const read = async (): Promise<void> => {
      for await (const _ of stream);
    };
    const error = await read().catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(Error);
    expect(await recorded()).toMatchObject({
      output: GREETING,
      status: (error as Error).message,
    });
  });

  it("with parallel tool calls keeps them apart, and with several choices keeps all", async () => {
    for await (const _ of await createStream("tools"));
    expect((await recorded()).output).toEqual({
      role: "assistant",
      content: null,
      tool_calls: [
        { id: "a", type: "function", function: { name: "find", arguments: '{"x":1}' } },
        { id: "b", type: "function", function: { name: "read", arguments: '{"y":2}' } },
      ],
    });
    const both = await traced.client.observe(
      () => openai.chat.completions.create({ ...request("two"), n: 2, stream: true }),
      { name: "both" },
    )();
    for await (const _ of both);
    expect((await recorded("both")).output).toEqual({
      choices: [
        { index: 0, message: { role: "assistant", content: "Aa" } },
        { index: 1, message: { role: "assistant", content: "Bb" } },
      ],
    });
  });

  it("by the stream() helper keeps its methods, and is recorded by events alone", async () => {
    const stream = traced.client.observe(() => openai.chat.completions.stream(request("text")), {
      name: "chat",
      asType: "generation",
    })();
    const parts: string[] = [];
    stream.on("content", (part) => parts.push(part));
    expect(await stream.finalContent().catch(() => "no finish reason")).toBeTypeOf("string");
    expect(parts.join("")).toBe("Grüß Gott");
    expect((await recorded()).output).toEqual(GREETING);
  });

  it("by the stream() helper that is left early ends without an error", async () => {
    const stream = traced.client.observe(() => openai.chat.completions.stream(request("text")), {
      name: "chat",
    })();
    for await (const _ of stream) break;
    await stream.done().catch(() => {});
    expect((await recorded()).status).toBe("");
  });

  it("of the responses API is recorded as its output", async () => {
    const stream = await traced.client.observe(
      () => openai.responses.create({ model: "gpt-5", input: "Hello", stream: true }),
      { name: "chat", asType: "generation" },
    )();
    for await (const _ of stream);
    expect(await recorded()).toEqual({
      output: RESPONSE.output,
      usage: { input: 6, input_cached_tokens: 4, output: 4, total: 14 },
      model: "gpt-5",
      status: "",
    });
  });
});

describe("an answer of the openai client", () => {
  it("as a whole gives model and usage, and keeps what the user set", async () => {
    await traced.client.observe(() => openai.chat.completions.create(request("text")), {
      name: "chat",
      asType: "generation",
    })();
    expect(await recorded()).toMatchObject({ usage: CHAT_USAGE, model: "gpt-4o-2024-08-06" });

    await traced.client.startAsCurrentGeneration(
      { name: "own", model: "mine", usageDetails: { input: 1 } },
      () => openai.chat.completions.create(request("text")),
    );
    expect(await recorded("own")).toEqual({
      output: undefined,
      usage: { input: 1 },
      model: "mine",
      status: "",
    });
  });

  it("on a span that is no model call leaves model and usage out", async () => {
    await traced.client.observe(() => openai.chat.completions.create(request("text")), {
      name: "chat",
    })();
    expect(await recorded()).toMatchObject({ usage: undefined, model: undefined });
  });

  it("can be asked for as the raw response", async () => {
    const response = await traced.client
      .observe(() => openai.chat.completions.create(request("text")), { name: "chat" })()
      .asResponse();
    expect(((await response.json()) as { object: string }).object).toBe("chat.completion");
    expect((await recorded()).output).toMatchObject({ object: "chat.completion" });
  });
});
