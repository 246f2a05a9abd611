import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Studio } from "../../../src/studio/server";
import {
  MAX_BODY_BYTES,
  MAX_DECOMPRESSED_BYTES,
  MAX_HEADER_BYTES,
} from "../../../src/studio/server/limits";
import { OPTION_NAMES } from "../../../src/studio/server/start-errors";
import { startStudioAs } from "../../../src/studio/server/start-studio";
import { get, OTLP_PATH, openStudio, post } from "../server/running-studio";
import { otlpJson } from "../server/spans";

const INGEST_PATHS = [OTLP_PATH, "/v1/traces", "/api/public/scores", "/api/public/ingestion"];
const ZEROS = Buffer.alloc(MAX_DECOMPRESSED_BYTES + 1);
/** Of 64 KB, for more than 64 MiB. */
const GZIP_BOMB = new Uint8Array(gzipSync(ZEROS));
const KEYS = { publicKey: "pk-lf-1", secretKey: "sk-lf-1" };

/** Speaks HTTP by hand: what no client would send. */
async function openSocket(studio: Studio): Promise<Socket & { received: () => string }> {
  const socket = connect(studio.port, studio.host);
  onTestFinished(() => void socket.destroy());
  let received = "";
  socket.setEncoding("utf8").on("data", (text: string) => {
    received += text;
  });
  socket.on("error", () => {}); // a reset is one way of being refused
  await once(socket, "connect");
  return Object.assign(socket, { received: () => received });
}

/** What came back until the server closed the connection. */
async function exchange(studio: Studio, request: string): Promise<string> {
  const socket = await openSocket(studio);
  const isClosed = once(socket, "close");
  socket.write(request);
  await isClosed;
  return socket.received();
}

const plain = (method: string, target: string, ...headers: string[]): string =>
  `${[`${method} ${target} HTTP/1.1`, "Host: localhost", "Connection: close", ...headers].join("\r\n")}\r\n\r\n`;

describe("a body that grows when it is unpacked", () => {
  it.each(INGEST_PATHS)(
    "is cut at the limit on %s: 413, in the words of the contract",
    async (path) => {
      const studio = await openStudio();
      const before = process.memoryUsage().rss;
      const answer = await post(studio, path, GZIP_BOMB, { "content-encoding": "gzip" });
      expect(answer.status).toBe(413);
      const text = "Body exceeded 64 MiB limit";
      expect(answer.json).toEqual(path.includes("traces") ? { error: text } : { message: text });
      expect(process.memoryUsage().rss - before).toBeLessThan(6 * MAX_DECOMPRESSED_BYTES);
      expect((await get(studio, "/api/public/health")).status).toBe(200);
    },
  );

  it.each(INGEST_PATHS)("packed twice is unpacked once, and is no JSON, on %s", async (path) => {
    const studio = await openStudio();
    const twice = new Uint8Array(gzipSync(GZIP_BOMB));
    const headers = { "content-encoding": "gzip, gzip" };
    expect((await post(studio, path, twice, headers)).status).toBe(400);
  });

  it.each([
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
  ])("packed with %s is not unpacked at all", async (encoding, pack) => {
    const studio = await openStudio();
    const bomb = new Uint8Array(pack(ZEROS.subarray(0, 8 * 1024 * 1024)));
    for (const path of INGEST_PATHS) {
      const headers = { "content-encoding": encoding };
      expect((await post(studio, path, bomb, headers)).status, path).toBe(400);
    }
  });

  it.each(["/api/public/media", "/api/public/scores", OTLP_PATH])(
    "that is larger than allowed before it is unpacked is refused on %s",
    async (path) => {
      const studio = await openStudio();
      const answer = await post(studio, path, new Uint8Array(MAX_BODY_BYTES + 1));
      expect(answer.status).toBe(413);
      expect(answer.headers.get("content-type")).toContain("application/json");
    },
  );
});

describe("a client that takes its time", () => {
  async function openImpatient(): Promise<Studio> {
    const times = { headersTimeoutMs: 200, requestTimeoutMs: 400 };
    const { studio } = await startStudioAs(OPTION_NAMES, { port: 0, db: ":memory:" }, times);
    onTestFinished(() => studio.close());
    return studio;
  }

  it.each([
    ["the request line", "GET /api/st"],
    ["the headers", "GET /api/public/health HTTP/1.1\r\nHost: localhost\r\nX-A: "],
    [
      "the body",
      `POST ${OTLP_PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
    ],
    [
      "a body in pieces",
      `POST ${OTLP_PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`,
    ],
  ])("over %s is cut off, and others are served meanwhile", async (_case, begin) => {
    const studio = await openImpatient();
    const socket = await openSocket(studio);
    const isClosed = once(socket, "close");
    socket.write(begin);
    expect((await get(studio, "/api/public/health")).status).toBe(200);
    await isClosed;
    expect(socket.received()).toMatch(/^HTTP\/1\.1 408 |^$/);
  });

  it("over reading the live events is not concerned", async () => {
    const studio = await openImpatient();
    const events = await fetch(`${studio.url}/api/studio/events`);
    const slow = await openSocket(studio);
    const isClosed = once(slow, "close");
    slow.write("GET /");
    await isClosed; // by then the time for a request is over
    await post(studio, OTLP_PATH, '{"resourceSpans":[]}');
    const reader = events.body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    await reader?.cancel();
  });
});

describe("headers and addresses", () => {
  it.each([
    ["a header", plain("GET", "/api/public/health", `X-A: ${"a".repeat(MAX_HEADER_BYTES)}`)],
    ["many headers", plain("GET", "/", ...Array<string>(3_000).fill("X-A: 12345"))],
    ["a cookie", plain("GET", "/", `Cookie: a=${"a".repeat(MAX_HEADER_BYTES)}`)],
    ["a query", plain("GET", `/api/studio/sessions?cursor=${"a".repeat(MAX_HEADER_BYTES)}`)],
  ])("with %s too large are answered 431", async (_case, request) => {
    const studio = await openStudio();
    expect(await exchange(studio, request)).toMatch(/^HTTP\/1\.1 431 /);
  });

  it.each([
    ["two lengths", plain("POST", OTLP_PATH, "Content-Length: 1", "Content-Length: 2")],
    [
      "a length and pieces",
      plain("POST", OTLP_PATH, "Content-Length: 1", "Transfer-Encoding: chunked"),
    ],
    ["no host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"],
    ["an unknown method", plain("HACK", "/")],
  ])("with %s are no request", async (_case, request) => {
    const studio = await openStudio();
    expect(await exchange(studio, request)).toMatch(/^HTTP\/1\.1 40[03] /);
  });

  it.each([
    "evil.example",
    "localhost.evil.example:80",
    "127.0.0.1.evil.example",
    "evil.example#localhost",
    "localhost@evil.example",
    "evil.example, localhost",
    "192.168.0.1",
    "[::ffff:8.8.8.8]",
    "",
  ])("with the host %j find nothing, on any route", async (host) => {
    const studio = await openStudio();
    for (const target of ["/", "/api/studio/sessions", "/api/studio/events", "/sign-in"]) {
      const request = plain("GET", target).replace("Host: localhost", `Host: ${host}`);
      expect(await exchange(studio, request), target).toMatch(/^HTTP\/1\.1 40[03] /);
    }
  });

  it("with a whole address in the request line are judged by the Host header", async () => {
    const studio = await openStudio();
    const foreign = plain("GET", "http://localhost/api/studio/sessions").replace(
      "Host: localhost",
      "Host: evil.example",
    );
    expect(await exchange(studio, foreign)).toMatch(/^HTTP\/1\.1 403 /);
  });

  describe("that name another method", () => {
    const PATH = "/api/public/traces/t";
    const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

    /** Of a request to a studio of its own, which holds the trace; and whether it does afterwards. */
    async function outcomeOf(method: string, target: string, headers = {}) {
      const studio = await openStudio();
      await post(studio, OTLP_PATH, otlpJson({ traceId: "t" }));
      const response = await fetch(studio.url + target, { method, headers });
      return {
        status: response.status,
        allow: response.headers.get("allow"),
        text: await response.text(),
        isThere: (await get(studio, PATH)).status === 200,
      };
    }

    it.each([
      ["GET", 200, null],
      ["POST", 405, "DELETE, GET"],
      ["PUT", 405, "DELETE, GET"],
      ["PATCH", 405, "DELETE, GET"],
      ["DELETE", 200, null],
    ])("change nothing of the answer to %s", async (method, status, allow) => {
      const plain = await outcomeOf(method, PATH);
      expect(plain).toMatchObject({ status, allow, isThere: method !== "DELETE" });
      for (const said of METHODS) {
        for (const name of ["x-http-method-override", "x-http-method", "x-method-override"]) {
          expect(await outcomeOf(method, PATH, { [name]: said }), said).toEqual(plain);
        }
        expect(await outcomeOf(method, `${PATH}?_method=${said}`), said).toEqual(plain);
      }
    });

    it.each(["x-http-method-override", "x-http-method", "x-method-override"])(
      "do not get round the keys: %s",
      async (name) => {
        const studio = await openStudio(KEYS);
        const answer = await get(studio, OTLP_PATH, { [name]: "POST" });
        expect(answer).toMatchObject({ status: 401, json: { message: "No authorization header" } });
      },
    );
  });

  it("in any writing of a path do not get round the keys", async () => {
    const studio = await openStudio(KEYS);
    for (const target of [
      "/api/public/health/../sessions",
      "/api/public/health/%2e%2e/sessions",
      "/api/public/health%2f..%2fsessions",
      "/API/studio/sessions",
      "//api/studio/sessions",
      "/sign-in/../api/studio/sessions",
      "/sign-in%2f..%2fapi/studio/sessions",
      "/assets/app.css/../../api/studio/sessions",
      "/api/studio/sessions?path=/api/public/health",
      "/api/studio/sessions#/api/public/health",
      "http://localhost/api/studio/sessions",
      "/api/studio/sessions%00",
      "/%ff/api/studio/sessions",
    ]) {
      const answer = await exchange(studio, plain("GET", target));
      expect(answer, target).toMatch(/^HTTP\/1\.1 (303|400|401|404) /);
      expect(answer, target).not.toContain('"data"');
    }
  });
});

describe("a path that leads out of the folder of the page", () => {
  it.each([
    "/assets/../secret.txt",
    "/assets/..%2fsecret.txt",
    "/assets/%2e%2e/secret.txt",
    "/assets/%2e%2e%2fsecret.txt",
    "/assets/..%5csecret.txt",
    "/assets/....//secret.txt",
    "/assets/app.js%00.txt",
    "/assets//secret.txt",
    "/assets/app.css/../secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/api/public/media/..%2f..%2fsecret.txt/content",
    "/api/public/media/%2e%2e/content",
    "/api/public/media/a%00b/content",
    "/sessions/../assets/..%2fsecret.txt",
  ])("finds nothing: %s", async (target) => {
    const folder = await mkdtemp(join(tmpdir(), "playhead-paths-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const pageDir = join(folder, "page");
    await mkdir(pageDir);
    await writeFile(join(pageDir, "app.js"), "the page");
    await writeFile(join(folder, "secret.txt"), "the secret");
    const studio = await openStudio({ pageDir });
    // The folder is there and served, so that only the path keeps what is beside it from being read.
    expect(await exchange(studio, plain("GET", "/assets/app.js"))).toContain("the page");
    const answer = await exchange(studio, plain("GET", target));
    expect(answer).toMatch(/^HTTP\/1\.1 (200|400|404) /);
    expect(answer).not.toContain("the secret");
    expect(answer).not.toContain("root:");
  });
});
