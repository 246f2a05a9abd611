import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countTokens } from "../../../examples/01-support-chat/extractive-model";
import { type ModelServer, startModelServer } from "../../../examples/01-support-chat/model-server";

const ask = (content: string): OpenAI.ChatCompletionMessageParam[] => [
  {
    role: "system",
    content:
      'Answer from these.\n\n<document title="Ducks">\nDucks swim on ponds.\n</document>\n\n<document title="Hens">\nHens scratch in yards. They lay eggs.\n</document>',
  },
  { role: "user", content },
];

const tools: OpenAI.ChatCompletionTool[] = [
  {
    type: "function",
    function: {
      name: "count_birds",
      parameters: {
        type: "object",
        properties: {
          kind: { type: "string", enum: ["duck", "hen"] },
          place: { type: "string", pattern: "^[a-z]+-pond$" },
        },
        required: ["kind", "place"],
      },
    },
  },
];

let server: ModelServer;
let openai: OpenAI;

beforeAll(async () => {
  server = await startModelServer({ firstTokenMs: 1, pieceMs: 1 });
  openai = new OpenAI({ baseURL: server.baseUrl, apiKey: "none needed", maxRetries: 0 });
});
afterAll(() => server.close());

async function collect(
  body: Omit<OpenAI.ChatCompletionCreateParamsStreaming, "stream" | "model">,
): Promise<OpenAI.ChatCompletionChunk[]> {
  const chunks: OpenAI.ChatCompletionChunk[] = [];
  const stream = await openai.chat.completions.create({ model: "m", stream: true, ...body });
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

describe("a streamed answer", () => {
  it("reaches the official client in several pieces that join to the answer", async () => {
    const chunks = await collect({ messages: ask("Where do hens scratch?") });
    const pieces = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "");
    expect(pieces.filter((piece) => piece !== "").length).toBeGreaterThan(3);
    expect(pieces.join("")).toBe("Hens scratch in yards.\n\nSource: Hens");
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe("stop");
  });

  it("has one id and the asked model in every chunk", async () => {
    const chunks = await collect({ messages: ask("Where do hens scratch?") });
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    expect(new Set(chunks.map(({ model }) => model))).toEqual(new Set(["m"]));
  });

  it("ends with a chunk of token counts and no choice only when asked for", async () => {
    const messages = ask("Where do hens scratch?");
    const counted = await collect({ messages, stream_options: { include_usage: true } });
    const uncounted = await collect({ messages });
    expect(counted.at(-1)?.choices).toEqual([]);
    expect(counted.at(-1)?.usage).toEqual({
      prompt_tokens: 64,
      completion_tokens: 11,
      total_tokens: 75,
    });
    expect(uncounted.some(({ usage }) => usage !== undefined)).toBe(false);
  });

  it("is framed as server-sent events that end with [DONE]", async () => {
    const response = await fetch(`${server.baseUrl}/chat/completions`, {
      method: "POST",
      body: JSON.stringify({ model: "m", messages: ask("Where do ducks swim?"), stream: true }),
    });
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const events = (await response.text()).split("\n\n");
    expect(events.at(-1)).toBe("");
    expect(events.at(-2)).toBe("data: [DONE]");
    for (const event of events.slice(0, -2)) expect(event).toMatch(/^data: \{.*\}$/);
  });

  it("leaves the server answering others when a client goes away in the middle", async () => {
    const leaving = new AbortController();
    const stream = await openai.chat.completions.create(
      { model: "m", stream: true, messages: ask("Where do hens scratch?") },
      { signal: leaving.signal },
    );
    for await (const _ of stream) leaving.abort();
    const answer = await openai.chat.completions.create({
      model: "m",
      messages: ask("Do hens lay eggs?"),
    });
    expect(answer.choices[0]?.message.content).toBe("They lay eggs.\n\nSource: Hens");
  });
});

describe("a tool call", () => {
  it("streams its name first and its arguments in pieces of JSON", async () => {
    const chunks = await collect({ messages: ask("How many ducks: a duck on green-pond?"), tools });
    const calls = chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? []);
    expect(calls[0]?.function?.name).toBe("count_birds");
    expect(calls[0]?.id).toMatch(/^call_/);
    expect(calls.length).toBeGreaterThan(2);
    const json = calls.map((call) => call.function?.arguments ?? "").join("");
    expect(JSON.parse(json)).toEqual({ kind: "duck", place: "green-pond" });
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe("tool_calls");
  });

  it("is not made when the question lacks a required argument", async () => {
    const answer = await openai.chat.completions.create({
      model: "m",
      messages: ask("Where does a duck swim?"),
      tools,
    });
    expect(answer.choices[0]?.message.tool_calls).toBeUndefined();
    expect(answer.choices[0]?.message.content).toBe("Ducks swim on ponds.\n\nSource: Ducks");
  });

  it("is followed by its result as the answer", async () => {
    const call = {
      id: "call_1",
      type: "function" as const,
      function: { name: "count_birds", arguments: "{}" },
    };
    const answer = await openai.chat.completions.create({
      model: "m",
      messages: [
        ...ask("How many ducks: a duck on green-pond?"),
        { role: "assistant", tool_calls: [call] },
        { role: "tool", tool_call_id: "call_1", content: "There are 7." },
      ],
      tools,
    });
    expect(answer.choices[0]?.message.content).toBe("There are 7.");
  });
});

describe("an answer from documents", () => {
  it.each([
    ["nothing matches the question", "Who won the cup?"],
    ["the question is only small talk", "Hello, how are you?"],
  ])("is that it does not know when %s", async (_, question) => {
    const answer = await openai.chat.completions.create({ model: "m", messages: ask(question) });
    expect(answer.choices[0]?.message.content).toMatch(/^I don't know\./);
  });

  it("brings the code that a quoted sentence introduces", async () => {
    const content =
      '<document title="Feeding">\nFeed ducks like this:\n\n```sh\nfeed --duck\n```\n\nRest.\n</document>';
    const answer = await openai.chat.completions.create({
      model: "m",
      messages: [
        { role: "system", content },
        { role: "user", content: "How do I feed ducks?" },
      ],
    });
    expect(answer.choices[0]?.message.content).toBe(
      "Feed ducks like this:\n\n```sh\nfeed --duck\n```\n\nSource: Feeding",
    );
  });
});

it("counts a token per started four letters of a word and one per other character", () => {
  expect(countTokens("")).toBe(0);
  expect(countTokens("a four fives, 日本!")).toBe(7);
});

describe("a bad request", () => {
  it("is refused with OpenAI's error body, which the official client understands", async () => {
    const attempt = openai.chat.completions.create({ model: "m", messages: [] });
    await expect(attempt).rejects.toBeInstanceOf(OpenAI.BadRequestError);
    await expect(attempt).rejects.toMatchObject({
      status: 400,
      param: "messages",
      type: "invalid_request_error",
    });
  });

  it.each([
    ["text that is no JSON", "POST", "/chat/completions", "{", 400],
    ["JSON that is no object", "POST", "/chat/completions", "null", 400],
    ["messages without roles", "POST", "/chat/completions", '{"model":"m","messages":[null]}', 400],
    [
      "tools that are no list",
      "POST",
      "/chat/completions",
      '{"model":"m","messages":[{"role":"user"}],"tools":1}',
      400,
    ],
    ["a body that is too large", "POST", "/chat/completions", " ".repeat(1_000_001), 413],
    ["another method", "PUT", "/chat/completions", "{}", 405],
    ["another address", "POST", "/embeddings", "{}", 404],
  ])("answers %s with an error", async (_, method, path, body, status) => {
    const response = await fetch(server.baseUrl + path, { method, body });
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({
      error: {
        message: expect.any(String),
        type: "invalid_request_error",
        param: expect.toBeOneOf([null, expect.any(String)]),
        code: null,
      },
    });
  });
});
