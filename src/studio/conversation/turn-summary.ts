import type { Turn } from "../api/types";

/** Silence between two turns from which on it is marked, in milliseconds. */
const IDLE_GAP_MS = 5 * 60_000;

/** Models that only embed stand last: where there is room for one name, it is that of the speaker. */
export function byImportance(models: readonly string[]): readonly string[] {
  const embeds = (model: string): boolean => /embed/i.test(model);
  return [...models.filter((model) => !embeds(model)), ...models.filter(embeds)];
}

/** Models called in a turn, each once, in the order of {@link byImportance}, then of their first call. */
export function turnModels(turn: Pick<Turn, "observations">): readonly string[] {
  const models = turn.observations.flatMap((one) => (one.model === null ? [] : [one.model]));
  return byImportance([...new Set(models)]);
}

/** From the start of the turn to the first streamed token in it; null when nothing was streamed. */
export function turnTimeToFirstTokenMs(turn: Pick<Turn, "observations">): number | null {
  let earliestMs: number | null = null;
  for (const { startOffsetMs, timeToFirstTokenMs } of turn.observations) {
    if (timeToFirstTokenMs === null) continue;
    const atMs = startOffsetMs + timeToFirstTokenMs;
    if (earliestMs === null || atMs < earliestMs) earliestMs = atMs;
  }
  return earliestMs;
}

/** Silence before a turn, in milliseconds; null below five minutes and for the first turn. */
export function idleGapMs(
  previous: Pick<Turn, "endedAt"> | undefined,
  turn: Pick<Turn, "startedAt">,
): number | null {
  if (previous === undefined) return null;
  const gapMs = Date.parse(turn.startedAt) - Date.parse(previous.endedAt);
  return gapMs >= IDLE_GAP_MS ? gapMs : null;
}

/**
 * What went wrong in a turn, in one sentence: the status message or exception of the root, else of
 * the first observation that failed. Null when nothing failed; "Failed" when nothing was recorded.
 */
export function turnErrorMessage(
  turn: Pick<Turn, "level" | "statusMessage" | "observations">,
): string | null {
  if (turn.level === "ERROR" && turn.statusMessage) return turn.statusMessage;
  const failed = turn.observations.filter((one) => one.level === "ERROR");
  for (const one of failed) {
    const message = one.statusMessage || one.exceptions[0]?.message || one.exceptions[0]?.type;
    if (message) return message;
  }
  return turn.level === "ERROR" || failed.length > 0 ? "Failed" : null;
}

/**
 * When what {@link turnErrorMessage} tells had happened, from the start of the turn: the end of the
 * first step that failed, or of the turn where the turn itself failed.
 */
export function turnErrorMs(turn: Pick<Turn, "level" | "durationMs" | "observations">): number {
  if (turn.level === "ERROR") return turn.durationMs;
  const ends = turn.observations.flatMap(({ level, startOffsetMs, durationMs }) =>
    level === "ERROR" ? [startOffsetMs + durationMs] : [],
  );
  return ends.reduce((earliest, end) => Math.min(earliest, end), turn.durationMs);
}
