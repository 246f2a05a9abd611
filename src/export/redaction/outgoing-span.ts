import type { ExceptionRecord, SpanRecord } from "../../attributes/span-record";
import type { OutgoingException, OutgoingSpan } from "../../config/outgoing-record";
import { readTraceFields, toTraceFields } from "./outgoing-trace";
import { type ReadText, readEntries } from "./read-text";

/** Fields that are one text each in both forms. */
const TEXT_FIELDS = [
  "input",
  "output",
  "metadataText",
  "statusMessage",
  "model",
  "modelParameters",
  "usageDetails",
  "costDetails",
  "promptName",
  "streamTimeline",
] as const;

/** A copy of what would leave, for whoever may change it. */
export function toOutgoingSpan(record: SpanRecord): OutgoingSpan {
  const span: OutgoingSpan = {
    kind: "span",
    traceId: record.traceId.hex,
    id: record.spanId.hex,
    parentId: record.parentSpanId?.hex,
    type: record.type,
    name: record.name,
    level: record.level,
    metadata: record.metadata && Object.fromEntries(record.metadata),
    exceptions: record.exceptions?.map(({ type, message, stacktrace }) => ({
      type,
      message,
      stacktrace,
    })),
    own: toTraceFields(record.own),
  };
  for (const name of TEXT_FIELDS) span[name] = record[name];
  return span;
}

/** Writes the texts of `span`, which somebody else may have made, into the record. */
export function applyOutgoingSpan(
  record: SpanRecord,
  span: Partial<OutgoingSpan>,
  read: ReadText,
): void {
  for (const name of TEXT_FIELDS) record[name] = read(span[name]);
  record.name = read(span.name) ?? "unnamed";
  record.metadata = readEntries(span.metadata, read);
  record.exceptions = record.exceptions && readExceptions(record.exceptions, span.exceptions, read);
  record.own = readTraceFields(record.own, span.own, read);
  if (record.promptName === undefined) record.promptVersion = undefined; // servers want both or neither
}

function readExceptions(
  recorded: readonly ExceptionRecord[],
  given: OutgoingException[] | undefined,
  read: ReadText,
): ExceptionRecord[] {
  return recorded.flatMap((exception, index) => {
    const outgoing = given?.[index];
    if (outgoing === undefined) return [];
    return {
      ...exception,
      type: read(outgoing.type) ?? "Error",
      message: read(outgoing.message) ?? "",
      stacktrace: read(outgoing.stacktrace),
    };
  });
}
