import type { FlushReport } from "playhead";
import { expect, it } from "vitest";
import type { PublicSessionWithTraces } from "../../src/studio/api/public-types";
import { runApp } from "./support/run-app";
import { openStudio } from "./support/studio";

it("puts the session id of the design's three examples on every span of their traces", async () => {
  const studio = await openStudio();

  const run = await runApp("design-examples", { LANGFUSE_BASE_URL: studio.url });

  expect(run.warnings).toEqual([]);
  expect(run.exitCode).toBe(0);
  expect(run.result<FlushReport>()).toMatchObject({ offered: 7, delivered: 7, isComplete: true });

  const all = await studio.observations();
  expect(all.map(({ name }) => name).sort()).toEqual([
    "another-operation",
    "answer",
    "answer-generation",
    "findDocuments",
    "generate-response",
    "process-chat-message",
    "processRequest",
  ]);
  const ofSession = await studio.observations({ sessionId: "chat-session-123" });
  expect(ids(ofSession)).toEqual(ids(all));

  const session = await studio.read<PublicSessionWithTraces>(
    "/api/public/sessions/chat-session-123",
  );
  expect(ids(session.traces)).toEqual([...new Set(all.map(({ traceId }) => traceId))].sort());
  expect(session.traces.map(({ name }) => name).sort()).toEqual([
    "another-operation",
    "process-chat-message",
    "processRequest",
  ]);
});

function ids(rows: readonly { readonly id: string }[]): string[] {
  return rows.map(({ id }) => id).sort();
}
