import type { ObservationView } from "../api/types";

type Timed = Pick<ObservationView, "startOffsetMs" | "durationMs" | "timeToFirstTokenMs">;

/** The time axis of a turn. Starts below 0 when a clock was behind that of the root. */
export interface TimeScale {
  readonly startMs: number;
  /** Above 0. */
  readonly lengthMs: number;
}

/** Where a bar stands on the axis, in percent of its length, 0 to 100. */
export interface Bar {
  readonly left: number;
  readonly width: number;
  /** From the start of the bar, in percent of the bar's width; null when not streamed. */
  readonly firstToken: number | null;
}

/** The axis on which all observations of a turn have room. */
export function timeScale(observations: readonly Timed[], turnDurationMs: number): TimeScale {
  let startMs = 0;
  let endMs = finite(turnDurationMs);
  for (const { startOffsetMs, durationMs } of observations) {
    startMs = Math.min(startMs, finite(startOffsetMs));
    endMs = Math.max(endMs, finite(startOffsetMs) + Math.max(0, finite(durationMs)));
  }
  return { startMs, lengthMs: Math.max(endMs - startMs, 0.001) };
}

export function barOf(observation: Timed, scale: TimeScale): Bar {
  const durationMs = Math.max(0, finite(observation.durationMs));
  const left = percent((finite(observation.startOffsetMs) - scale.startMs) / scale.lengthMs);
  const width = Math.min(100 - left, percent(durationMs / scale.lengthMs));
  const firstTokenMs = observation.timeToFirstTokenMs;
  const firstToken =
    firstTokenMs === null || durationMs === 0 ? null : percent(finite(firstTokenMs) / durationMs);
  return { left, width, firstToken };
}

function percent(share: number): number {
  return Math.min(100, Math.max(0, share * 100));
}

/** Far beyond any real time in milliseconds, and small enough that sums stay exact enough to divide. */
const MAX_MS = 1e15;

function finite(value: number): number {
  return Number.isNaN(value) ? 0 : Math.min(MAX_MS, Math.max(-MAX_MS, value));
}
