import { describe, expect, it } from "vitest";
import { createPlayer, type FrameClock, type Player } from "../../../src/studio/playback/player";
import { createSessionTimeline } from "../../../src/studio/playback/session-timeline";
import { turnOutline } from "./outline";

const FRAME_MS = 16;

/** A clock that stands until it is told to run. */
function fakeFrames(): FrameClock & { run(ms: number): void } {
  let nowMs = 1_000;
  let nextId = 1;
  const waiting = new Map<number, () => void>();
  return {
    now: () => nowMs,
    requestFrame(run) {
      waiting.set(nextId, run);
      return nextId++;
    },
    cancelFrame: (id) => void waiting.delete(id),
    run(ms) {
      const untilMs = nowMs + ms;
      while (nowMs < untilMs) {
        nowMs = Math.min(untilMs, nowMs + FRAME_MS);
        const due = [...waiting.values()];
        waiting.clear();
        for (const run of due) run();
      }
    },
  };
}

const TURNS = [
  turnOutline("a", 0, 4_000, [
    { id: "look", type: "tool", startOffsetMs: 500, durationMs: 200 },
    { id: "say", type: "generation", startOffsetMs: 1_000, timeToFirstTokenMs: 500 },
  ]),
  turnOutline("b", 64_000, 4_000, [
    { id: "fail", startOffsetMs: 1_000, durationMs: 1_000, level: "ERROR" },
    { id: "book", type: "tool", startOffsetMs: 3_000, durationMs: 100 },
  ]),
];

function open(turns = TURNS): { player: Player; frames: ReturnType<typeof fakeFrames> } {
  const frames = fakeFrames();
  const player = createPlayer(frames);
  player.setTimeline(createSessionTimeline({ turns }), { playsGrowth: true });
  return { player, frames };
}

it("shows everything until it is used", () => {
  const { player } = open();
  expect(player.state).toEqual({
    timeMs: 68_000,
    isPlaying: false,
    isEngaged: false,
    speed: 1,
    skipsIdle: true,
  });
});

describe("playing", () => {
  it("starts from the beginning and moves with the clock", () => {
    const { player, frames } = open();
    player.play();
    expect(player.state).toMatchObject({ timeMs: 0, isPlaying: true, isEngaged: true });
    frames.run(1_234);
    expect(player.state.timeMs).toBeCloseTo(1_234, 6);
  });

  it.each([0.5, 1, 2, 4, 8, 16] as const)("keeps %d times the pace of the clock", (speed) => {
    const { player, frames } = open();
    player.setSpeed(speed);
    player.play();
    frames.run(200);
    expect(player.state.timeMs).toBeCloseTo(200 * speed, 6);
  });

  it("keeps its place when the speed changes on the way", () => {
    const { player, frames } = open();
    player.play();
    frames.run(1_000);
    player.changeSpeed(1);
    frames.run(500);
    player.changeSpeed(-1);
    player.changeSpeed(-1);
    frames.run(400);
    expect(player.state.speed).toBe(0.5);
    expect(player.state.timeMs).toBeCloseTo(1_000 + 1_000 + 200, 6);
  });

  it("passes an idle minute in half a second, or in a minute when it is not skipped", () => {
    const skipping = open();
    skipping.player.play();
    skipping.frames.run(4_500);
    expect(skipping.player.state.timeMs).toBeCloseTo(64_000, 6);

    const waiting = open();
    waiting.player.setSkipsIdle(false);
    waiting.player.play();
    waiting.frames.run(4_500);
    expect(waiting.player.state.timeMs).toBeCloseTo(4_500, 6);
  });

  it("keeps its place in the session when idle gaps stop being skipped on the way", () => {
    const { player, frames } = open();
    player.play();
    frames.run(5_000);
    player.setSkipsIdle(false);
    frames.run(100);
    expect(player.state.timeMs).toBeCloseTo(64_600, 6);
  });

  it("pauses where it is, and goes on from there", () => {
    const { player, frames } = open();
    player.play();
    frames.run(1_000);
    player.pause();
    frames.run(5_000);
    expect(player.state).toMatchObject({ isPlaying: false, isEngaged: true });
    expect(player.state.timeMs).toBeCloseTo(1_000, 6);
    player.play();
    frames.run(500);
    expect(player.state.timeMs).toBeCloseTo(1_500, 6);
  });

  it("ends at the end, showing everything, and starts over from there", () => {
    const { player, frames } = open();
    player.play();
    frames.run(9_000);
    expect(player.state).toMatchObject({ timeMs: 68_000, isPlaying: false, isEngaged: false });
    player.play();
    expect(player.state.timeMs).toBe(0);
  });

  it("does nothing for a session without length", () => {
    const { player } = open([]);
    player.play();
    expect(player.state.isPlaying).toBe(false);
  });
});

describe("seeking", () => {
  it("plays on from there while playing, and stands there while not", () => {
    const { player, frames } = open();
    player.seek(2_000);
    frames.run(100);
    expect(player.state).toMatchObject({ timeMs: 2_000, isPlaying: false, isEngaged: true });
    player.play();
    player.seek(3_000);
    frames.run(100);
    expect(player.state.timeMs).toBeCloseTo(3_100, 6);
  });

  it("stays within the session and shows everything at its end", () => {
    const { player } = open();
    player.seek(-5);
    expect(player.state.timeMs).toBe(0);
    player.seek(1e9);
    expect(player.state).toMatchObject({ timeMs: 68_000, isEngaged: false });
  });

  it("moves through skipped idle time as the player does", () => {
    const { player } = open();
    player.seek(3_500);
    player.seekBy(1_500);
    expect(player.state.timeMs).toBeCloseTo(64_500, 6);
    player.seekBy(-1_500);
    expect(player.state.timeMs).toBeCloseTo(3_500, 6);
  });
});

describe("steps and jumps", () => {
  it("steps from event to event, there and back", () => {
    const { player } = open();
    const visited: number[] = [];
    for (let step = 0; step < 9; step += 1) {
      player.step(1);
      visited.push(player.state.timeMs);
    }
    expect(visited).toEqual([0, 500, 1_500, 4_000, 64_000, 66_000, 67_000, 68_000, 0]);
    player.step(1);
    player.step(1);
    player.step(-1);
    expect(player.state.timeMs).toBe(500);
  });

  it("jumps to the next of a kind and round the end to the first", () => {
    const { player } = open();
    const next = (): unknown => [player.jump("tool", 1)?.label, player.state.timeMs];
    expect([next(), next(), next()]).toEqual([
      ["look", 500],
      ["book", 67_000],
      ["look", 500],
    ]);
    expect(player.jump("error", 1)).toMatchObject({ label: "fail", turnIndex: 1, atMs: 66_000 });
    expect(player.jump("turn", -1)).toMatchObject({ turnIndex: 1, atMs: 64_000 });
    expect(player.jump("turn", -1)).toMatchObject({ turnIndex: 0, atMs: 0 });
  });

  it("stays where it is when there is none of the kind", () => {
    const { player } = open();
    player.seek(2_000);
    expect(player.jump("score", 1)).toBeNull();
    expect(player.state.timeMs).toBe(2_000);
  });
});

describe("a session that grows", () => {
  const grown = createSessionTimeline({ turns: [...TURNS, turnOutline("c", 90_000, 2_000)] });

  it("plays what is new where everything was shown, from its start", () => {
    const { player, frames } = open();
    player.setTimeline(grown, { playsGrowth: true });
    expect(player.state).toMatchObject({ timeMs: 90_000, isPlaying: true });
    frames.run(500);
    expect(player.state.timeMs).toBeCloseTo(90_500, 6);
    frames.run(1_600);
    expect(player.state).toMatchObject({ timeMs: 92_000, isPlaying: false, isEngaged: false });
  });

  it("plays what took long in five seconds", () => {
    const { player, frames } = open();
    const long = createSessionTimeline({ turns: [...TURNS, turnOutline("c", 90_000, 60_000)] });
    player.setTimeline(long, { playsGrowth: true });
    frames.run(2_500);
    expect(player.state.timeMs).toBeCloseTo(120_000, 6);
    frames.run(2_600);
    expect(player.state.isPlaying).toBe(false);
  });

  it("shows what is new at once when told to", () => {
    const { player } = open();
    player.setTimeline(grown, { playsGrowth: false });
    expect(player.state).toMatchObject({ timeMs: 92_000, isPlaying: false, isEngaged: false });
  });

  it("leaves the reader where they are in an earlier moment", () => {
    const { player } = open();
    player.seek(2_000);
    player.setTimeline(grown, { playsGrowth: true });
    expect(player.state).toMatchObject({ timeMs: 2_000, isPlaying: false, isEngaged: true });
  });

  it("keeps the moment when an earlier turn arrives late", () => {
    const { player, frames } = open();
    player.play();
    frames.run(2_000);
    const earlier = createSessionTimeline({ turns: [turnOutline("0", -1_000, 500), ...TURNS] });
    player.setTimeline(earlier, { playsGrowth: true });
    frames.run(100);
    expect(player.state.timeMs).toBeCloseTo(3_100, 6);
  });
});

it("tells of each change until it is told not to", () => {
  const { player, frames } = open();
  let calls = 0;
  const stop = player.subscribe(() => {
    calls += 1;
  });
  player.play();
  frames.run(FRAME_MS);
  expect(calls).toBe(2);
  stop();
  frames.run(FRAME_MS);
  expect(calls).toBe(2);
});

it("asks for no more frames once it is closed", () => {
  const { player, frames } = open();
  player.play();
  player.close();
  frames.run(1_000);
  expect(player.state.timeMs).toBe(0);
});
