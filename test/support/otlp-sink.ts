import type { IncomingHttpHeaders } from "node:http";
import { gunzipSync } from "node:zlib";
import { decodeProtobuf } from "../../src/studio/ingest/decode-protobuf";
import type { AttributeValue, OtlpSpan } from "../../src/studio/ingest/otlp-types";
import { ok, startScriptedServer } from "./scripted-server";

export interface SinkRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A span as it arrived, its attributes as a plain object. */
export interface ArrivedSpan extends Omit<OtlpSpan, "attributes"> {
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** A real endpoint on a loopback socket that keeps what it gets. */
export interface OtlpSink extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly SinkRequest[];
  /** Spans that arrived, in the order they came. */
  spans(): ArrivedSpan[];
  span(name: string): ArrivedSpan;
  /** Bodies of the `score-create` events that came, in the order they came. */
  scores(): unknown[];
}

export async function startOtlpSink(): Promise<OtlpSink> {
  const requests: SinkRequest[] = [];
  // A success that names no events stands for all of them, also for a legacy batch.
  const scripted = await startScriptedServer((response, { path, headers, body: raw }) => {
    const body = headers["content-encoding"] === "gzip" ? gunzipSync(raw) : raw;
    requests.push({ path, headers, body });
    ok(response);
  });

  const spans = (): ArrivedSpan[] =>
    requests
      .filter(({ path }) => path === "/api/public/otel/v1/traces")
      .flatMap(({ body }) => decodeProtobuf(body))
      .flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans))
      .map((span) => ({ ...span, attributes: Object.fromEntries(span.attributes) }));

  return {
    url: scripted.url,
    requests,
    spans,
    span(name) {
      const found = spans().filter((span) => span.name === name);
      if (found.length !== 1) throw new Error(`Expected one span ${name}, got ${found.length}`);
      return found[0] as ArrivedSpan; // counted above
    },
    scores: () =>
      requests
        .filter(({ path }) => path === "/api/public/ingestion")
        .flatMap(
          ({ body }) => (JSON.parse(body.toString()) as { batch: { body: unknown }[] }).batch,
        )
        .map((event) => event.body),
    [Symbol.asyncDispose]: () => scripted[Symbol.asyncDispose](),
  };
}
