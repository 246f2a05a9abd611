import type { ScoreRecord } from "../store/records";
import type { Store } from "../store/store";
import type { SessionFile } from "./session-file-types";

/**
 * Why a file would change another session than its own: a trace or a score of the same id stands
 * elsewhere in the studio. Undefined where it would not.
 */
export function conflictOf(file: SessionFile, store: Store): string | undefined {
  for (const { id } of file.traces) {
    const found = store.getTrace(id)?.sessionId ?? null;
    if (found !== null && found !== file.session.id) {
      return `the trace ${quoted(id)}, which is of another session in this studio`;
    }
  }
  for (const score of file.scores) {
    const found = store.scores.get(score.id);
    if (found !== undefined && targetOf(found) !== targetOf(score)) {
      return `the score ${quoted(score.id)}, which is of something else in this studio`;
    }
  }
  return undefined;
}

function targetOf({ traceId, observationId, sessionId, datasetRunId }: ScoreRecord): string {
  return JSON.stringify([traceId, observationId, sessionId, datasetRunId]);
}

function quoted(id: string): string {
  return JSON.stringify(id.slice(0, 100));
}
