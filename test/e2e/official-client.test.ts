import { expect, it } from "vitest";
import type { PublicSessionWithTraces } from "../../src/studio/api/public-types";
import type { SessionDetail } from "../../src/studio/api/types";
import { runApp } from "./support/run-app";
import { openStudio } from "./support/studio";

const KEYS = { publicKey: "pk-lf-test", secretKey: "sk-lf-test" };

it("shows what Langfuse's own client sends as a session, and takes its keys", async () => {
  const studio = await openStudio(KEYS);

  const run = await runApp("official-client", {
    LANGFUSE_BASE_URL: studio.url,
    LANGFUSE_PUBLIC_KEY: KEYS.publicKey,
    LANGFUSE_SECRET_KEY: KEYS.secretKey,
  });

  expect(run.warnings).toEqual([]);
  expect(run.exitCode).toBe(0);

  const { traces } = await studio.read<PublicSessionWithTraces>(
    "/api/public/sessions/official-session",
  );
  expect(traces).toEqual([
    expect.objectContaining({
      name: "handle-message",
      userId: "user-7",
      sessionId: "official-session",
      input: { question: "What is a trace?" },
      output: "One request through a system.",
    }),
  ]);

  const [generation, root, ...others] = await studio.observations({
    sessionId: "official-session",
  });
  expect(others).toEqual([]);
  expect(root).toMatchObject({
    name: "handle-message",
    type: "SPAN",
    parentObservationId: null,
    userId: "user-7",
  });
  expect(generation).toMatchObject({
    name: "generate-answer",
    type: "GENERATION",
    parentObservationId: root?.id,
    model: "gpt-4o",
    usageDetails: { input: 11, output: 7, total: 18 },
    userId: "user-7",
  });
  expect(JSON.parse(generation?.input ?? "")).toEqual([
    { role: "user", content: "What is a trace?" },
  ]);
  expect(JSON.parse(generation?.output ?? "")).toEqual({
    role: "assistant",
    content: "One request through a system.",
  });

  const { session } = await studio.read<SessionDetail>("/api/studio/sessions/official-session");
  expect(session).toMatchObject({
    firstMessage: "What is a trace?",
    models: ["gpt-4o"],
    tokens: { input: 11, output: 7, total: 18 },
    userIds: ["user-7"],
    traceCount: 1,
  });
});

it("stores nothing of Langfuse's own client when its keys are wrong", async () => {
  const studio = await openStudio(KEYS);

  await runApp("official-client", {
    LANGFUSE_BASE_URL: studio.url,
    LANGFUSE_PUBLIC_KEY: KEYS.publicKey,
    LANGFUSE_SECRET_KEY: "sk-lf-other",
  });

  expect(await studio.observations()).toEqual([]);
});
