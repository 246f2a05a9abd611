import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { freeMemory } from "../../src/export/free-memory";
import { type SendResult, send } from "../../src/export/send";
import { createTransport, type Transport } from "../../src/export/transport";
import { readRequest } from "../support/read-request";
import { startScriptedServer } from "../support/scripted-server";

const LARGE = 64 * 1024;

describe("freeMemory", () => {
  it("leaves nothing of the bytes", () => {
    const memory = Buffer.allocUnsafeSlow(LARGE);
    const pieces = [memory.subarray(0, 1_000), memory.subarray(1_000, 1_010), Buffer.alloc(LARGE)];
    freeMemory(pieces);
    expect(pieces.map(({ length, buffer }) => length + buffer.byteLength)).toEqual([0, 0, 0]);
  });

  it.each([
    ["small memory, which may be shared with other buffers", Buffer.from("small")],
    ["small memory of its own", Buffer.from(new ArrayBuffer(LARGE - 1))],
    ["memory that several threads share", Buffer.from(new SharedArrayBuffer(LARGE))],
  ])("leaves %s alone", (_, bytes) => {
    const before = bytes.toString();
    freeMemory([bytes]);
    expect(bytes.toString()).toBe(before);
  });
});

it("leaves bytes alone where there are no ports", async () => {
  vi.stubGlobal("MessageChannel", undefined);
  onTestFinished(() => void vi.unstubAllGlobals());
  vi.resetModules();
  const fresh = await import("../../src/export/free-memory");
  const bytes = Buffer.alloc(LARGE, "x");
  fresh.freeMemory([bytes]);
  expect(bytes.length).toBe(LARGE);
});

describe("the memory of a compressed body", () => {
  /** Compresses to as much as it is; more than the sockets take before somebody reads. */
  const content = randomBytes(4 * 1024 * 1024);
  let transport: Transport;
  let freed: number[];

  beforeEach(() => {
    transport = createTransport({ headers: {}, timeoutMs: 5_000, connections: 4 });
    freed = [];
    const { postMessage } = MessagePort.prototype;
    vi.spyOn(MessagePort.prototype, "postMessage").mockImplementation(function (
      this: MessagePort,
      ...args: Parameters<typeof postMessage>
    ) {
      const list = args[1] as readonly ArrayBuffer[];
      freed.push(...list.map(({ byteLength }) => byteLength));
      postMessage.apply(this, args);
    });
  });

  afterEach(async () => {
    vi.restoreAllMocks();
    await transport.close();
  });

  function post(url: string): Promise<SendResult> {
    return send(transport, { url, contentType: "text/plain", body: [content], isGzipWanted: true });
  }

  it("is given back when the request has been answered, and the next one is whole", async () => {
    await using server = await startScriptedServer();
    await Promise.all([post(server.url), post(server.url)]);
    await post(server.url);
    const freedBytes = freed.reduce((sum, length) => sum + length, 0);
    expect(freedBytes).toBeGreaterThanOrEqual(3 * content.length);
    const received = server.requests.map(({ body }) => gunzipSync(body).equals(content));
    expect(received).toEqual([true, true, true]);
  });

  it("stays while a server that has answered already still reads it", async () => {
    const early = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void early.close());
    await once(early, "listening");
    const { port } = early.address() as AddressInfo; // a TCP server has one
    const connected = once(early, "connection");
    const answered = post(`http://127.0.0.1:${port}`);
    const [socket] = (await connected) as [Socket]; // what the event carries
    const [start] = (await once(socket, "data")) as [Buffer];
    socket.pause();
    socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
    expect(await answered).toEqual({ status: "delivered" });
    expect(freed).toEqual([]);
    expect(gunzipSync(await readRequest(socket, start)).equals(content)).toBe(true);
  });
});
