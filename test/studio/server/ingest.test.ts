import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { SpanStatusCode } from "@opentelemetry/api";
import { OTLPTraceExporter as HttpExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtoExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BasicTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { describe, expect, it } from "vitest";
import type { PublicObservationV2List } from "../../../src/studio/api/public-types";
import type { Turn } from "../../../src/studio/api/types";
import type { Studio } from "../../../src/studio/server";
import { MAX_BODY_BYTES, MAX_DECOMPRESSED_BYTES } from "../../../src/studio/server/limits";
import { emptyMessages, ids, requestWithSpan } from "../ingest/otlp-bytes";
import { get, OTLP_PATH, openStudio, post } from "./running-studio";
import { otlpJson } from "./spans";

async function observationIds(studio: Studio): Promise<string[]> {
  const { json } = await get(studio, "/api/public/v2/observations?limit=1000");
  // The studio answers with this shape; test/studio/api checks it.
  return (json as PublicObservationV2List).data.map(({ id }) => id);
}

const PROTOBUF = { "content-type": "application/x-protobuf" };

/** Buffers may stand on shared memory, bodies may not: the same bytes, in memory of their own. */
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

describe("POST traces", () => {
  it.each([OTLP_PATH, "/v1/traces"])("takes OTLP/JSON on %s and answers {}", async (path) => {
    const studio = await openStudio();
    const answer = await post(studio, path, otlpJson({ spanId: "a" }, { spanId: "b" }));
    expect(answer).toMatchObject({ status: 200, text: "{}" });
    expect(await observationIds(studio)).toEqual(["b", "a"]);
  });

  it("takes protobuf and answers an empty protobuf message", async () => {
    const studio = await openStudio();
    const answer = await post(studio, OTLP_PATH, own(requestWithSpan(ids)), PROTOBUF);
    expect(answer).toMatchObject({ status: 200, text: "" });
    expect(answer.headers.get("content-type")).toBe("application/x-protobuf");
    expect(await observationIds(studio)).toEqual(["0123456789abcdef"]);
  });

  it("takes gzip", async () => {
    const studio = await openStudio();
    const body = own(gzipSync(requestWithSpan(ids)));
    const headers = { ...PROTOBUF, "content-encoding": "gzip" };
    expect((await post(studio, OTLP_PATH, body, headers)).status).toBe(200);
    expect(await observationIds(studio)).toHaveLength(1);
  });

  it.each(["{}", '{"resourceSpans":[]}'])("takes the empty request %s", async (body) => {
    const studio = await openStudio();
    expect(await post(studio, OTLP_PATH, body)).toMatchObject({ status: 200, text: "{}" });
  });

  it("takes an attribute of ten megabytes", async () => {
    const studio = await openStudio();
    const input = "x".repeat(10 * 1024 * 1024);
    const body = otlpJson({ attributes: { "langfuse.observation.input": input } });
    expect((await post(studio, OTLP_PATH, body)).status).toBe(200);
    const { json } = await get(studio, "/api/studio/traces/t");
    expect((json as Turn).input).toBe(input);
  });

  it("stores nothing of a request with one bad span, and says what is bad", async () => {
    const studio = await openStudio();
    const answer = await post(studio, OTLP_PATH, otlpJson({ spanId: "good" }, { traceId: "" }));
    expect(answer.status).toBe(400);
    expect(answer.json).toEqual({
      error: expect.stringContaining(
        "Invalid OTLP trace export: 1 of 2 span(s) cannot be processed (traceId:absent).",
      ),
    });
    expect(await observationIds(studio)).toEqual([]);
  });

  it.each([
    ["another content type", "{}", { "content-type": "text/plain" }, "Invalid content type"],
    ["text that is no JSON", "{", {}, "Failed to parse OTel JSON Trace"],
    ["bytes that are no protobuf", "\xff\xff", PROTOBUF, "Failed to parse OTel Protobuf Trace"],
    [
      "bytes that are no gzip",
      "{}",
      { "content-encoding": "gzip" },
      "Failed to decompress request body",
    ],
    [
      "version 5",
      "{}",
      { "x-langfuse-ingestion-version": "5" },
      'Unsupported x-langfuse-ingestion-version: "5". Maximum supported: "4".',
    ],
    [
      "a version that is no number",
      "{}",
      { "x-langfuse-ingestion-version": "new" },
      'Unsupported x-langfuse-ingestion-version: "new". Maximum supported: "4".',
    ],
  ])("rejects %s", async (_case, body, headers, error) => {
    const studio = await openStudio();
    const answer = await post(studio, OTLP_PATH, body, headers);
    expect(answer).toMatchObject({ status: 400, json: { error } });
  });

  it("takes version 4 and older", async () => {
    const studio = await openStudio();
    for (const version of ["4", "3"]) {
      const headers = { "x-langfuse-ingestion-version": version };
      expect((await post(studio, OTLP_PATH, "{}", headers)).status).toBe(200);
    }
  });

  it("rejects truncated gzip", async () => {
    const studio = await openStudio();
    const whole = gzipSync(otlpJson({}));
    const body = own(whole.subarray(0, whole.length - 12));
    const answer = await post(studio, OTLP_PATH, body, { "content-encoding": "gzip" });
    expect(answer).toMatchObject({
      status: 400,
      json: { error: "Failed to decompress request body" },
    });
  });

  it("answers 413 to a zip bomb, and goes on", async () => {
    const studio = await openStudio();
    const bomb = own(gzipSync(Buffer.alloc(MAX_DECOMPRESSED_BYTES + 1)));
    expect(bomb.length).toBeLessThan(1024 * 1024);
    const answer = await post(studio, OTLP_PATH, bomb, { "content-encoding": "gzip" });
    expect(answer).toMatchObject({ status: 413, json: { error: "Body exceeded 64 MiB limit" } });
    expect((await post(studio, OTLP_PATH, "{}")).status).toBe(200);
  });

  it("answers 413 to more spans than it takes at a time, and goes on", async () => {
    const studio = await openStudio();
    // As many empty ones as go into the largest body.
    const bomb = gzipSync(emptyMessages([1, 2], 2, MAX_DECOMPRESSED_BYTES / 2 - 10));
    expect(bomb.length).toBeLessThan(100 * 1024);
    const headers = { ...PROTOBUF, "content-encoding": "gzip" };
    expect(await post(studio, OTLP_PATH, own(bomb), headers)).toMatchObject({
      status: 413,
      json: {
        error:
          "Expected at most 100000 spans in one request, got more. " +
          "Nothing of it is stored: send it in parts.",
      },
    });
    expect((await post(studio, OTLP_PATH, "{}")).status).toBe(200);
  }, 60_000);

  it("answers 413 to a body that is too large as it comes", async () => {
    const studio = await openStudio();
    const body = own(Buffer.alloc(MAX_BODY_BYTES + 1, " "));
    const answer = await post(studio, OTLP_PATH, body);
    expect(answer).toMatchObject({ status: 413, json: { error: "Body exceeded 32 MiB limit" } });
  });

  it("answers 400 to random bytes, and goes on", async () => {
    const studio = await openStudio();
    for (let round = 0; round < 20; round++) {
      const body = own(Buffer.concat([Buffer.from([0x0a, 0xff]), randomBytes(100)]));
      expect((await post(studio, OTLP_PATH, body, PROTOBUF)).status).toBe(400);
    }
    expect((await post(studio, OTLP_PATH, otlpJson({}))).status).toBe(200);
  });

  it("survives JSON nested beyond any stack, in the request and in what it carries", async () => {
    const studio = await openStudio();
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    expect((await post(studio, OTLP_PATH, deep)).status).toBe(200);
    const attributes = { "langfuse.observation.input": deep, "langfuse.trace.metadata.deep": deep };
    expect((await post(studio, OTLP_PATH, otlpJson({ attributes }))).status).toBe(200);
    const { json } = await get(studio, "/api/studio/traces/t");
    expect(json).toMatchObject({ input: deep, metadata: { deep } });
  });
});

describe("POST scores", () => {
  it("stores a score and answers its id", async () => {
    const studio = await openStudio();
    const score = { id: "i", traceId: "t", name: "helpful", value: 1, dataType: "BOOLEAN" };
    const answer = await post(studio, "/api/public/scores", JSON.stringify(score));
    expect(answer).toMatchObject({ status: 200, json: { id: "i" } });
    await post(studio, OTLP_PATH, otlpJson({}));
    const { json } = await get(studio, "/api/studio/traces/t");
    expect((json as Turn).scores).toMatchObject([{ id: "i", name: "helpful", value: true }]);
  });

  it("answers 400 with all issues", async () => {
    const studio = await openStudio();
    const answer = await post(studio, "/api/public/scores", '{"name":"","value":true}');
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({
      message: "Invalid request data",
      error: [{ path: ["name"] }, { path: ["value"] }],
    });
  });
});

describe("the exporters of OpenTelemetry", () => {
  it.each([
    ["protobuf", (url: string) => new ProtoExporter({ url })],
    ["JSON", (url: string) => new HttpExporter({ url })],
  ])("deliver their %s to the studio", async (_encoding, createExporter) => {
    const studio = await openStudio();
    const exporter = createExporter(studio.url + OTLP_PATH);
    const provider = new BasicTracerProvider({
      spanProcessors: [new SimpleSpanProcessor(exporter)],
    });
    const span = provider.getTracer("some-library", "1.2.3").startSpan("work", {
      attributes: {
        "session.id": "s",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.usage.input_tokens": 7,
        "langfuse.trace.tags": ["a", "b"],
      },
    });
    span.recordException(new TypeError("broken"));
    span.setStatus({ code: SpanStatusCode.ERROR, message: "broken" });
    span.end();
    await provider.shutdown();

    const { traceId, spanId } = span.spanContext();
    const { json } = await get(studio, `/api/studio/traces/${traceId}`);
    expect(json).toMatchObject({
      sessionId: "s",
      tags: ["a", "b"],
      observations: [
        {
          id: spanId,
          parentId: null,
          type: "generation",
          name: "work",
          level: "ERROR",
          statusMessage: "broken",
          model: "gpt-4o",
          tokens: { input: 7, output: 0, total: 7 },
          exceptions: [{ type: "TypeError", message: "broken" }],
        },
      ],
    });
  });
});
