import { gzipSync } from "node:zlib";
import { expect } from "vitest";
import { ids, requestWithSpan } from "../../studio/ingest/otlp-bytes";
import { otlpJson } from "../../studio/server/spans";
import type { ContractRow } from "../contract-row";

const PROTOBUF = { "content-type": "application/x-protobuf" };
const post = { section: "3", request: "POST /api/public/otel/v1/traces" } as const;

export const OTLP_ROWS: readonly ContractRow[] = [
  {
    ...post,
    rule: "JSON is answered with {}",
    send: otlpJson({ traceId: "t9", spanId: "o9" }),
    status: 200,
    body: {},
    afterwards: {
      request: "GET /api/public/v2/observations?traceId=t9",
      status: 200,
      ids: ["o9"],
    },
  },
  {
    ...post,
    rule: "protobuf is answered with an empty message",
    headers: PROTOBUF,
    send: requestWithSpan(ids),
    status: 200,
    text: "",
  },
  {
    ...post,
    rule: "gzip is unpacked",
    headers: { "content-encoding": "gzip" },
    send: gzipSync(otlpJson({ traceId: "t9", spanId: "o9" })),
    status: 200,
    body: {},
    afterwards: { request: "GET /api/public/v2/observations?traceId=t9", status: 200, ids: ["o9"] },
  },
  {
    ...post,
    rule: "a request without spans is fine",
    send: {},
    status: 200,
    body: {},
  },
  {
    ...post,
    rule: "another content type is refused",
    headers: { "content-type": "text/plain" },
    send: "{}",
    status: 400,
    body: { error: "Invalid content type" },
  },
  {
    ...post,
    rule: "what is no gzip is refused",
    headers: { "content-encoding": "gzip" },
    send: "{}",
    status: 400,
    body: { error: "Failed to decompress request body" },
  },
  {
    ...post,
    rule: "what is no JSON is refused",
    send: "{",
    status: 400,
    body: { error: "Failed to parse OTel JSON Trace" },
  },
  {
    ...post,
    rule: "what is no protobuf is refused",
    headers: PROTOBUF,
    send: "\u00ff\u00ff",
    status: 400,
    body: { error: "Failed to parse OTel Protobuf Trace" },
  },
  {
    ...post,
    rule: "one span without an id refuses the whole batch, and is named",
    send: otlpJson({ traceId: "t9", spanId: "o9" }, { traceId: "" }),
    status: 400,
    body: {
      error: expect.stringMatching(
        /^Invalid OTLP trace export: 1 of 2 span\(s\) cannot be processed \(traceId:absent\)\. .*The entire export was rejected/,
      ),
    },
    afterwards: { request: "GET /api/public/v2/observations?traceId=t9", status: 200, ids: [] },
  },
  ...["x-langfuse-ingestion-version", "x_langfuse_ingestion_version"].map(
    (header): ContractRow => ({
      ...post,
      rule: `a newer ${header} is refused`,
      headers: { [header]: "5" },
      send: {},
      status: 400,
      body: { error: 'Unsupported x-langfuse-ingestion-version: "5". Maximum supported: "4".' },
    }),
  ),
  {
    ...post,
    rule: "version 4 is taken",
    headers: { "x-langfuse-ingestion-version": "4" },
    send: {},
    status: 200,
    body: {},
  },
  {
    section: "3",
    rule: "metrics are taken and forgotten",
    request: "POST /api/public/otel/v1/metrics",
    send: { resourceMetrics: [] },
    status: 200,
    body: { message: "OK" },
  },
];
