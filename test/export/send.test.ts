import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { isTracingSuppressed } from "@opentelemetry/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEndpointTransport } from "../../src/client/endpoint";
import type { PlayheadOptions } from "../../src/config/options";
import { resolveConfig } from "../../src/config/resolve";
import { type SendResult, send } from "../../src/export/send";
import { createTransport, type Transport } from "../../src/export/transport";
import { partialSuccess, protobufAnswer, rpcStatus } from "../support/otlp-answer";
import {
  type ScriptedServer,
  silent,
  startScriptedServer,
  status,
} from "../support/scripted-server";

let server: ScriptedServer;
let transport: Transport;

beforeEach(async () => {
  server = await startScriptedServer();
  transport = createTransport({
    headers: { authorization: "x" },
    timeoutMs: 5_000,
    connections: 4,
  });
});

afterEach(async () => {
  await transport.close();
  await server[Symbol.asyncDispose]();
});

function post(body = Buffer.from("body"), url = `${server.url}/v1/traces`): Promise<SendResult> {
  return send(transport, {
    url,
    contentType: "application/x-protobuf",
    body: [body],
    isGzipWanted: true,
  });
}

function endpointTransport(options: PlayheadOptions): Transport {
  return createEndpointTransport(resolveConfig(options, {}).targets[0], 5_000);
}

describe("a request", () => {
  it("is a POST to the whole path, query included, with type and length", async () => {
    expect(await post(Buffer.from("body"), `${server.url}/a/b?c=d`)).toEqual({
      status: "delivered",
    });
    expect(server.requests).toMatchObject([
      {
        method: "POST",
        path: "/a/b?c=d",
        headers: {
          authorization: "x",
          "content-type": "application/x-protobuf",
          "content-length": "4",
        },
      },
    ]);
    expect(server.requests[0]?.body.toString()).toBe("body");
  });

  it("of the client says who sends: keys, SDK, ingestion version, more headers", async () => {
    const client = endpointTransport({
      publicKey: "pk-lf-ü",
      secretKey: "sk-lf-1",
      baseUrl: server.url,
      headers: { "x-team": "blue" },
    });
    await client.get(`${server.url}/x`);
    await client.close();
    const headers = server.requests[0]?.headers ?? {};
    expect(headers.authorization).toBe(
      `Basic ${Buffer.from("pk-lf-ü:sk-lf-1").toString("base64")}`,
    );
    expect(headers).toMatchObject({
      "x-langfuse-sdk-name": "playhead",
      "x-langfuse-sdk-version": expect.stringMatching(/^\d+\.\d+\.\d+/),
      "x-langfuse-ingestion-version": "4",
      "x-team": "blue",
    });
  });

  it("carries the caller's header instead of its own of that name, whatever the case", async () => {
    const client = endpointTransport({
      publicKey: "pk",
      secretKey: "sk",
      headers: { Authorization: "Bearer t" },
    });
    await client.get(`${server.url}/x`);
    await client.close();
    expect(server.requests[0]?.headers.authorization).toBe("Bearer t");
  });

  it("has no authorization without both keys", async () => {
    const client = endpointTransport({ publicKey: "pk" });
    await client.get(`${server.url}/x`);
    await client.close();
    expect(server.requests[0]?.headers).not.toHaveProperty("authorization");
  });

  it.each([0, 1, 1_023])("of %d bytes goes as it is", async (length) => {
    const body = Buffer.alloc(length, "x");
    await post(body);
    expect(server.requests[0]?.headers).not.toHaveProperty("content-encoding");
    expect(server.requests[0]?.body.equals(body)).toBe(true);
  });

  it.each([1_024, 1_000_000])("of %d bytes goes as valid gzip", async (length) => {
    const body = Buffer.from("playhead ".repeat(length / 9 + 1)).subarray(0, length);
    await post(body);
    const [request] = server.requests;
    expect(request?.headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(request?.body ?? "").equals(body)).toBe(true);
    expect(request?.body.length).toBeLessThan(length);
  });

  it("goes as it is where no gzip is wanted, however long", async () => {
    const body = Buffer.alloc(100_000, "x");
    await send(transport, {
      url: `${server.url}/batch`,
      contentType: "application/json",
      body: [body],
      isGzipWanted: false,
    });
    expect(server.requests[0]?.headers).not.toHaveProperty("content-encoding");
    expect(server.requests[0]?.body.equals(body)).toBe(true);
  });

  it("is not traced by an OpenTelemetry setup of the host", async () => {
    const manager = new AsyncLocalStorageContextManager().enable();
    context.setGlobalContextManager(manager);
    const seen: boolean[] = [];
    // Instrumentations of Node's client start their spans when a request is made, or here.
    const look = (): void => {
      seen.push(isTracingSuppressed(context.active()));
    };
    subscribe("http.client.request.start", look);
    try {
      await post();
      expect(seen).toEqual([true]);
      expect(isTracingSuppressed(context.active())).toBe(false);
    } finally {
      unsubscribe("http.client.request.start", look);
      context.disable();
      manager.disable();
    }
  });
});

describe("an answer", () => {
  it.each([200, 201, 202, 204, 207])("of %d means delivered", async (code) => {
    server.answer = status(code);
    expect(await post()).toEqual({ status: "delivered" });
  });

  it("of success says how many spans were not taken, in protobuf and in JSON", async () => {
    const expected = {
      status: "partial-success",
      rejectedCount: 300,
      code: "partial success",
      reason: "no room for key sk-lf-...",
    };
    server.answer = protobufAnswer(200, partialSuccess(300, "no room\nfor key sk-lf-1234-abcd."));
    expect(await post()).toEqual(expected);
    const account = { rejectedSpans: "300", errorMessage: "no room for key sk-lf-1" };
    server.answer = status(200, JSON.stringify({ partialSuccess: account }));
    expect(await post()).toEqual(expected);
    server.answer = protobufAnswer(200, partialSuccess(1, ""));
    expect(await post()).toMatchObject({ rejectedCount: 1, reason: "partial success" });
  });

  it("of success with advice means delivered", async () => {
    server.answer = protobufAnswer(200, partialSuccess(0, "use\u0007 fewer attributes."));
    expect(await post()).toEqual({ status: "delivered", warning: "use fewer attributes" });
    for (const wordless of [" ", "<br>", ".", "\u0000"]) {
      server.answer = protobufAnswer(200, partialSuccess(0, wordless));
      expect(await post()).toEqual({ status: "delivered" });
    }
  });

  it("of refusal in protobuf has the words of its message", async () => {
    server.answer = protobufAnswer(400, rpcStatus(3, "span 7 has no name"));
    expect(await post()).toMatchObject({ reason: "HTTP 400: span 7 has no name" });
    server.answer = protobufAnswer(503, rpcStatus(14, "busy"));
    expect(await post()).toMatchObject({ status: "retryable", reason: "HTTP 503: busy" });
    server.answer = protobufAnswer(400, partialSuccess(3, "no"));
    expect(await post()).toMatchObject({ status: "rejected", reason: "HTTP 400" });
  });

  it.each([408, 425, 429, 500, 502, 503, 504])("of %d is worth another try", async (code) => {
    server.answer = status(code, "later");
    expect(await post()).toEqual({
      status: "retryable",
      code: `HTTP ${code}`,
      reason: `HTTP ${code}: later`,
    });
  });

  it.each([400, 409, 415, 422, 501])("of %d refuses these bytes for good", async (code) => {
    server.answer = status(code, '{"message":"bad"}');
    expect(await post()).toEqual({
      status: "rejected",
      code: `HTTP ${code}`,
      reason: `HTTP ${code}: bad`,
    });
  });

  it("of 413 means that fewer bytes may be taken", async () => {
    server.answer = status(413, "limit is 4.5 MB");
    expect(await post()).toEqual({
      status: "too-large",
      code: "HTTP 413",
      reason: "HTTP 413: limit is 4.5 MB",
    });
  });

  it.each([
    [401, /Check publicKey and secretKey/],
    [403, /may not write here/],
    [404, /Nothing takes traces at http:\/\/127\.0\.0\.1:\d+\/v1\/traces\. Check baseUrl/],
    [405, /Nothing takes traces at/],
    [301, /redirects\. Set baseUrl/],
    [308, /redirects\. Set baseUrl/],
  ])("of %d needs somebody to change something, and says what", async (code, advice) => {
    server.answer = status(code, "", { location: "https://elsewhere.example/" });
    expect(await post()).toEqual({
      status: "blocked",
      code: `HTTP ${code}`,
      reason: `HTTP ${code}`,
      advice: expect.stringMatching(advice),
      httpStatus: code,
    });
    expect(server.requests).toHaveLength(1);
  });

  it("with Retry-After in seconds says when to try again", async () => {
    server.answer = status(429, "", { "retry-after": "17" });
    expect(await post()).toMatchObject({ status: "retryable", retryAfterMs: 17_000 });
  });

  it("with Retry-After as a date says when to try again", async () => {
    const date = new Date(Date.now() + 90_000).toUTCString();
    server.answer = status(503, "", { "retry-after": date });
    const result = await post();
    const retryAfterMs = result.status === "retryable" ? (result.retryAfterMs ?? 0) : 0;
    expect(retryAfterMs).toBeGreaterThan(80_000);
    expect(retryAfterMs).toBeLessThanOrEqual(90_000);
  });

  it("that is an HTML page is told without markup, on one line, cut", async () => {
    const page = `<html>\n<head><title>502 Bad\tGateway</title></head><body>${"nginx ".repeat(500)}</body></html>`;
    server.answer = status(502, page);
    const result = await post();
    const reason = "reason" in result ? result.reason : "";
    expect(reason).toMatch(/^HTTP 502: 502 Bad Gateway nginx nginx .*\.\.\.$/);
    expect(reason).not.toMatch(/[<>\n\t]/);
    expect(reason.length).toBeLessThan(220);
  });

  it("cannot bring escape sequences, marks of direction or the keys it was sent into a message", async () => {
    server.answer = status(
      400,
      "\u001b[31mred\u001b[0m \u0007\u202e\u2066Authorization: Basic cGs6c2stc2VjcmV0 Bearer abc.def key sk-lf-1234-abcd",
    );
    const result = await post();
    expect("reason" in result ? result.reason : "").toBe(
      "HTTP 400: red Authorization: Basic ... Bearer ... key sk-lf-...",
    );
  });

  it("is looked at for words at its beginning only", async () => {
    server.answer = status(400, `told ${" ".repeat(500_000)}beyond`);
    const result = await post();
    expect("reason" in result ? result.reason : "").toBe("HTTP 400: told");
  });

  it("that is endless is not read whole", async () => {
    let written = 0;
    server.answer = (response) => {
      response.writeHead(400);
      const chunk = Buffer.alloc(64 * 1_024, "x");
      const more = (): void => {
        while (!response.destroyed && response.write(chunk)) written += chunk.length;
      };
      response.on("drain", more);
      more();
    };
    expect(await post()).toMatchObject({ status: "rejected", code: "HTTP 400" });
    expect(written).toBeLessThan(16 * 1_048_576);
  });

  it("is read up to a MiB, so that an outcome per event is there whole", async () => {
    const text = "x".repeat(1_048_576);
    server.answer = status(207, `${text}y`);
    const answer = await transport.get(server.url);
    expect(answer).toEqual({ status: 207, retryAfter: undefined, text });
  });

  it("that breaks off after its status counts as it began", async () => {
    server.answer = (response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write("begin", () => response.destroy());
    };
    expect(await post()).toEqual({ status: "delivered" });
  });
});

describe("no answer", () => {
  it("from a port where nobody listens is worth another try", async () => {
    const closed = createServer().listen(0, "127.0.0.1");
    await once(closed, "listening");
    const { port } = closed.address() as AddressInfo; // a TCP server has one
    closed.close();
    await once(closed, "close");
    expect(await post(Buffer.from("x"), `http://127.0.0.1:${port}/`)).toEqual({
      status: "retryable",
      code: "ECONNREFUSED",
      reason: "ECONNREFUSED",
      advice: `Check that http://127.0.0.1:${port} is right (baseUrl, LANGFUSE_BASE_URL) and is running; "npx playhead studio" starts a local one.`,
    });
  });

  it("from a server that resets the connection is worth another try", async () => {
    server.answer = (response) => {
      response.socket?.resetAndDestroy();
    };
    const result = await post();
    expect(result).toMatchObject({
      status: "retryable",
      code: expect.stringMatching(/^(ECONNRESET|EPIPE)$/),
    });
  });

  it("within the time limit is worth another try", async () => {
    server.answer = silent;
    const hasty = createTransport({ headers: {}, timeoutMs: 50, connections: 1 });
    const result = await send(hasty, {
      url: server.url,
      contentType: "text/plain",
      body: [Buffer.from("x")],
      isGzipWanted: true,
    });
    await hasty.close();
    const reason = "no answer within 50 ms";
    expect(result).toMatchObject({ status: "retryable", code: reason, reason });
  });

  it("that is no HTTP is worth another try", async () => {
    server.answer = (response) => {
      response.socket?.end("SSH-2.0-OpenSSH_9.2\r\n\r\n");
    };
    expect(await post()).toMatchObject({ status: "retryable", code: expect.any(String) });
  });

  it.each(["not an address", "http://", ""])(
    "for the address %j, and no exception",
    async (url) => {
      expect(await post(Buffer.from("x"), url)).toMatchObject({ status: "retryable" });
    },
  );

  it("never shows a key that JSON has to escape", async () => {
    const secret = '{"team":"blue\\1"}';
    const secretive = createTransport({
      headers: {},
      secrets: [secret],
      timeoutMs: 5_000,
      connections: 1,
    });
    const judged = (): Promise<SendResult> =>
      send(secretive, {
        url: server.url,
        contentType: "text/plain",
        body: [Buffer.from("x")],
        isGzipWanted: false,
      });
    const message = `no ${secret} here`;
    server.answer = status(400, JSON.stringify({ message }));
    expect(await judged()).toMatchObject({ reason: "HTTP 400: no ... here" });
    server.answer = protobufAnswer(200, partialSuccess(1, message));
    expect(await judged()).toMatchObject({ reason: "no ... here" });
    await secretive.close();
  });

  it("never shows keys or address", async () => {
    const secretive = createTransport({
      headers: { authorization: "Basic c2VjcmV0", "x-api-key": "secret\nvalue" },
      timeoutMs: 1_000,
      connections: 1,
    });
    const results = [
      await send(secretive, {
        url: "http://user:secret@127.0.0.1:9/p?key=secret",
        contentType: "text/plain",
        body: [Buffer.from("x")],
        isGzipWanted: true,
      }),
      await send(transport, {
        url: `${server.url.replace("//", "//user:secret@")}/p?key=secret`,
        contentType: "text/plain",
        body: [Buffer.from("x")],
        isGzipWanted: true,
      }),
    ];
    server.answer = status(404);
    results.push(
      await send(transport, {
        url: `${server.url.replace("//", "//user:secret@")}/p?key=secret`,
        contentType: "text/plain",
        body: [Buffer.from("x")],
        isGzipWanted: true,
      }),
    );
    await secretive.close();
    expect(results.map((result) => result.status)).toEqual(["retryable", "delivered", "blocked"]);
    expect(JSON.stringify(results)).not.toMatch(/secret|c2VjcmV0|user/);
  });
});

describe("close", () => {
  it("ends the requests on their way, and every one after it", async () => {
    server.answer = silent;
    const pending = post();
    await server.received(1);
    await transport.close();
    expect(await pending).toMatchObject({ status: "retryable" });
    expect(await post()).toMatchObject({ status: "retryable", code: "connection closed" });
    expect(server.requests).toHaveLength(1);
  });

  it("may be called before the first request, and twice", async () => {
    await transport.close();
    await expect(transport.close()).resolves.toBeUndefined();
  });
});
