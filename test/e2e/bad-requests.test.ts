import { request } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openStudio, type TestStudio } from "./support/studio";

const TRACES = "/api/public/otel/v1/traces";
const SCORES = "/api/public/scores";
const PROTOBUF = { "content-type": "application/x-protobuf" };
const JSON_TYPE = { "content-type": "application/json" };

let studio: TestStudio;

beforeAll(async () => {
  studio = await openStudio({}, afterAll);
});

it("refuses protobuf that is cut off", async () => {
  // Field 1, length-delimited, announces 100 bytes; two follow.
  const body = Buffer.from([0x0a, 100, 0x0a, 0x00]);

  expect(await post(TRACES, PROTOBUF, body)).toEqual({
    status: 400,
    body: { error: "Failed to parse OTel Protobuf Trace" },
  });
});

it("refuses JSON that does not parse", async () => {
  expect(await post(TRACES, JSON_TYPE, '{"resourceSpans": [')).toEqual({
    status: 400,
    body: { error: "Failed to parse OTel JSON Trace" },
  });
});

it("refuses another content type", async () => {
  expect(await post(TRACES, { "content-type": "text/plain" }, "hello")).toEqual({
    status: 400,
    body: { error: "Invalid content type" },
  });
});

it("refuses a body that says gzip and is none", async () => {
  expect(await post(TRACES, { ...PROTOBUF, "content-encoding": "gzip" }, "not gzip")).toEqual({
    status: 400,
    body: { error: "Failed to decompress request body" },
  });
});

it("refuses an ingestion protocol it does not know", async () => {
  expect(await post(TRACES, { ...JSON_TYPE, "x-langfuse-ingestion-version": "5" }, "{}")).toEqual({
    status: 400,
    body: { error: 'Unsupported x-langfuse-ingestion-version: "5". Maximum supported: "4".' },
  });
});

it("refuses the whole export when one span has no trace id", async () => {
  const spans = [
    { traceId: "0".repeat(31).concat("1"), spanId: "0".repeat(15).concat("1"), name: "whole" },
    { spanId: "0".repeat(15).concat("2"), name: "without a trace" },
  ];
  const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });

  const answer = await post(TRACES, JSON_TYPE, body);

  expect(answer.status).toBe(400);
  expect(answer.body).toEqual({
    error: expect.stringMatching(
      /^Invalid OTLP trace export: 1 of 2 span\(s\) cannot be processed \(traceId:absent\)\./,
    ),
  });
  expect(await studio.observations()).toEqual([]);
});

it("takes an export without spans", async () => {
  expect(await post(TRACES, JSON_TYPE, "{}")).toEqual({ status: 200, body: {} });
});

it("refuses a score without a target, and one that is no JSON", async () => {
  expect(await post(SCORES, JSON_TYPE, '{"name": "helpful", "value": 1}')).toEqual({
    status: 400,
    body: {
      message: "Invalid request data",
      error: [
        expect.objectContaining({
          path: ["traceId"],
          message: "Expected exactly one of traceId, sessionId and datasetRunId, got 0",
        }),
      ],
    },
  });
  expect(await post(SCORES, JSON_TYPE, '{"name":')).toMatchObject({
    status: 400,
    body: { message: "Invalid request data" },
  });
});

it("refuses a foreign Host header, which a page of another site would send", async () => {
  for (const method of ["GET", "POST"] as const) {
    const answer = await send(method, "/api/public/sessions", { host: "evil.example" });

    expect(answer.status).toBe(403);
    expect(answer.body).toEqual({
      message:
        'Expected the Host header to be localhost, a loopback address or 127.0.0.1, got "evil.example". Open the studio by its own address.',
    });
  }
});

it("refuses to be written to by a page of another origin", async () => {
  const headers = { ...JSON_TYPE, origin: "http://evil.example" };

  expect(await post(SCORES, headers, '{"name":"n","value":1,"traceId":"t"}')).toEqual({
    status: 403,
    body: { message: "Expected a request of this origin, got another one" },
  });
});

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function post(
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer,
): Promise<Answer> {
  return send("POST", path, headers, body);
}

/** By `node:http`, since `fetch` lets nobody choose `Host` and `Origin`. */
function send(
  method: "GET" | "POST",
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer = "",
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(studio.url + path, { method, headers }, (incoming) => {
      let text = "";
      incoming.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      incoming.on("end", () =>
        resolve({ status: incoming.statusCode ?? 0, body: JSON.parse(text) as unknown }),
      );
    });
    outgoing.once("error", reject).end(body);
  });
}
