import type { Store } from "../store/store";

/** What the studio has of a session already: the later parts of a file may refer to it. */
export interface StoredSession {
  readonly isThere: boolean;
  hasTrace(traceId: string): boolean;
  hasObservation(id: string): boolean;
}

export const NOTHING_STORED: StoredSession = {
  isThere: false,
  hasTrace: () => false,
  hasObservation: () => false,
};

export function storedSession(sessionId: string, store: Store): StoredSession {
  let observationIds: ReadonlySet<string> | undefined;
  return {
    isThere: store.getSession(sessionId) !== undefined,
    hasTrace: (traceId) => store.getTrace(traceId)?.sessionId === sessionId,
    hasObservation(id) {
      observationIds ??= new Set(
        store
          .tracesOfSession(sessionId)
          .flatMap((trace) => store.traces.observationIdsOf(trace.id)),
      );
      return observationIds.has(id);
    },
  };
}
