import type { Store } from "../../../src/studio/store/store";

/** Everything that a store answers, to compare two of them. */
export function snapshotOf(store: Store) {
  const sessions = store.listSessions({ orderBy: "activity", limit: 1_000 }).rows;
  const observations = store.listObservations({ limit: 10_000 }).rows;
  const traceIds = [...new Set(observations.map(({ traceId }) => traceId))].sort();
  return {
    sessions,
    facets: store.sessionFacets({}),
    sessionless: store.listSessionlessTraces({ limit: 1_000 }),
    observations,
    traces: traceIds.map((id) => store.getTrace(id)),
    scores: traceIds.map((id) => store.scoresOfTrace(id)),
  };
}
