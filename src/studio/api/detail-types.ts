/**
 * What the studio's own API answers for one trace, one observation and the figures of a session.
 * `GET /api/studio/observation?traceId=…&id=…` gives an `ObservationView`, or 404 `{ message }`. Units and forms are those of `types.ts`.
 */

import type { ObservationView, StepOutline, TokenCounts, Turn } from "./types";

/**
 * One observation of an outline: all that a tree, a waterfall or a graph shows, nothing that may be
 * large. `name` and `statusMessage` are cut to 300 characters.
 */
export type Step = StepOutline &
  Pick<ObservationView, "statusMessage" | "model" | "tokens" | "totalCost">;

/** `GET /api/studio/trace-outline?id={traceId}`; 404 `{ message }` when nothing carries that id. */
export interface TraceOutline extends Omit<Turn, "observations"> {
  /** The observation whose input and output stand for the trace's. */
  readonly rootId: string;
  /** Flat, by start time; the tree is in `parentId`. */
  readonly steps: readonly Step[];
}

/** `GET /api/studio/session-figures?id={sessionId}`; 404 `{ message }`. */
export interface SessionFigures {
  /** From the start of a turn to its end. */
  readonly latencyMs: Percentiles | null;
  /** From the start of a turn to its first streamed token; null when nothing was streamed. */
  readonly timeToFirstTokenMs: Percentiles | null;
  /** By start time. */
  readonly turns: readonly TurnFigures[];
}

/** By the nearest-rank method: each is a value that was measured. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
}

export interface TurnFigures {
  readonly traceId: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly timeToFirstTokenMs: number | null;
  readonly tokens: TokenCounts;
  readonly totalCost: number | null;
  readonly errorCount: number;
}

/** `GET /api/studio/setup`: what an application has to be told to send its spans here. */
export interface SetupInfo {
  /** Null where the studio takes any key. */
  readonly publicKey: string | null;
}
