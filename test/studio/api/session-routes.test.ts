import { expect, it } from "vitest";
import type { SessionOutline, TurnList } from "../../../src/studio/api/types";
import { get, OTLP_PATH, openStudio, post } from "../server/running-studio";
import { type JsonSpan, otlpJson } from "../server/spans";

/** 2025-11-22T10:20:00Z */
const START_MS = 1_763_806_800_000;

function nano(offsetMs: number): string {
  return `${START_MS + offsetMs}000000`;
}

function turnSpans(number: number, output: string): JsonSpan[] {
  const traceId = `trace-${number}`;
  const fromMs = number * 10_000;
  return [
    {
      traceId,
      spanId: `root-${number}`,
      name: "answer",
      startTimeUnixNano: nano(fromMs),
      endTimeUnixNano: nano(fromMs + 4_000),
      attributes: {
        "session.id": "chat",
        "langfuse.observation.input": `Question ${number}`,
        "langfuse.observation.output": output,
      },
    },
    {
      traceId,
      spanId: `reply-${number}`,
      parentSpanId: `root-${number}`,
      name: "reply",
      startTimeUnixNano: nano(fromMs + 1_000),
      endTimeUnixNano: nano(fromMs + 3_000),
      attributes: {
        "langfuse.observation.type": "generation",
        "langfuse.observation.completion_start_time": new Date(
          START_MS + fromMs + 1_500,
        ).toISOString(),
        "playhead.stream.timeline": "[500,3,1900,4]",
      },
    },
  ];
}

async function openChat(...outputs: string[]) {
  const studio = await openStudio();
  const spans = outputs.flatMap((output, index) => turnSpans(index + 1, output));
  expect((await post(studio, OTLP_PATH, otlpJson(...spans))).status).toBe(200);
  return studio;
}

it("outlines a session: its turns and steps in time, without what was said", async () => {
  const studio = await openChat("Answer 1", "Answer 2");

  const answer = await get(studio, "/api/studio/session-outline?id=chat");

  const outline = answer.json as SessionOutline;
  expect(outline.session).toMatchObject({ id: "chat", traceCount: 2 });
  expect(outline.turns.map(({ traceId, firstMessage }) => [traceId, firstMessage])).toEqual([
    ["trace-1", "Question 1"],
    ["trace-2", "Question 2"],
  ]);
  expect(outline.turns[1]?.steps).toEqual([
    {
      id: "root-2",
      parentId: null,
      type: "span",
      name: "answer",
      startedAt: "2025-11-22T10:20:20.000000Z",
      startOffsetMs: 0,
      durationMs: 4_000,
      timeToFirstTokenMs: null,
      level: "DEFAULT",
    },
    {
      id: "reply-2",
      parentId: "root-2",
      type: "generation",
      name: "reply",
      startedAt: "2025-11-22T10:20:21.000000Z",
      startOffsetMs: 1_000,
      durationMs: 2_000,
      timeToFirstTokenMs: 500,
      level: "DEFAULT",
    },
  ]);
  expect(answer.text).not.toContain("Answer 1");
});

it("puts the scores of a turn and of its steps into its outline", async () => {
  const studio = await openChat("Answer 1", "Answer 2");
  for (const score of [
    { id: "a", name: "helpful", value: 1, traceId: "trace-2" },
    { id: "b", name: "short", value: 0.5, traceId: "trace-2", observationId: "reply-2" },
  ]) {
    await post(studio, "/api/public/scores", JSON.stringify(score));
  }

  const outline = (await get(studio, "/api/studio/session-outline?id=chat")).json as SessionOutline;

  expect(outline.turns[0]?.scores).toEqual([]);
  expect(outline.turns[1]?.scores.map(({ name }) => name).sort()).toEqual(["helpful", "short"]);
});

it("answers 404 for the outline of a session that nothing names", async () => {
  const studio = await openStudio();
  expect((await get(studio, "/api/studio/session-outline?id=none")).status).toBe(404);
});

it("gives the contents of the turns asked for, with the recorded pace of streams", async () => {
  const studio = await openChat("Answer 1", "Answer 2");

  const { data, left } = (await get(studio, "/api/studio/turns?id=trace-2&id=none&id=trace-1"))
    .json as TurnList;

  expect(left).toEqual([]);
  expect(data.map(({ traceId, output }) => [traceId, output])).toEqual([
    ["trace-2", "Answer 2"],
    ["trace-1", "Answer 1"],
  ]);
  expect(data[0]?.observations.map(({ streamTimeline }) => streamTimeline)).toEqual([
    undefined,
    [500, 3, 1900, 4],
  ]);
});

it("leaves turns for the next request where an answer would grow beyond two million characters", async () => {
  const large = "x".repeat(1_500_000);
  const studio = await openChat(large, large, "short");

  const first = (await get(studio, "/api/studio/turns?id=trace-1&id=trace-2&id=trace-3"))
    .json as TurnList;
  const second = (await get(studio, "/api/studio/turns?id=trace-2&id=trace-3")).json as TurnList;

  expect(first.data.map(({ traceId }) => traceId)).toEqual(["trace-1"]);
  expect(first.left).toEqual(["trace-2", "trace-3"]);
  expect(second.data.map(({ traceId }) => traceId)).toEqual(["trace-2", "trace-3"]);
});

it.each(["", "?id=a".concat("&id=b".repeat(100))])("refuses to read turns by %j", async (query) => {
  const studio = await openStudio();
  expect((await get(studio, `/api/studio/turns${query}`)).status).toBe(400);
});
