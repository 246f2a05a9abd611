import type { IdleClock } from "./idle-clock";
import type { Mark, MarkKind, SessionTimeline } from "./session-timeline";

/** A mark on the scrubber, with how many others it stands for. */
export interface ScrubberMark {
  readonly kind: MarkKind;
  /** 0 to 100, of the played time. */
  readonly percent: number;
  readonly count: number;
}

/** An idle gap on the scrubber, in percent of the played time. */
export interface ScrubberGap {
  readonly fromPercent: number;
  readonly widthPercent: number;
}

/** Places on the scrubber: more could not be told apart. */
const PLACES = 300;
const SHOWN: ReadonlySet<MarkKind> = new Set(["turn", "first-token", "error", "score"]);

/** At most one mark of a kind at each of 300 places, however long the session is. */
export function scrubberMarks(
  { marks }: Pick<SessionTimeline, "marks">,
  clock: IdleClock,
): readonly ScrubberMark[] {
  const places = new Map<string, { mark: Mark; count: number }>();
  for (const mark of marks) {
    if (!SHOWN.has(mark.kind)) continue;
    const place = `${mark.kind} ${Math.round(percentOf(clock, mark.atMs) * (PLACES / 100))}`;
    const known = places.get(place);
    if (known === undefined) places.set(place, { mark, count: 1 });
    else known.count += 1;
  }
  return [...places.values()].map(({ mark, count }) => ({
    kind: mark.kind,
    percent: percentOf(clock, mark.atMs),
    count,
  }));
}

/** How much of each kind is marked round a place, in percent, the starts of turns aside. */
export function countMarks(
  marks: readonly ScrubberMark[],
  { percent, within }: { readonly percent: number; readonly within: number },
): readonly Pick<ScrubberMark, "kind" | "count">[] {
  const counts = new Map<MarkKind, number>();
  for (const mark of marks) {
    if (mark.kind === "turn" || Math.abs(mark.percent - percent) > within) continue;
    counts.set(mark.kind, (counts.get(mark.kind) ?? 0) + mark.count);
  }
  return [...counts].map(([kind, count]) => ({ kind, count }));
}

export function scrubberGaps(
  { idleGaps }: Pick<SessionTimeline, "idleGaps">,
  clock: IdleClock,
): readonly ScrubberGap[] {
  // Those too narrow to be seen are left out, so that ten thousand gaps are not ten thousand nodes.
  return idleGaps.flatMap(({ fromMs, toMs }) => {
    const fromPercent = percentOf(clock, fromMs);
    const widthPercent = percentOf(clock, toMs) - fromPercent;
    return widthPercent < 100 / PLACES ? [] : [{ fromPercent, widthPercent }];
  });
}

/** Where a session time stands on the scrubber, 0 to 100. */
export function percentOf(clock: IdleClock, sessionMs: number): number {
  return clock.durationMs <= 0 ? 0 : (clock.toPlayed(sessionMs) / clock.durationMs) * 100;
}
