import type { ObservationView } from "../api/types";
import { countUntil } from "./sorted-search";

/** How an answer grew, in milliseconds from the start of its turn. */
export interface AnswerPace {
  /** Nothing is there before. */
  readonly firstMs: number;
  /** All of it is there from then on. */
  readonly lastMs: number;
  /** Characters (UTF-16 units) that are there at a time; never falls with time. */
  lengthAt(timeMs: number): number;
}

type Voice = Pick<
  ObservationView,
  "startOffsetMs" | "durationMs" | "timeToFirstTokenMs" | "streamTimeline"
>;

/**
 * The pace of a turn's answer: that of the step that wrote it. This is the last step to end whose
 * recorded stream is as long as the answer, else the last one with a recorded stream, else the last
 * streamed one, which is taken to have written evenly from its first token to its end. An answer
 * that was not streamed is there when the turn ends.
 * @param length - of the answer, in UTF-16 units
 */
export function answerPace(
  turn: { readonly durationMs: number; readonly observations: readonly Voice[] },
  length: number,
): AnswerPace {
  const { observations } = turn;
  const recorded =
    lastToEnd(observations, (one) => streamedLength(one.streamTimeline) === length) ??
    lastToEnd(observations, (one) => one.streamTimeline !== undefined);
  if (recorded?.streamTimeline !== undefined) {
    return recordedPace(recorded.startOffsetMs, recorded.streamTimeline, length);
  }
  const streamed = lastToEnd(observations, (one) => one.timeToFirstTokenMs !== null);
  if (streamed !== undefined && streamed.timeToFirstTokenMs !== null) {
    const firstMs = streamed.startOffsetMs + streamed.timeToFirstTokenMs;
    const endMs = streamed.startOffsetMs + streamed.durationMs;
    return evenPace(firstMs, Math.max(firstMs, endMs), length);
  }
  return evenPace(turn.durationMs, turn.durationMs, length);
}

/** Of steps that end together, such as a wrapper and the call in it, the later in the list. */
function lastToEnd(steps: readonly Voice[], isVoice: (step: Voice) => boolean): Voice | undefined {
  let last: Voice | undefined;
  for (const step of steps) {
    if (!isVoice(step)) continue;
    const endMs = step.startOffsetMs + step.durationMs;
    if (last === undefined || endMs >= last.startOffsetMs + last.durationMs) last = step;
  }
  return last;
}

/** @returns -1 for no timeline */
function streamedLength(timeline: readonly number[] | undefined): number {
  if (timeline === undefined) return -1;
  let length = 0;
  for (let index = 1; index < timeline.length; index += 2) length += timeline[index] ?? 0;
  return length;
}

function evenPace(firstMs: number, lastMs: number, length: number): AnswerPace {
  return {
    firstMs,
    lastMs,
    lengthAt(timeMs) {
      if (timeMs >= lastMs) return length;
      if (timeMs < firstMs) return 0;
      return Math.floor((length * (timeMs - firstMs)) / (lastMs - firstMs));
    },
  };
}

/** @param timeline - pairs of milliseconds since the step's start and characters */
function recordedPace(startMs: number, timeline: readonly number[], length: number): AnswerPace {
  const count = timeline.length / 2;
  /** Characters there from each point on. */
  const totals: number[] = [];
  let total = 0;
  for (let point = 0; point < count; point += 1) {
    total += timeline[2 * point + 1] ?? 0;
    totals.push(total);
  }
  const timeAt = (point: number): number => startMs + (timeline[2 * point] ?? 0);
  const lastMs = timeAt(count - 1);
  return {
    firstMs: timeAt(0),
    lastMs,
    lengthAt(timeMs) {
      if (timeMs >= lastMs) return length;
      const there = totals[countUntil(count, timeAt, timeMs) - 1] ?? 0;
      // An answer that is not letter by letter what was streamed grows in the same proportion.
      return total === 0 ? 0 : Math.floor((length * there) / total);
    },
  };
}
