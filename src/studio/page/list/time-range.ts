const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Spans of time that end now, by the name they have in the address. */
export const TIME_PRESETS = {
  "15m": { label: "Last 15 minutes", lengthMs: 15 * MINUTE_MS },
  "1h": { label: "Last hour", lengthMs: HOUR_MS },
  "24h": { label: "Last 24 hours", lengthMs: DAY_MS },
  "7d": { label: "Last 7 days", lengthMs: 7 * DAY_MS },
  "30d": { label: "Last 30 days", lengthMs: 30 * DAY_MS },
} as const;

export type TimePreset = keyof typeof TIME_PRESETS;

/** When a session was last active. Bounds in Unix milliseconds; null where the range is open. */
export type TimeRange =
  | { readonly kind: "all" }
  | { readonly kind: "last"; readonly preset: TimePreset }
  | { readonly kind: "between"; readonly fromMs: number | null; readonly toMs: number | null };

export const ALL_TIME: TimeRange = { kind: "all" };

/** Reads `last=24h`, or `from` and `to` as ISO 8601 or Unix milliseconds. What is none of these is left out. */
export function parseTimeRange(parameters: URLSearchParams): TimeRange {
  const preset = parameters.get("last");
  if (preset !== null && isPreset(preset)) return { kind: "last", preset };
  return between(parseInstant(parameters.get("from")), parseInstant(parameters.get("to")));
}

/** The range between two instants, or all time when neither is given. */
export function between(fromMs: number | null, toMs: number | null): TimeRange {
  return fromMs === null && toMs === null ? ALL_TIME : { kind: "between", fromMs, toMs };
}

/** Parameters of the page's own address, where a preset stays relative to whenever it is opened. */
export function timeRangeAddress(range: TimeRange): Readonly<Record<string, string>> {
  return range.kind === "last" ? { last: range.preset } : timeRangeQuery(range, 0);
}

/**
 * Parameters `from` and `to` of the API.
 * @param nowMs - where a preset ends; its start is rounded down to the minute
 */
export function timeRangeQuery(range: TimeRange, nowMs: number): Readonly<Record<string, string>> {
  switch (range.kind) {
    case "all":
      return {};
    case "last": {
      const fromMs = nowMs - TIME_PRESETS[range.preset].lengthMs;
      return { from: isoTime(Math.floor(fromMs / MINUTE_MS) * MINUTE_MS) };
    }
    case "between":
      return {
        ...(range.fromMs !== null && { from: isoTime(range.fromMs) }),
        ...(range.toMs !== null && { to: isoTime(range.toMs) }),
      };
  }
}

/** For a button: `Last hour`, `Since 2026-11-22 10:00`, `Until …`, `2026-11-22 10:00 – 11:00`; null for all time. */
export function timeRangeLabel(range: TimeRange): string | null {
  if (range.kind === "all") return null;
  if (range.kind === "last") return TIME_PRESETS[range.preset].label;
  const from = localMinute(range.fromMs).replace("T", " ");
  const to = localMinute(range.toMs).replace("T", " ");
  if (to === "") return `Since ${from}`;
  if (from === "") return `Until ${to}`;
  const isSameDay = from.slice(0, 10) === to.slice(0, 10);
  return `${from} – ${isSameDay ? to.slice(11) : to}`;
}

/** The value of an `<input type="datetime-local">`, in the reader's time zone; empty for null. */
export function localMinute(atMs: number | null): string {
  if (atMs === null) return "";
  const at = new Date(atMs);
  const date = [at.getFullYear(), at.getMonth() + 1, at.getDate()].map(twoDigits).join("-");
  return `${date}T${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}`;
}

/** What {@link localMinute} was made from, to the minute; null for what is no time. */
export function parseLocalMinute(text: string): number | null {
  const atMs = Date.parse(text); // without a zone: the reader's
  return Number.isNaN(atMs) ? null : atMs;
}

function isPreset(text: string): text is TimePreset {
  return Object.hasOwn(TIME_PRESETS, text);
}

/** The instants that a Date can write as ISO 8601 with a year of four digits. */
const LATEST_MS = Date.UTC(9999, 11, 31);

function parseInstant(text: string | null): number | null {
  if (text === null) return null;
  const isIso = /^\d{4}-\d\d-\d\dT/.test(text); // Date.parse alone takes much more for a time
  const atMs = /^\d+$/.test(text) ? Number(text) : isIso ? Date.parse(text) : Number.NaN;
  return atMs >= 0 && atMs <= LATEST_MS ? atMs : null; // not for NaN
}

function isoTime(atMs: number): string {
  return new Date(atMs).toISOString().replace(".000Z", "Z");
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
