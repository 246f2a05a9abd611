/**
 * A model to talk to when there is no OPENAI_API_KEY: an HTTP server that speaks the part of
 * OpenAI's chat completions API that the assistant uses, streaming included.
 * Spec: https://platform.openai.com/docs/api-reference/chat
 */

import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type OpenAI from "openai";
import { type Completion, complete, countTokens, textOf } from "./extractive-model";

type Request = OpenAI.ChatCompletionCreateParams;
type Delta = OpenAI.ChatCompletionChunk.Choice.Delta;

export interface ModelServer {
  /** What `OPENAI_BASE_URL` would be, with the `/v1`. */
  readonly baseUrl: string;
  close(): Promise<void>;
}

export interface ModelServerOptions {
  /** Time before the first piece of an answer, in milliseconds. @default 120 */
  readonly firstTokenMs?: number;
  /** Time between two pieces, in milliseconds. @default 12 */
  readonly pieceMs?: number;
}

const MAX_BODY_BYTES = 1_000_000;

/** An error as OpenAI's API answers it: a status, and a body the official client understands. */
class ApiError extends Error {
  readonly status: number;
  readonly param: string | null;

  constructor(status: number, message: string, param: string | null = null) {
    super(message);
    this.status = status;
    this.param = param;
  }
}

/** Listens on a free port of the loopback interface. */
export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const pace = { firstTokenMs: 120, pieceMs: 12, ...options };
  const server = createServer((request, response) => {
    handle(request, response, pace).catch((error: unknown) => sendError(response, error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  pace: Required<ModelServerOptions>,
): Promise<void> {
  if (request.url !== "/v1/chat/completions") {
    throw new ApiError(404, `Unknown request URL: ${request.method} ${request.url}`);
  }
  if (request.method !== "POST") throw new ApiError(405, `Expected POST, got ${request.method}`);
  const body = parseRequest(await readBody(request));
  const completion = complete(body.messages, body.tools);
  await delay(pace.firstTokenMs);
  if (body.stream) await stream(response, body, completion, pace.pieceMs);
  else sendJson(response, 200, wholeAnswer(body, completion));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) {
      throw new ApiError(413, `Expected at most ${MAX_BODY_BYTES} bytes of body, got more`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseRequest(text: string): Request {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new ApiError(400, "Expected a JSON body, got something that does not parse");
  }
  if (typeof body !== "object" || body === null) {
    throw new ApiError(400, `Expected a JSON object as body, got ${JSON.stringify(body)}`);
  }
  const { model, messages, tools = [] } = body as Record<string, unknown>;
  if (typeof model !== "string") throw new ApiError(400, "Expected model, a string", "model");
  if (!Array.isArray(messages) || messages.length === 0 || !messages.every(hasRole)) {
    throw new ApiError(400, "Expected messages, a list of at least one, with roles", "messages");
  }
  if (!Array.isArray(tools)) throw new ApiError(400, "Expected tools, a list", "tools");
  return body as Request; // what this server reads of it has just been checked
}

function hasRole(message: unknown): boolean {
  return typeof (message as { role?: unknown } | null)?.role === "string";
}

async function stream(
  response: ServerResponse,
  request: Request,
  completion: Completion,
  pieceMs: number,
): Promise<void> {
  const head = { id: answerId(), created: now(), model: request.model };
  const send = (
    choices: OpenAI.ChatCompletionChunk.Choice[],
    usage?: OpenAI.CompletionUsage,
  ): void => {
    const chunk: OpenAI.ChatCompletionChunk = {
      ...head,
      object: "chat.completion.chunk",
      choices,
      ...(usage && { usage }),
    };
    response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  };
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  for (const delta of deltas(completion)) {
    if (response.closed) return; // the client has gone
    send([{ index: 0, delta, finish_reason: null }]);
    await delay(pieceMs);
  }
  send([{ index: 0, delta: {}, finish_reason: finishReason(completion) }]);
  if (request.stream_options?.include_usage) send([], usageOf(request, completion));
  response.end("data: [DONE]\n\n");
}

/** Text goes out word by word; a tool call as its name first, then its arguments in pieces. */
function* deltas(completion: Completion): Generator<Delta> {
  if (completion.kind === "text") {
    yield { role: "assistant", content: "" };
    for (const [content] of completion.text.matchAll(/\s*\S+/g)) yield { content };
    return;
  }
  const fn = { name: completion.name, arguments: "" };
  yield {
    role: "assistant",
    tool_calls: [{ index: 0, id: callId(), type: "function", function: fn }],
  };
  for (const [piece] of completion.arguments.matchAll(/.{1,8}/gs)) {
    yield { tool_calls: [{ index: 0, function: { arguments: piece } }] };
  }
}

function wholeAnswer(request: Request, completion: Completion): OpenAI.ChatCompletion {
  const message: OpenAI.ChatCompletionMessage =
    completion.kind === "text"
      ? { role: "assistant", content: completion.text, refusal: null }
      : {
          role: "assistant",
          content: null,
          refusal: null,
          tool_calls: [
            {
              id: callId(),
              type: "function",
              function: { name: completion.name, arguments: completion.arguments },
            },
          ],
        };
  return {
    id: answerId(),
    object: "chat.completion",
    created: now(),
    model: request.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason(completion) }],
    usage: usageOf(request, completion),
  };
}

function finishReason(completion: Completion): "stop" | "tool_calls" {
  return completion.kind === "text" ? "stop" : "tool_calls";
}

function usageOf(request: Request, completion: Completion): OpenAI.CompletionUsage {
  const prompt = [...request.messages.map(textOf), JSON.stringify(request.tools ?? [])].join("\n");
  const prompt_tokens = countTokens(prompt);
  const completion_tokens = countTokens(
    completion.kind === "text" ? completion.text : completion.name + completion.arguments,
  );
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy(); // a half-sent answer has no place for an error; the client sees it break off
    return;
  }
  const { status, message, param } =
    error instanceof ApiError ? error : new ApiError(500, "The model failed to answer");
  const type = status < 500 ? "invalid_request_error" : "server_error";
  sendJson(response, status, { error: { message, type, param, code: null } });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

const answerId = (): string => `chatcmpl-${randomUUID()}`;
const callId = (): string => `call_${randomUUID().slice(0, 8)}`;
const now = (): number => Math.floor(Date.now() / 1000);
