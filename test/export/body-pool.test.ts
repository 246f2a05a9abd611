import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BodyPool } from "../../src/export/body-pool";
import { type SendResult, send } from "../../src/export/send";
import { createTransport, type Transport } from "../../src/export/transport";
import { readRequest } from "../support/read-request";
import {
  type HeadListener,
  type ScriptedServer,
  startScriptedServer,
} from "../support/scripted-server";

const MEBIBYTE = 1024 * 1024;

describe("BodyPool", () => {
  it("gives memory of the length asked for", () => {
    const pool = new BodyPool();
    expect([0, 1, 70_000, 3 * MEBIBYTE].map((length) => pool.take(length).length)).toEqual([
      0,
      1,
      70_000,
      3 * MEBIBYTE,
    ]);
  });

  it("gives the memory of a body that was given back again, also for a shorter one", () => {
    const pool = new BodyPool();
    const body = pool.take(100_000);
    pool.giveBack(body);
    expect(pool.take(90_000).buffer).toBe(body.buffer);
  });

  it("never gives memory to two at a time", () => {
    const pool = new BodyPool();
    pool.giveBack(pool.take(100_000));
    expect(pool.take(100_000).buffer).not.toBe(pool.take(100_000).buffer);
  });

  it("keeps 4 MiB at most, those given back last", () => {
    const pool = new BodyPool();
    const bodies = Array.from({ length: 5 }, () => pool.take(MEBIBYTE));
    for (const body of bodies) pool.giveBack(body);
    pool.giveBack(pool.take(8 * MEBIBYTE));
    const again = Array.from({ length: 5 }, () => pool.take(MEBIBYTE).buffer);
    expect(again.filter((memory) => bodies.some(({ buffer }) => buffer === memory))).toHaveLength(
      4,
    );
    expect(again).not.toContain(bodies[0]?.buffer);
  });
});

describe("the memory of a body", () => {
  const LENGTH = 4 * MEBIBYTE; // more than the sockets take before somebody reads
  let server: ScriptedServer;
  let transport: Transport;
  let pool: BodyPool;
  let freedCount: number;
  let onHead: HeadListener;

  beforeEach(async () => {
    onHead = () => false;
    server = await startScriptedServer(undefined, (...head) => onHead(...head));
    transport = createTransport({ headers: {}, timeoutMs: 5_000, connections: 4 });
    pool = new BodyPool();
    freedCount = 0;
  });

  afterEach(async () => {
    await transport.close();
    await server[Symbol.asyncDispose]();
  });

  function post(
    letter: string,
    { isGzipWanted = false, via = transport, url = server.url } = {},
  ): Promise<SendResult> {
    const body = pool.take(LENGTH).fill(letter);
    const onBodyFree = (): void => {
      freedCount += 1;
      pool.giveBack(body);
      body.fill("!"); // what the next one writes
    };
    const shipment = { url, contentType: "text/plain", body: [body], isGzipWanted, onBodyFree };
    return send(via, shipment);
  }

  it("is used again for the next when the request has been answered", async () => {
    for (const letter of "abc") await post(letter);
    expect(freedCount).toBe(3);
    expect(server.requests.map(({ body }) => lettersIn(body))).toEqual(["a", "b", "c"]);
  });

  it("is used again by requests at the same time without touching another's", async () => {
    const letters = [..."abcdefghijkl"];
    await Promise.all(letters.map((letter) => post(letter)));
    const received = server.requests.map(({ body }) => lettersIn(body));
    expect(received.sort()).toEqual(letters);
    expect(new Set(server.requests.map(({ body }) => body.length))).toEqual(new Set([LENGTH]));
  });

  it("is free once it has been compressed", async () => {
    await Promise.all([..."ab"].map((letter) => post(letter, { isGzipWanted: true })));
    expect(freedCount).toBe(2);
    const received = server.requests.map(({ body }) => lettersIn(gunzipSync(body)));
    expect(received.sort()).toEqual(["a", "b"]);
  });

  it("stays untouched while a server that has answered already still reads it", async () => {
    const early = createServer().listen(0, "127.0.0.1");
    await once(early, "listening");
    const { port } = early.address() as AddressInfo; // a TCP server has one
    const connected = once(early, "connection");
    const answered = post("a", { url: `http://127.0.0.1:${port}` });
    const [socket] = (await connected) as [Socket]; // what the event carries
    const [start] = (await once(socket, "data")) as [Buffer];
    socket.pause();
    socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
    expect(await answered).toEqual({ status: "delivered" });
    pool.take(LENGTH).fill("b");
    const request = await readRequest(socket, start);
    early.close();
    expect(request.length).toBe(LENGTH);
    expect(lettersIn(request)).toBe("a");
    expect(freedCount).toBe(0);
  });

  it("is left alone where the request ran out of time, was reset or ended by us", async () => {
    onHead = () => true; // neither reads nor answers
    const hasty = createTransport({ headers: {}, timeoutMs: 50, connections: 2 });
    const late = await Promise.all([..."abcd"].map((letter) => post(letter, { via: hasty })));
    await hasty.close();
    onHead = (request) => {
      request.socket.destroy();
      return true;
    };
    const reset = await post("e");
    const reached = new Promise<void>((resolve) => {
      onHead = () => {
        resolve();
        return true;
      };
    });
    const closed = post("f");
    await reached;
    await transport.close();
    const results = [...late, reset, await closed].map(({ status }) => status);
    expect(new Set(results)).toEqual(new Set(["retryable"]));
    expect(freedCount).toBe(0);
  });
});

/** Which letters a body is made of, in the order they first come. */
function lettersIn(body: Buffer): string {
  return [...new Set(body)].map((code) => String.fromCharCode(code)).join("");
}
