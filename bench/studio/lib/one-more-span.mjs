import { sessionsOf } from "./sessions.mjs";

/**
 * Writes a session of so many turns.
 * @returns adds one span to one of its last ten turns
 */
export function oneMoreSpan(store, sessionId, turnCount) {
  const [{ observations }] = sessionsOf({ sessionCount: 1, seed: 7 });
  const [span] = observations;
  const spanOf = (turn, place) => ({
    ...span,
    sessionId,
    traceId: `${sessionId}-${turn}`,
    id: String(place),
    parentId: place === 0 ? null : "0",
    startUs: span.startUs + turn * 1_000_000 + place,
    endUs: span.endUs + turn * 1_000_000 + place,
  });
  store.putObservations(Array.from({ length: turnCount }, (_, turn) => spanOf(turn, 0)));
  let place = 0;
  return () => {
    place += 1;
    store.putObservations([spanOf(turnCount - 1 - (place % 10), place)]);
  };
}
