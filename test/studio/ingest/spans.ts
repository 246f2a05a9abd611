import { mapSpan } from "../../../src/studio/ingest/map-span";
import type { Attributes, AttributeValue, OtlpSpan } from "../../../src/studio/ingest/otlp-types";
import type { ObservationRecord } from "../../../src/studio/store/records";

type AttributeTable = Readonly<Record<string, AttributeValue>>;

export const START_NANOS = 1_763_806_800_123_456_789n;

export function attributesOf(table: AttributeTable): Attributes {
  return new Map(Object.entries(table));
}

/** A span of one second with everything but `overrides` plain. */
function spanOf(overrides: Partial<OtlpSpan> = {}): OtlpSpan {
  return {
    traceId: "0123456789abcdef0123456789abcdef",
    spanId: "0123456789abcdef",
    parentSpanId: "",
    name: "span name",
    startTimeUnixNano: START_NANOS,
    endTimeUnixNano: START_NANOS + 1_000_000_000n,
    attributes: new Map(),
    events: [],
    statusCode: 0,
    statusMessage: "",
    problems: [],
    ...overrides,
  };
}

export interface MapOptions {
  readonly span?: Partial<OtlpSpan>;
  readonly resource?: AttributeTable;
  readonly scopeName?: string;
}

/** Maps a span with these attributes, from Langfuse's own SDK unless `scopeName` says otherwise. */
export function mapAttributes(table: AttributeTable, options: MapOptions = {}): ObservationRecord {
  return mapSpan(spanOf({ attributes: attributesOf(table), ...options.span }), {
    resource: attributesOf(options.resource ?? {}),
    scope: { name: options.scopeName ?? "langfuse-sdk", version: "5.11.1", attributes: new Map() },
    origin: {},
    nowMs: 1_700_000_000_000,
  });
}
