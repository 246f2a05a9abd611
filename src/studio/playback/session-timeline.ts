import type { SessionOutline, StepOutline, TurnOutline } from "../api/types";

/** What happens at one moment of a session. */
export type MarkKind = "turn" | "tool" | "first-token" | "error" | "score" | "end";

export interface Mark {
  /** From the start of the session. */
  readonly atMs: number;
  readonly kind: MarkKind;
  /** Place of its turn in {@link SessionTimeline.turns}. */
  readonly turnIndex: number;
  readonly observationId: string | null;
  /** The name of the step or score; empty for a turn. */
  readonly label: string;
}

export interface TurnSpan {
  readonly traceId: string;
  /** Both from the start of the session. */
  readonly startMs: number;
  readonly endMs: number;
}

/** A stretch in which nothing runs, from the start of the session. */
export interface IdleGap {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A session as a stretch of time that starts at 0. Immutable; a longer session is a new timeline. */
export interface SessionTimeline {
  /** When it started, in Unix milliseconds with fractions. */
  readonly originMs: number;
  readonly durationMs: number;
  /** By start. */
  readonly turns: readonly TurnSpan[];
  /** By time; at the same time in the order of {@link MarkKind}. */
  readonly marks: readonly Mark[];
  /** By time, none touching another. */
  readonly idleGaps: readonly IdleGap[];
  /** At each place the latest end of the turns up to it; never falling. */
  readonly latestEndMs: readonly number[];
}

/** Silence from which on it counts as idle, in milliseconds. */
const MIN_IDLE_MS = 2_000;

const ORDER: readonly MarkKind[] = ["turn", "tool", "first-token", "error", "score", "end"];

/** In time proportional to n log n of the steps; everything after it is a search in these lists. */
export function createSessionTimeline({ turns }: Pick<SessionOutline, "turns">): SessionTimeline {
  const timed = turns
    .map((turn) => ({ turn, startsAt: timeOf(turn.startedAt) }))
    .sort((one, other) => one.startsAt - other.startsAt);
  const originMs = timed[0]?.startsAt ?? 0;
  const spans: TurnSpan[] = [];
  const marks: Mark[] = [];
  const latestEndMs: number[] = [];
  let latest = 0;
  for (const [turnIndex, { turn, startsAt }] of timed.entries()) {
    const startMs = startsAt - originMs;
    const endMs = startMs + Math.max(0, finite(turn.durationMs));
    spans.push({ traceId: turn.traceId, startMs, endMs });
    latest = Math.max(latest, endMs);
    latestEndMs.push(latest);
    marks.push(...turnMarks(turn, { turnIndex, startMs, endMs, originMs }));
  }
  marks.sort(
    (one, other) => one.atMs - other.atMs || ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind),
  );
  const idleGaps = idleGapsOf(spans);
  return { originMs, durationMs: latest, turns: spans, marks, idleGaps, latestEndMs };
}

interface Place {
  readonly turnIndex: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly originMs: number;
}

function turnMarks(turn: TurnOutline, { turnIndex, startMs, endMs, originMs }: Place): Mark[] {
  const within = (ms: number): number => Math.min(endMs, Math.max(startMs, startMs + finite(ms)));
  const marks: Mark[] = [
    { atMs: startMs, kind: "turn", turnIndex, observationId: null, label: "" },
    { atMs: endMs, kind: "end", turnIndex, observationId: null, label: "" },
  ];
  for (const step of turn.steps) {
    const common = { turnIndex, observationId: step.id, label: step.name };
    if (isTool(step)) marks.push({ ...common, kind: "tool", atMs: within(step.startOffsetMs) });
    if (step.timeToFirstTokenMs !== null) {
      const atMs = within(step.startOffsetMs + step.timeToFirstTokenMs);
      marks.push({ ...common, kind: "first-token", atMs });
    }
    if (step.level === "ERROR") {
      marks.push({ ...common, kind: "error", atMs: within(step.startOffsetMs + step.durationMs) });
    }
  }
  for (const score of turn.scores) {
    // Given later, as most are, it shows with the end of its turn.
    const givenMs = timeOf(score.timestamp) - originMs;
    const atMs = Math.min(endMs, Math.max(startMs, givenMs));
    const { observationId, name: label } = score;
    marks.push({ atMs, kind: "score", turnIndex, observationId, label });
  }
  return marks;
}

/** Steps that a conversation shows between question and answer. */
export function isTool(step: Pick<StepOutline, "type">): boolean {
  return step.type === "tool" || step.type === "retriever";
}

function idleGapsOf(turns: readonly TurnSpan[]): IdleGap[] {
  const gaps: IdleGap[] = [];
  let busyUntilMs = 0;
  for (const { startMs, endMs } of turns) {
    if (startMs - busyUntilMs >= MIN_IDLE_MS) gaps.push({ fromMs: busyUntilMs, toMs: startMs });
    busyUntilMs = Math.max(busyUntilMs, endMs);
  }
  return gaps;
}

/** Milliseconds with the fraction that `Date.parse` cuts off. */
function timeOf(iso: string): number {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) return 0;
  const micros = /\.\d{3}(\d{3})/.exec(iso)?.[1];
  return micros === undefined ? ms : ms + Number(micros) / 1_000;
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
