import type { Store } from "../store/store";
import { isoMicros } from "../store/time-text";
import { durationMs, stepOutline, tokensOf } from "./step-views";
import { scoreView, sessionSummary, turnOf } from "./studio-views";
import type { SessionOutline, Turn, TurnList } from "./types";

/** Steps of an outline: of a longer session it would be larger than what it is to spare. */
const MAX_STEPS = 20_000;
/** Characters of contents in one answer of {@link turnList}, unless its first turn alone has more. */
const MAX_CONTENT_LENGTH = 2_000_000;

/** A session without contents, or undefined when nothing carries the id. */
export function sessionOutline(sessionId: string, store: Store): SessionOutline | undefined {
  const session = store.getSession(sessionId);
  if (session === undefined) return undefined;
  const steps = byTrace(store.outlines.stepsOfSession(sessionId, MAX_STEPS));
  const scores = byTrace(store.outlines.scoresOfTraces(sessionId).map(scoreView));
  return {
    session: sessionSummary(session),
    turns: store.tracesOfSession(sessionId).map((trace) => ({
      traceId: trace.id,
      name: trace.name,
      firstMessage: trace.firstMessage,
      userId: trace.userId,
      startedAt: isoMicros(trace.startUs),
      endedAt: isoMicros(trace.endUs),
      durationMs: durationMs(trace),
      tokens: tokensOf(trace),
      totalCost: trace.totalCost,
      errorCount: trace.errorCount,
      observationCount: trace.observationCount,
      steps: (steps.get(trace.id) ?? []).map((step) => stepOutline(step, trace.startUs)),
      scores: scores.get(trace.id) ?? [],
    })),
    scores: store.scoresOfSession(sessionId).map(scoreView),
  };
}

function byTrace<Item extends { readonly traceId: string | null }>(
  items: readonly Item[],
): ReadonlyMap<string | null, readonly Item[]> {
  const groups = new Map<string | null, Item[]>();
  for (const item of items) {
    const group = groups.get(item.traceId);
    if (group === undefined) groups.set(item.traceId, [item]);
    else group.push(item);
  }
  return groups;
}

/** Turns with their contents, as many as fit. */
export function turnList(traceIds: readonly string[], store: Store): TurnList {
  const data: Turn[] = [];
  const left: string[] = [];
  let length = 0;
  for (const id of traceIds) {
    const trace = store.getTrace(id);
    if (trace === undefined) continue;
    length += store.outlines.contentLengthOfTrace(id);
    if (data.length > 0 && length > MAX_CONTENT_LENGTH) left.push(id);
    else data.push(turnOf(trace, store));
  }
  return { data, left };
}
