import type { ComponentChildren, JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { SessionOutline } from "../../api/types";
import { formatInteger } from "../../conversation/format";
import { type Player, SPEEDS } from "../../playback/player";
import { positionText } from "../../playback/position-text";
import type { MarkKind } from "../../playback/session-timeline";
import { CopyButton } from "../parts/copy-button";
import { withMoment } from "./moment-url";
import { PauseIcon, PlayIcon, StepIcon, TurnIcon } from "./player-icons";
import { Scrubber } from "./scrubber";

export interface PlayerBarProps {
  readonly player: Player;
  readonly turns: SessionOutline["turns"];
  readonly jump: (kind: MarkKind, direction: 1 | -1) => void;
  /** Called when the reader has moved the playhead or set it going. */
  readonly onMove: () => void;
  /** Of the step whose details are open; goes into the copied link. */
  readonly observationId: string | null;
}

export function PlayerBar(props: PlayerBarProps): JSX.Element {
  const { player, turns, jump, onMove, observationId } = props;
  const { state, timeline } = player;
  const counts = useMemo(() => countsOf(player), [timeline]);
  const link = (): string =>
    withMoment(location.href, { timeMs: state.isEngaged ? state.timeMs : null, observationId });
  const move = (run: () => void) => () => {
    run();
    onMove();
  };
  return (
    <section
      class="player"
      aria-label="Playback"
      data-testid="player"
      data-playing={state.isPlaying ? "" : undefined}
      data-engaged={state.isEngaged ? "" : undefined}
    >
      <div class="player-inner">
        <div class="player-group">
          <Control label="Previous turn" keys="p" onClick={() => jump("turn", -1)}>
            <TurnIcon isNext={false} />
          </Control>
          <Control
            label={state.isPlaying ? "Pause" : "Play"}
            keys="space"
            isMain
            onClick={move(state.isPlaying ? player.pause : player.play)}
          >
            {state.isPlaying ? <PauseIcon /> : <PlayIcon />}
          </Control>
          <Control label="Next turn" keys="n" onClick={() => jump("turn", 1)}>
            <TurnIcon isNext />
          </Control>
        </div>
        <p class="player-time" data-testid="player-time">
          <strong>{positionText(state.timeMs)}</strong> / {positionText(timeline.durationMs)}
        </p>
        <Scrubber player={player} turns={turns} onMove={onMove} />
        <div class="player-group player-extras">
          <Control label="Previous event" keys="," onClick={move(() => player.step(-1))}>
            <StepIcon isNext={false} />
          </Control>
          <Control label="Next event" keys="." onClick={move(() => player.step(1))}>
            <StepIcon isNext />
          </Control>
          <Jump name="tool" keys="t" count={counts.tool} onClick={() => jump("tool", 1)} />
          <Jump name="error" keys="e" count={counts.error} onClick={() => jump("error", 1)} />
          <label class="player-speed" title="Speed ([ and ])">
            <span class="visually-hidden">Speed</span>
            <select
              value={state.speed}
              data-testid="player-speed"
              onChange={(event) => {
                const chosen = SPEEDS.find((speed) => String(speed) === event.currentTarget.value);
                if (chosen !== undefined) player.setSpeed(chosen);
              }}
            >
              {SPEEDS.map((speed) => (
                <option key={speed} value={speed}>
                  {speed}×
                </option>
              ))}
            </select>
          </label>
          {timeline.idleGaps.length > 0 && (
            <button
              type="button"
              class="player-switch"
              aria-pressed={state.skipsIdle}
              onClick={() => player.setSkipsIdle(!state.skipsIdle)}
            >
              Skip idle
            </button>
          )}
          {state.isEngaged && (
            <button type="button" class="player-switch" onClick={player.showAll}>
              Show all
            </button>
          )}
          <CopyButton label="Copy a link to this moment" text={link} />
        </div>
      </div>
    </section>
  );
}

function Control(props: {
  label: string;
  keys: string;
  isMain?: boolean;
  onClick: () => void;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <button
      type="button"
      class={props.isMain === true ? "player-button player-main" : "player-button"}
      aria-label={props.label}
      title={`${props.label} (${props.keys})`}
      onClick={props.onClick}
    >
      {props.children}
    </button>
  );
}

function Jump(props: {
  name: "tool" | "error";
  keys: string;
  count: number;
  onClick: () => void;
}): JSX.Element | null {
  if (props.count === 0) return null;
  const many = props.count === 1 ? props.name : `${props.name}s`;
  const caption = `${formatInteger(props.count)} ${many}`;
  return (
    <button
      type="button"
      class="player-jump"
      data-kind={props.name}
      aria-label={`Next of ${caption}`}
      title={`Next ${props.name} (${props.keys})`}
      onClick={props.onClick}
    >
      {caption}
    </button>
  );
}

function countsOf({ timeline }: Player): { tool: number; error: number } {
  const counts = { tool: 0, error: 0 };
  for (const { kind } of timeline.marks) {
    if (kind === "tool" || kind === "error") counts[kind] += 1;
  }
  return counts;
}
