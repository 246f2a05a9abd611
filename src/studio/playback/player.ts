import { createPlainClock, createSkippingClock, type IdleClock } from "./idle-clock";
import type { Mark, MarkKind, SessionTimeline } from "./session-timeline";
import { countUntil } from "./sorted-search";

/** How many times faster than it happened. */
export const SPEEDS = [0.5, 1, 2, 4, 8, 16] as const;
export type Speed = (typeof SPEEDS)[number];

/** What drives the player: `requestAnimationFrame` and `performance.now` in the page. */
export interface FrameClock {
  /** Milliseconds; never falls. */
  now(): number;
  requestFrame(run: () => void): number;
  cancelFrame(id: number): void;
}

export interface PlayerState {
  /** From the start of the session. */
  readonly timeMs: number;
  readonly isPlaying: boolean;
  /** Whether it stands or plays somewhere before the end; at the end all of the session is shown. */
  readonly isEngaged: boolean;
  readonly speed: Speed;
  readonly skipsIdle: boolean;
}

export interface Player {
  readonly state: PlayerState;
  readonly timeline: SessionTimeline;
  /** Of the timeline, with idle gaps skipped or not. */
  readonly clock: IdleClock;
  /** Called after each change of the state. @returns what ends it */
  subscribe(listener: () => void): () => void;
  /** From the start, when at the end. */
  play(): void;
  pause(): void;
  /** Plays on from there, if it is playing. */
  seek(timeMs: number): void;
  /** Moves by played time, which runs through skipped idle gaps. */
  seekBy(playedMs: number): void;
  setSpeed(speed: Speed): void;
  /** To the next higher or lower speed, if there is one. */
  changeSpeed(step: 1 | -1): void;
  setSkipsIdle(skipsIdle: boolean): void;
  /** To the next or previous event, whatever it is; pauses. */
  step(direction: 1 | -1): void;
  /** To the next or previous event of a kind, round the end to the first. @returns it, or null when there is none */
  jump(kind: MarkKind, direction: 1 | -1): Mark | null;
  /** Stops at the end, where everything is shown. */
  showAll(): void;
  /**
   * Goes on with a session that has grown.
   * @param playsGrowth - whether what is new is played when everything was shown: as fast as it
   * happened, or faster where that would take longer than 5 s
   */
  setTimeline(timeline: SessionTimeline, options: { readonly playsGrowth: boolean }): void;
  close(): void;
}

/** Longest time that what has just arrived is played, in milliseconds. */
const MAX_GROWTH_MS = 5_000;
/** Times this close are the same: they went through a division. */
const SAME_MS = 0.01;

const EMPTY: SessionTimeline = {
  originMs: 0,
  durationMs: 0,
  turns: [],
  marks: [],
  idleGaps: [],
  latestEndMs: [],
};

export function createPlayer(frames: FrameClock): Player {
  let timeline = EMPTY;
  let clock: IdleClock = createPlainClock(EMPTY);
  let state: PlayerState = {
    timeMs: 0,
    isPlaying: false,
    isEngaged: false,
    speed: 1,
    skipsIdle: true,
  };
  /** While playing: played time was `playedMs` at `nowMs`; the rest follows from the clock. */
  let anchor = { nowMs: 0, playedMs: 0 };
  /** Whether what has just arrived is being played. */
  let isGrowth = false;
  /** Above 1 where that is faster than it happened. */
  let haste = 1;
  let frame: number | undefined;
  const listeners = new Set<() => void>();

  const update = (change: Partial<PlayerState>): void => {
    state = { ...state, ...change };
    for (const listener of [...listeners]) listener();
  };
  const setAnchor = (): void => {
    anchor = { nowMs: frames.now(), playedMs: clock.toPlayed(state.timeMs) };
  };
  const stopFrames = (): void => {
    if (frame !== undefined) frames.cancelFrame(frame);
    frame = undefined;
  };
  /** Of where the clock says it is; no event is told. */
  const advance = (): void => {
    const playedMs = anchor.playedMs + (frames.now() - anchor.nowMs) * state.speed * haste;
    state = { ...state, timeMs: clock.toSession(playedMs) };
  };
  const onFrame = (): void => {
    frame = undefined;
    advance();
    if (state.timeMs >= timeline.durationMs) {
      showAll();
    } else {
      frame = frames.requestFrame(onFrame);
      update({});
    }
  };
  const start = (timeMs: number): void => {
    stopFrames();
    state = { ...state, timeMs };
    setAnchor();
    frame = frames.requestFrame(onFrame);
    update({ isPlaying: true, isEngaged: true });
  };
  const endGrowth = (): void => {
    isGrowth = false;
    haste = 1;
  };
  const showAll = (): void => {
    stopFrames();
    endGrowth();
    update({ timeMs: timeline.durationMs, isPlaying: false, isEngaged: false });
  };
  const stop = (timeMs: number): void => {
    stopFrames();
    endGrowth();
    const boundedMs = Math.min(timeline.durationMs, Math.max(0, timeMs));
    const isEngaged = boundedMs < timeline.durationMs;
    update({ timeMs: boundedMs, isPlaying: false, isEngaged });
  };
  const seek = (timeMs: number): void => {
    endGrowth();
    if (state.isPlaying && timeMs < timeline.durationMs) start(Math.max(0, timeMs));
    else stop(timeMs);
  };
  const setSpeed = (speed: Speed): void => {
    if (state.isPlaying) advance();
    state = { ...state, speed };
    setAnchor();
    update({});
  };
  const setClock = (): void => {
    clock = state.skipsIdle ? createSkippingClock(timeline) : createPlainClock(timeline);
  };

  return {
    get state() {
      return state;
    },
    get timeline() {
      return timeline;
    },
    get clock() {
      return clock;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    play() {
      if (state.isPlaying || timeline.durationMs === 0) return;
      endGrowth();
      start(state.isEngaged ? state.timeMs : 0);
    },
    pause() {
      if (!state.isPlaying) return;
      advance();
      stop(state.timeMs);
    },
    seek,
    seekBy(playedMs) {
      seek(clock.toSession(clock.toPlayed(state.timeMs) + playedMs));
    },
    setSpeed,
    changeSpeed(step) {
      const next = SPEEDS[SPEEDS.indexOf(state.speed) + step];
      if (next !== undefined) setSpeed(next);
    },
    setSkipsIdle(skipsIdle) {
      if (state.isPlaying) advance();
      state = { ...state, skipsIdle };
      setClock();
      setAnchor();
      update({});
    },
    step(direction) {
      const next = neighbour(timeline.marks, fromOf(state, direction), direction);
      if (next !== undefined) stop(next.atMs);
    },
    jump(kind, direction) {
      const marks = timeline.marks.filter((mark) => mark.kind === kind);
      const next =
        neighbour(marks, fromOf(state, direction), direction) ??
        (direction === 1 ? marks[0] : marks[marks.length - 1]);
      if (next === undefined) return null;
      seek(next.atMs);
      return next;
    },
    showAll,
    setTimeline(next, { playsGrowth }) {
      if (state.isPlaying) advance();
      const shiftMs = timeline.turns.length === 0 ? 0 : timeline.originMs - next.originMs;
      const shownUntilMs = timeline.durationMs + shiftMs;
      const isFirst = timeline.turns.length === 0;
      const hasGrown = !isFirst && next.durationMs > shownUntilMs + SAME_MS;
      timeline = next;
      setClock();
      if (state.isPlaying) {
        state = { ...state, timeMs: state.timeMs + shiftMs };
        if (isGrowth) haste = hasteFor(clock, state);
        setAnchor();
        update({});
      } else if (state.isEngaged) {
        update({ timeMs: Math.min(next.durationMs, state.timeMs + shiftMs) });
      } else if (hasGrown && playsGrowth) {
        const gap = next.idleGaps.findLast((one) => one.fromMs <= shownUntilMs + SAME_MS);
        const isInGap = gap !== undefined && gap.toMs > shownUntilMs;
        const timeMs = isInGap ? gap.toMs : shownUntilMs;
        isGrowth = true;
        haste = hasteFor(clock, { ...state, timeMs });
        start(timeMs);
      } else {
        showAll();
      }
    },
    close() {
      stopFrames();
      listeners.clear();
    },
  };
}

/** So fast that the rest takes no longer than {@link MAX_GROWTH_MS}, at least 1. */
function hasteFor(clock: IdleClock, state: PlayerState): number {
  const restMs = clock.durationMs - clock.toPlayed(state.timeMs);
  return Math.max(1, restMs / state.speed / MAX_GROWTH_MS);
}

/** Where everything is shown, the next event is the first one. */
function fromOf({ isEngaged, timeMs }: PlayerState, direction: 1 | -1): number {
  return isEngaged || direction === -1 ? timeMs : -1;
}

function neighbour(marks: readonly Mark[], fromMs: number, direction: 1 | -1): Mark | undefined {
  const timeOf = (index: number): number => marks[index]?.atMs ?? 0;
  return direction === 1
    ? marks[countUntil(marks.length, timeOf, fromMs + SAME_MS)]
    : marks[countUntil(marks.length, timeOf, fromMs - SAME_MS) - 1];
}
