import type { ScoreSummary } from "../api/types";

/** Stands where a number is not known or not a number. */
const UNKNOWN_TEXT = "–";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `340 ms`, `1.24 s`, `12.3 s`, `2 min 5 s`, `1 h 12 min`, `3 d 4 h`; below a millisecond `0.4 ms`. */
export function formatDuration(durationMs: number): string {
  if (!Number.isFinite(durationMs)) return UNKNOWN_TEXT;
  if (durationMs < 0) return `−${formatDuration(-durationMs)}`;
  if (durationMs === 0) return "0 ms";
  if (durationMs < 0.95) return `${Math.max(0.1, durationMs).toFixed(1)} ms`;
  if (durationMs < 999.5) return `${Math.round(durationMs)} ms`;
  if (durationMs < 9_995) return `${(durationMs / SECOND_MS).toFixed(2)} s`;
  if (durationMs < 59_950) return `${(durationMs / SECOND_MS).toFixed(1)} s`;
  const seconds = Math.round(durationMs / SECOND_MS);
  if (seconds < 3_600) return pair(Math.floor(seconds / 60), "min", seconds % 60, "s");
  const minutes = Math.round(durationMs / MINUTE_MS);
  if (minutes < 1_440) return pair(Math.floor(minutes / 60), "h", minutes % 60, "min");
  const hours = Math.round(durationMs / HOUR_MS);
  return pair(Math.floor(hours / 24), "d", hours % 24, "h");
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  const head = `${formatInteger(large)} ${largeUnit}`;
  return small === 0 ? head : `${head} ${small} ${smallUnit}`;
}

/** `999`, `1.2k`, `34k`, `1.2M`; for columns, where {@link formatInteger} is too wide. */
export function formatTokens(count: number): string {
  if (!Number.isFinite(count)) return UNKNOWN_TEXT;
  if (Math.abs(count) < 1_000) return String(Math.round(count * 10) / 10);
  for (const [unit, size] of [
    ["k", 1e3],
    ["M", 1e6],
    ["G", 1e9],
  ] as const) {
    const scaled = count / size;
    if (Math.abs(scaled) < 9.95) return `${scaled.toFixed(1)}${unit}`;
    if (Math.abs(scaled) < 999.5) return `${Math.round(scaled)}${unit}`;
  }
  return count.toExponential(1);
}

/** With a comma each three digits: `12,345`. */
export function formatInteger(count: number): string {
  if (!Number.isFinite(count)) return UNKNOWN_TEXT;
  return Math.round(count).toLocaleString("en-US");
}

/** `1 trace`, `1,024 traces`. */
export function counted(count: number, noun: string): string {
  return `${formatInteger(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** US dollars with the digits that matter: `$0`, `<$0.0001`, `$0.0021`, `$0.14`, `$12.30`. */
export function formatCost(costUsd: number): string {
  if (!Number.isFinite(costUsd)) return UNKNOWN_TEXT;
  if (costUsd < 0) return `−${formatCost(-costUsd)}`;
  if (costUsd === 0) return "$0";
  if (costUsd < 0.0001) return "<$0.0001";
  if (costUsd < 0.1) return `$${costUsd.toFixed(4)}`;
  if (costUsd < 1_000) return `$${costUsd.toFixed(2)}`;
  return `$${formatInteger(costUsd)}`;
}

/** Whole numbers as they are, others with at most three decimals: `1`, `0.667`. */
export function formatScore(value: number | string | boolean): string {
  if (typeof value !== "number") return String(value);
  if (!Number.isFinite(value)) return UNKNOWN_TEXT;
  return String(Math.round(value * 1_000) / 1_000);
}

/**
 * One score as it is; several numbers as their mean, several yes or no as a share: `67 % true`,
 * several categories with their counts: `good 2, bad 1`.
 */
export function formatScoreSummary(score: ScoreSummary): string {
  if (score.dataType === "CATEGORICAL") {
    const [first] = score.categories;
    if (score.count === 1 && first !== undefined) return first.value;
    return score.categories.map(({ value, count }) => `${value} ${count}`).join(", ");
  }
  const { dataType, count, mean } = score;
  if (dataType === "NUMERIC") return formatScore(mean);
  if (count === 1) return String(mean === 1);
  const percent = Math.round(mean * 100);
  // `100 %` and `0 %` are said of all and none only.
  const shown = mean > 0 && mean < 1 ? Math.min(99, Math.max(1, percent)) : percent;
  return `${shown} % true`;
}

/** `just now`, `3 min ago`, `2 h ago`, `5 d ago`, then the date `2026-11-22`. Future times read `in 3 min`. */
export function formatRelativeTime(time: string, nowMs: number): string {
  const atMs = Date.parse(time);
  if (Number.isNaN(atMs)) return UNKNOWN_TEXT;
  const distanceMs = nowMs - atMs;
  const lengthMs = Math.abs(distanceMs);
  if (lengthMs < 45 * SECOND_MS) return "just now";
  if (lengthMs >= 30 * DAY_MS) return new Date(atMs).toISOString().slice(0, 10);
  const length =
    lengthMs < 59.5 * MINUTE_MS
      ? `${Math.max(1, Math.round(lengthMs / MINUTE_MS))} min`
      : lengthMs < 23.5 * HOUR_MS
        ? `${Math.round(lengthMs / HOUR_MS)} h`
        : `${Math.round(lengthMs / DAY_MS)} d`;
  return distanceMs > 0 ? `${length} ago` : `in ${length}`;
}

/** Date and time in the reader's time zone, to the millisecond: `2026-11-22 10:00:00.123 UTC+01:00`. */
export function formatAbsoluteTime(time: string): string {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return time;
  const date = `${at.getFullYear()}-${twoDigits(at.getMonth() + 1)}-${twoDigits(at.getDate())}`;
  const fraction = String(at.getMilliseconds()).padStart(3, "0");
  const offsetMinutes = -at.getTimezoneOffset();
  const sign = offsetMinutes < 0 ? "−" : "+";
  const offset = Math.abs(offsetMinutes);
  const zone = `UTC${sign}${twoDigits(Math.floor(offset / 60))}:${twoDigits(offset % 60)}`;
  return `${date} ${formatClockTime(time)}.${fraction} ${offset === 0 ? "UTC" : zone}`;
}

/** Time of day in the reader's time zone: `10:00:00`. */
export function formatClockTime(time: string): string {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return UNKNOWN_TEXT;
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(":");
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
