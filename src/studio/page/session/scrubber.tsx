import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { SessionOutline } from "../../api/types";
import { cutText } from "../../conversation/json-text";
import { turnIndexAt } from "../../playback/moment";
import type { Player } from "../../playback/player";
import { positionText } from "../../playback/position-text";
import {
  countMarks,
  percentOf,
  type ScrubberGap,
  type ScrubberMark,
  scrubberGaps,
  scrubberMarks,
} from "../../playback/scrubber-marks";

export interface ScrubberProps {
  readonly player: Player;
  readonly turns: SessionOutline["turns"];
  readonly onMove: () => void;
}

/** Marks this near to the pointer are named, in percent of the scrubber. */
const NEAR_PERCENT = 0.8;

const MARK_NAMES: Readonly<Record<string, readonly [one: string, many: string]>> = {
  error: ["error", "errors"],
  score: ["score", "scores"],
  "first-token": ["first token", "first tokens"],
};

/** The line of time, with what is worth looking at marked on it. */
export function Scrubber({ player, turns, onMove }: ScrubberProps): JSX.Element {
  const { clock, timeline, state } = player;
  const marks = useMemo(() => scrubberMarks(timeline, clock), [timeline, clock]);
  const gaps = useMemo(() => scrubberGaps(timeline, clock), [timeline, clock]);
  // Only the head moves while a session is played: the rest is made once.
  const gapNodes = useMemo(() => gaps.map(gapNode), [gaps]);
  const markNodes = useMemo(() => marks.map(markNode), [marks]);
  const [hoverPercent, setHoverPercent] = useState<number | null>(null);
  const position = positionText(state.timeMs);
  const turnNumber = turnIndexAt(timeline, state.timeMs) + 1;
  const percent = percentOf(clock, state.timeMs);
  return (
    <div
      class="scrubber"
      data-testid="scrubber"
      onPointerMove={(event) => {
        const { left, width } = event.currentTarget.getBoundingClientRect();
        const share = ((event.clientX - left) / width) * 100;
        setHoverPercent(Math.min(100, Math.max(0, share)));
      }}
      onPointerLeave={() => setHoverPercent(null)}
    >
      <div class="scrubber-track" aria-hidden="true">
        {gapNodes}
        <span class="scrubber-played" style={{ width: `${percent}%` }} />
        {markNodes}
        <span class="scrubber-head" style={{ left: `${percent}%` }} />
      </div>
      <input
        type="range"
        min={0}
        max={Math.max(1, clock.durationMs)}
        step="any"
        value={clock.toPlayed(state.timeMs)}
        disabled={clock.durationMs === 0}
        aria-label="Position in the session"
        aria-valuetext={`${position} of ${positionText(timeline.durationMs)}, turn ${turnNumber} of ${turns.length}`}
        onInput={(event) => {
          const playedMs = event.currentTarget.valueAsNumber;
          const isEnd = playedMs >= clock.durationMs;
          player.seek(isEnd ? timeline.durationMs : clock.toSession(playedMs));
          onMove();
        }}
      />
      {hoverPercent !== null && (
        <Preview player={player} turns={turns} marks={marks} percent={hoverPercent} />
      )}
    </div>
  );
}

function gapNode({ fromPercent, widthPercent }: ScrubberGap): JSX.Element {
  return (
    <span
      key={fromPercent}
      class="scrubber-gap"
      data-testid="scrubber-gap"
      style={{ left: `${fromPercent}%`, width: `${widthPercent}%` }}
    />
  );
}

function markNode({ kind, percent }: ScrubberMark): JSX.Element {
  return (
    <span
      key={`${kind} ${percent}`}
      class="scrubber-mark"
      data-kind={kind}
      style={{ left: `${percent}%` }}
    />
  );
}

function Preview(props: {
  player: Player;
  turns: SessionOutline["turns"];
  marks: readonly ScrubberMark[];
  percent: number;
}): JSX.Element {
  const { player, turns, marks, percent } = props;
  const { clock, timeline } = player;
  const timeMs = clock.toSession((percent / 100) * clock.durationMs);
  const index = turnIndexAt(timeline, timeMs);
  const message = turns[index]?.firstMessage ?? null;
  const near = countMarks(marks, { percent, within: NEAR_PERCENT });
  const isIdle = timeline.idleGaps.some((gap) => gap.fromMs < timeMs && timeMs < gap.toMs);
  return (
    <div
      class="scrubber-preview"
      data-testid="scrubber-preview"
      aria-hidden="true"
      style={{ left: `clamp(110px, ${percent}%, calc(100% - 110px))` }}
    >
      <p class="scrubber-preview-head">
        <strong>{positionText(timeMs)}</strong>
        <span>{isIdle ? "idle" : `turn ${index + 1}`}</span>
        {near.map(({ kind, count }) => (
          <span key={kind} class="scrubber-preview-mark" data-kind={kind}>
            {count > 1 ? `${count} ${MARK_NAMES[kind]?.[1]}` : MARK_NAMES[kind]?.[0]}
          </span>
        ))}
      </p>
      {message !== null && !isIdle && <p dir="auto">{cutText(message, 90)}</p>}
    </div>
  );
}
