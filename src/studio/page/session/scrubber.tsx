import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { SessionOutline } from "../../api/types";
import { cutText } from "../../conversation/json-text";
import { turnIndexAt } from "../../playback/moment";
import type { Player } from "../../playback/player";
import { positionText } from "../../playback/position-text";
import {
  percentOf,
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
        {gaps.map((gap) => (
          <span
            key={gap.fromPercent}
            class="scrubber-gap"
            data-testid="scrubber-gap"
            style={{ left: `${gap.fromPercent}%`, width: `${gap.widthPercent}%` }}
          />
        ))}
        <span class="scrubber-played" style={{ width: `${percent}%` }} />
        {marks.map((mark) => (
          <span
            key={`${mark.kind} ${mark.percent}`}
            class="scrubber-mark"
            data-kind={mark.kind}
            style={{ left: `${mark.percent}%` }}
          />
        ))}
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
  const near = marks.filter(
    (mark) => mark.kind !== "turn" && Math.abs(mark.percent - percent) <= NEAR_PERCENT,
  );
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
        {near.map((mark) => (
          <span key={mark.kind} class="scrubber-preview-mark" data-kind={mark.kind}>
            {mark.count > 1
              ? `${mark.count} ${MARK_NAMES[mark.kind]?.[1]}`
              : MARK_NAMES[mark.kind]?.[0]}
          </span>
        ))}
      </p>
      {message !== null && !isIdle && <p dir="auto">{cutText(message, 90)}</p>}
    </div>
  );
}
