import type { ObservationLevel, ObservationType } from "../attributes/observation-types";

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
