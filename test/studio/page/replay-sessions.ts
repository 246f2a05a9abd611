import { expect } from "vitest";
import { type JsonSpan, otlpJson } from "../server/spans";

/** 2025-11-22T10:20:00Z */
const ORIGIN_MS = 1_763_806_800_000;

export interface StepFields {
  readonly id: string;
  readonly type: "tool" | "generation" | "retriever";
  /** From the start of the turn, in milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly firstTokenMs?: number;
  /** Milliseconds since the step's start and characters. */
  readonly timeline?: readonly number[];
  readonly error?: string;
}

export interface TurnFields {
  readonly sessionId: string;
  readonly traceId: string;
  /** From the origin, in milliseconds. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly input: string;
  readonly output: string;
  readonly steps?: readonly StepFields[];
}

/** Sends turns as any OTLP client does. */
export async function sendTurns(url: string, turns: readonly TurnFields[]): Promise<void> {
  const response = await fetch(`${url}/api/public/otel/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: otlpJson(...turns.flatMap(spansOf)),
  });
  expect(response.status, await response.text()).toBe(200);
}

function spansOf(turn: TurnFields): JsonSpan[] {
  const { traceId, startMs, durationMs, input, output, steps = [] } = turn;
  const root: JsonSpan = {
    traceId,
    spanId: `${traceId}-root`,
    name: "answer",
    startTimeUnixNano: nano(startMs),
    endTimeUnixNano: nano(startMs + durationMs),
    attributes: {
      "session.id": turn.sessionId,
      "langfuse.observation.type": "chain",
      "langfuse.observation.input": input,
      "langfuse.observation.output": output,
    },
  };
  const inner = steps.map(
    (step): JsonSpan => ({
      traceId,
      spanId: step.id,
      parentSpanId: root.spanId ?? "",
      name: step.id,
      startTimeUnixNano: nano(startMs + step.from),
      endTimeUnixNano: nano(startMs + step.to),
      attributes: {
        "session.id": turn.sessionId,
        "langfuse.observation.type": step.type,
        ...(step.firstTokenMs !== undefined && {
          "langfuse.observation.completion_start_time": new Date(
            ORIGIN_MS + startMs + step.from + step.firstTokenMs,
          ).toISOString(),
        }),
        ...(step.timeline && { "playhead.stream.timeline": JSON.stringify(step.timeline) }),
      },
      ...(step.error !== undefined && { status: { code: 2, message: step.error } }),
    }),
  );
  return [root, ...inner];
}

function nano(offsetMs: number): string {
  return `${ORIGIN_MS + offsetMs}000000`;
}

/** 100 characters that came in three pieces: 20 at 1.5 s, 30 at 2 s, 50 at 3 s of their turn. */
export const RECORDED_ANSWER = "lighthouse".repeat(10);
/** 60 characters of which only the first token at 1 s and the end at 3 s of their turn are known. */
export const STREAMED_ANSWER = "seafarers!".repeat(6);

/** Three turns: one recorded, after a minute one with a failed tool, after three seconds one that streamed. */
export const CHAT: readonly TurnFields[] = [
  {
    sessionId: "chat",
    traceId: "chat-1",
    startMs: 0,
    durationMs: 4_000,
    input: "What is a lighthouse?",
    output: RECORDED_ANSWER,
    steps: [
      { id: "look_up", type: "tool", from: 200, to: 800 },
      {
        id: "reply-1",
        type: "generation",
        from: 1_000,
        to: 4_000,
        firstTokenMs: 500,
        timeline: [500, 20, 1_000, 30, 2_000, 50],
      },
    ],
  },
  {
    sessionId: "chat",
    traceId: "chat-2",
    startMs: 64_000,
    durationMs: 3_000,
    input: "Book me one.",
    output: "Sorry, none is free.",
    steps: [{ id: "book", type: "tool", from: 500, to: 1_500, error: "sold out" }],
  },
  {
    sessionId: "chat",
    traceId: "chat-3",
    startMs: 70_000,
    durationMs: 3_000,
    input: "Why are they so high?",
    output: STREAMED_ANSWER,
    steps: [{ id: "reply-3", type: "generation", from: 0, to: 3_000, firstTokenMs: 1_000 }],
  },
];
