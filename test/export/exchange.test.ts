import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Connections } from "../../src/export/connections";
import { exchange } from "../../src/export/exchange";
import {
  ok,
  type ScriptedServer,
  silent,
  startScriptedServer,
  status,
} from "../support/scripted-server";

let server: ScriptedServer;
let connections: Connections;

beforeEach(async () => {
  server = await startScriptedServer();
  connections = new Connections({ maxPerOrigin: 1 });
});

afterEach(async () => {
  connections.interrupt();
  await server[Symbol.asyncDispose]();
});

function post(timeoutMs = 5_000): ReturnType<typeof exchange> {
  return exchange(connections, {
    method: "POST",
    url: server.url,
    headers: { "x-own": "1" },
    body: [Buffer.from("body")],
    timeoutMs,
  });
}

describe("exchange", () => {
  it("resolves to status, pause asked for, and text, over one connection", async () => {
    server.answer = status(429, "später", { "retry-after": "7" });
    const expected = { status: 429, retryAfter: "7", text: "später" };
    expect([await post(), await post()]).toEqual([expected, expected]);
    expect(server.connectionCount).toBe(1);
    expect(server.requests[0]).toMatchObject({ method: "POST", headers: { "x-own": "1" } });
  });

  it("reads 1 MiB of an answer, and goes on over a new connection", async () => {
    server.answer = status(200, "x".repeat(3_000_000));
    expect((await post()).text).toBe("x".repeat(1_048_576));
    server.answer = ok;
    expect((await post()).text).toBe("{}");
  });

  it("passes over what is said before the answer", async () => {
    server.answer = (response) => {
      response.writeEarlyHints({ link: "</style.css>; rel=preload" });
      response.writeHead(207).end("later");
    };
    expect(await post()).toMatchObject({ status: 207, text: "later" });
  });

  it("takes the status of an answer that does not end in time", async () => {
    server.answer = (response) => {
      response.writeHead(200).write("half");
    };
    expect(await post(100)).toMatchObject({ status: 200, text: "half" });
  });

  it("rejects when the time is over, also while it waits for a connection, and sends nothing then", async () => {
    server.answer = silent;
    const first = post();
    first.catch(() => undefined); // ends with the pool
    await server.received(1);
    await expect(post(50)).rejects.toMatchObject({ name: "TimeoutError" });
    expect(server.requests).toHaveLength(1);
  });

  it("rejects when the time is over before the request has begun, and sends nothing", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const answer = post(50);
    vi.advanceTimersByTime(50);
    vi.useRealTimers();
    await expect(answer).rejects.toMatchObject({ name: "TimeoutError" });
    expect(server.requests).toHaveLength(0);
  });

  it("rejects when it is interrupted before the request has begun, and sends nothing", async () => {
    const answer = post();
    connections.interrupt();
    await expect(answer).rejects.toThrow("connection closed");
    expect(server.requests).toHaveLength(0);
  });

  it("ends the request whose time is over: the next one has a connection", async () => {
    server.answer = silent;
    await expect(post(50)).rejects.toMatchObject({ name: "TimeoutError" });
    server.answer = ok;
    expect(await post()).toMatchObject({ status: 200 });
  });

  it("lets go of a connection that is idle, and of none that waits for an answer", async () => {
    connections = new Connections({ maxPerOrigin: 2, idleMs: 20 });
    let answerSlow = (): void => expect.unreachable();
    server.answer = (response) => {
      answerSlow = () => ok(response);
    };
    const slow = post();
    await server.received(1);
    server.answer = ok;
    await post();
    await vi.waitFor(() => expect(server.connectionCount).toBe(1));
    answerSlow();
    expect(await slow).toMatchObject({ status: 200 });
    await vi.waitFor(() => expect(server.connectionCount).toBe(0));
  });

  it("goes once more, at once, where the server closes a connection that is used again", async () => {
    await post();
    server.answer = (response) => {
      server.answer = ok;
      response.socket?.destroy();
    };
    expect(await post()).toMatchObject({ status: 200 });
    expect(server.requests).toHaveLength(3);
  });

  it("rejects with what went wrong before there was a status", async () => {
    server.answer = (response) => response.socket?.destroy();
    await expect(post()).rejects.toMatchObject({ code: "ECONNRESET" });
  });
});
