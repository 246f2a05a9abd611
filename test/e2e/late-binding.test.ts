import type { FlushReport } from "playhead";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { PublicObservationV2 } from "../../src/studio/api/public-types";
import { runApp } from "./support/run-app";
import { openStudio } from "./support/studio";

let observations: readonly PublicObservationV2[];

beforeAll(async () => {
  const studio = await openStudio({}, afterAll);
  const run = await runApp("late-binding", { LANGFUSE_BASE_URL: studio.url });
  expect(run.warnings).toEqual([]);
  expect(run.exitCode).toBe(0);
  observations = await studio.observations();
  expect(observations).toHaveLength(run.result<FlushReport>().delivered);
});

it("puts what is known at the end of a trace on spans that had ended before", () => {
  const spans = ofTrace("late");

  expect(spans.map(({ name }) => name).sort()).toEqual([
    "late",
    "late/first-child",
    "late/grandchild",
    "late/second-child",
    "look-up",
  ]);
  for (const span of spans) {
    expect(span).toMatchObject({
      sessionId: "known-late",
      userId: "user-late",
      tags: ["late"],
    });
  }
});

it("keeps the sessions of traces that are open at the same time apart", () => {
  for (let index = 0; index < 20; index += 1) {
    expect(sessionsOf(`parallel-${index}`)).toEqual({
      [`parallel-${index}`]: `session-${index}`,
      [`parallel-${index}/before`]: `session-${index}`,
      [`parallel-${index}/after`]: `session-${index}`,
    });
  }
});

it("takes the last session where one is set twice", () => {
  expect(sessionsOf("twice")).toEqual({ twice: "the-last", "twice/child": "the-last" });
});

it("takes what is propagated around a trace as the trace's first values", () => {
  expect(sessionsOf("outside")).toEqual({ outside: "propagated", "outside/child": "propagated" });
  for (const span of ofTrace("outside")) expect(span.userId).toBe("user-outside");
});

it("lets updateTrace change what was propagated around the trace", () => {
  expect(sessionsOf("outside-then-set")).toEqual({
    "outside-then-set": "set-inside",
    "outside-then-set/child": "set-inside",
  });
  for (const span of ofTrace("outside-then-set")) expect(span.userId).toBe("user-outside");
});

it("gives what is propagated inside a trace only to the spans started in that scope", () => {
  expect(sessionsOf("inside")).toEqual({
    inside: "of-the-trace",
    "inside/before": "of-the-trace",
    "inside/within": "of-the-scope",
    "inside/behind": "of-the-trace",
  });
});

/** All spans of the trace whose root has that name. */
function ofTrace(rootName: string): readonly PublicObservationV2[] {
  const root = observations.find(({ name }) => name === rootName);
  return observations.filter(({ traceId }) => traceId === root?.traceId);
}

function sessionsOf(rootName: string): Record<string, string | null | undefined> {
  return Object.fromEntries(ofTrace(rootName).map(({ name, sessionId }) => [name, sessionId]));
}
