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

/** As it is now: what is asked once is remembered. */
export function storedSession(sessionId: string, store: Store): StoredSession {
  let observationIds: ReadonlySet<string> | undefined;
  // A part may name one trace a million times; the store is asked once.
  const isOwn = new Map<string, boolean>();
  return {
    isThere: store.getSession(sessionId) !== undefined,
    hasTrace(traceId) {
      const known = isOwn.get(traceId) ?? store.getTrace(traceId)?.sessionId === sessionId;
      isOwn.set(traceId, known);
      return known;
    },
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
