import type { ObservationLevel, ObservationType } from "../attributes/observation-types";
import type { SpanRecord } from "../attributes/span-record";

/** What `shouldExport` is shown of an observation that ended. */
export interface ExportCandidate {
  readonly name: string;
  readonly type: ObservationType;
  readonly level: ObservationLevel;
  readonly traceId: string;
  readonly id: string;
  readonly parentId: string | undefined;
  /** From start to end, in milliseconds. */
  readonly durationMs: number;
}

export function toExportCandidate(record: SpanRecord): ExportCandidate {
  return {
    name: record.name,
    type: record.type,
    level: record.level ?? "DEFAULT",
    traceId: record.traceId.hex,
    id: record.spanId.hex,
    parentId: record.parentSpanId?.hex,
    durationMs: record.endMs - record.startMs,
  };
}
