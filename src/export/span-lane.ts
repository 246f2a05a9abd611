import { cutSpan } from "./cut-span";
import { Lane, type LaneItem, type LaneOptions } from "./lane";
import { framedLength } from "./protobuf-writer";
import type { ReleasedSpan } from "./released-span";
import type { SpooledRecord, SpoolRecord, SpoolTicket } from "./spool/spool";

/** A released span on its way to one endpoint. */
export type SpanItem = LaneItem & ReleasedSpan;

/** A span that is too large alone is cut to this, then to a quarter of it, and so on. */
const CUT_SHARE = 4;
/** Less is not worth sending. */
const MIN_CUT_BYTES = 2_048;

export type SpanLaneOptions = Pick<
  LaneOptions<SpanItem>,
  "limits" | "send" | "openSpool" | "endpoint" | "diagnostics" | "onEvent"
> & {
  /** First size a span is cut to when the endpoint refuses it as too large. */
  readonly maxFieldBytes: number;
};

export function createSpanLane(options: SpanLaneOptions): Lane<SpanItem> {
  return new Lane<SpanItem>({
    ...options,
    signal: "spans",
    shrink: (item) => shrink(item, options.maxFieldBytes),
    describe: (span) => `span ${spanIdOf(span)} of trace ${traceIdOf(span)}`,
    toRecord: toSpanRecord,
    fromRecord: fromSpanRecord,
  });
}

/** A span in parts, as it comes from disk; see {@link EncodedSpan} for the others. */
export function createSpanItem(
  { body, traceAttributes, isRoot }: Pick<ReleasedSpan, "body" | "traceAttributes" | "isRoot">,
  ticket: SpoolTicket | undefined,
): SpanItem {
  const byteLength = framedLength(body.length + traceAttributes.length);
  return { body, traceAttributes, whole: undefined, isRoot, byteLength, ticket, sequence: 0 };
}

export function toSpanRecord(
  span: Pick<ReleasedSpan, "body" | "traceAttributes" | "isRoot">,
): SpoolRecord {
  const { body, traceAttributes, isRoot } = span;
  return { kind: "span", body, traceAttributes, isRoot, traceId: traceIdOf(span) };
}

function fromSpanRecord(record: SpooledRecord): SpanItem {
  return createSpanItem(record, record.ticket);
}

/** The same span, its longest texts cut; undefined when cutting does not help any more. */
function shrink(item: SpanItem, maxFieldBytes: number): SpanItem | undefined {
  const goal = Math.min(maxFieldBytes, Math.floor(item.byteLength / CUT_SHARE));
  if (goal < MIN_CUT_BYTES) return undefined;
  const cut = cutSpan(item, goal);
  return cut && { ...createSpanItem(cut, item.ticket), sequence: item.sequence };
}

/*
 * A span's bytes begin with both ids, each behind a tag and a length of one byte (see encode-span):
 * | tag | 16 | trace id (16) | tag | 8 | span id (8) | …
 */
export function traceIdOf({ body }: Pick<ReleasedSpan, "body">): string {
  return body.toString("hex", 2, 18);
}

export function spanIdOf({ body }: Pick<ReleasedSpan, "body">): string {
  return body.toString("hex", 20, 28);
}
