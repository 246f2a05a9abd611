import { gunzipSync } from "node:zlib";
import { decodeProtobuf } from "../../src/studio/ingest/decode-protobuf";
import type { AttributeValue } from "../../src/studio/ingest/otlp-types";
import type { ReceivedRequest } from "./scripted-server";

/** A span or a score as it came, by OTLP or as an event of a legacy batch. */
export interface ReceivedItem {
  /** What the SDK calls `observation.id`, or the id of the score. */
  readonly id: string;
  /** Id of the envelope of a legacy event; that of the item for OTLP. */
  readonly eventId: string;
  /** `span` for OTLP, `span-create`, `score-create` and so on for legacy events. */
  readonly type: string;
  readonly name: string;
  readonly traceId: string;
  /** Attributes of an OTLP span, or the body of a legacy event. */
  readonly content: Readonly<Record<string, unknown>>;
}

/** Path of legacy batches; anything else that is posted is OTLP. */
export const INGESTION_PATH = "/api/public/ingestion";

/** Everything a request carries. @throws for a body that cannot be decoded */
export function decodeItems({ path, headers, body }: ReceivedRequest): ReceivedItem[] {
  const raw = headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
  return path === INGESTION_PATH ? decodeEvents(raw) : decodeSpans(raw);
}

/** Whether an item is what users count: legacy batches also carry events about whole traces. */
export function isCounted({ type }: ReceivedItem): boolean {
  return type !== "trace-create";
}

function decodeSpans(raw: Buffer): ReceivedItem[] {
  const spans = decodeProtobuf(raw)
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap((scope) => scope.spans);
  return spans.map(({ spanId, traceId, name, attributes }) => ({
    id: spanId,
    eventId: spanId,
    type: "span",
    name,
    traceId,
    content: Object.fromEntries<AttributeValue>(attributes),
  }));
}

interface LegacyEvent {
  readonly id: string;
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
}

function decodeEvents(raw: Buffer): ReceivedItem[] {
  // What the SDK under test sent; an event of another shape fails the test that reads it.
  const { batch } = JSON.parse(raw.toString()) as { batch: LegacyEvent[] };
  return batch.map(({ id, type, body }) => ({
    id: String(body["id"]),
    eventId: id,
    type,
    name: String(body["name"]),
    traceId: String(body["traceId"]),
    content: body,
  }));
}
