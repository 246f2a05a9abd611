import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { decodeProtobuf } from "../../src/studio/ingest/decode-protobuf";
import type { AttributeValue, OtlpSpan } from "../../src/studio/ingest/otlp-types";

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
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const raw = Buffer.concat(chunks);
      const body = request.headers["content-encoding"] === "gzip" ? gunzipSync(raw) : raw;
      requests.push({ path: request.url ?? "", headers: request.headers, body });
      // A success that names no events stands for all of them, also for a legacy batch.
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // a TCP server has one

  const spans = (): ArrivedSpan[] =>
    requests
      .filter(({ path }) => path === "/api/public/otel/v1/traces")
      .flatMap(({ body }) => decodeProtobuf(body))
      .flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans))
      .map((span) => ({ ...span, attributes: Object.fromEntries(span.attributes) }));

  return {
    url: `http://127.0.0.1:${port}`,
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
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
