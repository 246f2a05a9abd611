import { formatDuration } from "./format";
import type { TimeScale } from "./waterfall";

export interface Tick {
  /** On the axis, in percent of its length, 0 to 100. */
  readonly left: number;
  readonly label: string;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Distances between ticks that read as round, in milliseconds, up to half a day. */
const STEPS_MS: readonly number[] = [
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND_MS),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
];
const DAY_MS = 24 * HOUR_MS;

/** At most `maxCount` round times on the axis, and one more where both of its ends are round. */
export function axisTicks(scale: TimeScale, maxCount: number): readonly Tick[] {
  const stepMs = stepFor(scale.lengthMs / Math.max(1, maxCount));
  const ticks: Tick[] = [];
  const first = Math.ceil(scale.startMs / stepMs);
  for (let place = 0; place <= maxCount; place++) {
    const atMs = (first + place) * stepMs;
    const left = ((atMs - scale.startMs) / scale.lengthMs) * 100;
    if (left > 100) break;
    ticks.push({ left, label: tickLabel(atMs) });
  }
  return ticks;
}

function stepFor(minimumMs: number): number {
  const known = STEPS_MS.find((stepMs) => stepMs >= minimumMs);
  if (known !== undefined) return known;
  let days = 1;
  for (const factor of endlessFactors()) {
    days = factor;
    if (days * DAY_MS >= minimumMs) break;
  }
  return days * DAY_MS;
}

/** 1, 2, 5, 10, 20, 50, 100 … */
function* endlessFactors(): Generator<number> {
  for (let size = 1; Number.isFinite(size); size *= 10) {
    for (const factor of [1, 2, 5]) yield factor * size;
  }
}

/** `1.5 s` for `1.50 s`, and `2 s` for `2.00 s`: ticks are round. */
function tickLabel(atMs: number): string {
  return formatDuration(Math.round(atMs * 10) / 10).replace(/(\.\d*?)0+ s$/, (_, digits: string) =>
    digits === "." ? " s" : `${digits} s`,
  );
}
