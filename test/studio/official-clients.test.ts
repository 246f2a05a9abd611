import { LangfuseSpanProcessor } from "@langfuse/otel";
import {
  propagateAttributes,
  setLangfuseTracerProvider,
  startActiveObservation,
} from "@langfuse/tracing";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { Langfuse, LangfuseMedia } from "langfuse";
import { expect, it, onTestFinished } from "vitest";
import type {
  PublicObservationV2,
  PublicObservationV2List,
  PublicTraceWithDetails,
} from "../../src/studio/api/public-types";
import type { Studio } from "../../src/studio/server";
import { get, openStudio } from "./server/running-studio";

const KEYS = { publicKey: "pk-lf-1", secretKey: "sk-lf-1" };
const AUTHORIZED = {
  authorization: `Basic ${Buffer.from("pk-lf-1:sk-lf-1").toString("base64")}`,
};
const PICTURE = Buffer.from("\x89PNG a picture of a lighthouse");
const PICTURE_URI = `data:image/png;base64,${PICTURE.toString("base64")}`;

async function read<Body>(studio: Studio, path: string): Promise<Body> {
  const { status, json } = await get(studio, path, AUTHORIZED);
  expect(status).toBe(200);
  return json as Body; // what the route documents
}

async function observationsOf(studio: Studio, sessionId: string): Promise<PublicObservationV2[]> {
  const fields = "core,basic,time,io,metadata,model,usage,prompt,metrics,trace_context";
  const path = `/api/public/v2/observations?sessionId=${sessionId}&fields=${fields}`;
  return [...(await read<PublicObservationV2List>(studio, path)).data];
}

function named(observations: readonly PublicObservationV2[], name: string): PublicObservationV2 {
  const found = observations.find((one) => one.name === name);
  if (found === undefined) throw new Error(`Expected an observation named ${name}`);
  return found;
}

/** The bytes behind the first media reference in a text. */
async function mediaIn(studio: Studio, text: string): Promise<Buffer> {
  const id = /@@@langfuseMedia:type=image\/png\|id=([\w-]+)\|source=base64_data_uri@@@/.exec(
    text,
  )?.[1];
  const { url } = await read<{ url: string }>(studio, `/api/public/media/${id}`);
  return Buffer.from(await (await fetch(url)).arrayBuffer());
}

it("@langfuse/tracing gets back every field as it was sent", async () => {
  const studio = await openStudio(KEYS);
  const processor = new LangfuseSpanProcessor({
    ...KEYS,
    baseUrl: studio.url,
    environment: "staging",
    release: "r1",
  });
  const provider = new NodeTracerProvider({ spanProcessors: [processor] });
  provider.register();
  setLangfuseTracerProvider(provider);
  onTestFinished(() => provider.shutdown());
  const completionStartTime = new Date("2026-11-23T00:00:00.250Z");

  await propagateAttributes(
    {
      sessionId: "official",
      userId: "user-7",
      tags: ["blue", "green"],
      metadata: { plan: "pro" },
      version: "v2",
      traceName: "handle message",
    },
    () =>
      startActiveObservation("root", async (root) => {
        root.update({ input: { question: "What is a trace?" }, metadata: { deep: { a: [1] } } });
        for (const type of TYPES) {
          // The overloads take one type each; all of these take the same attributes.
          root.startObservation(`a ${type}`, { input: type }, { asType: type as "tool" }).end();
        }
        root
          .startObservation(
            "answer",
            {
              model: "gpt-4o",
              modelParameters: { temperature: 0.2, stop: "x" },
              input: [{ role: "user", content: PICTURE_URI }],
              output: "plain text",
              usageDetails: { input: 11, input_cached_tokens: 4, output: 7 },
              costDetails: { input: 0.25, output: 0.5 },
              completionStartTime,
              level: "WARNING",
              statusMessage: "slow",
              metadata: { note: "text", list: [1, 2] },
              prompt: { name: "prompt-1", version: 3, isFallback: false },
            },
            { asType: "generation" },
          )
          .end();
        root.update({ output: "One request through a system." });
        root.setTraceAsPublic();
      }),
  );
  await processor.forceFlush();

  const observations = await observationsOf(studio, "official");
  expect(observations).toHaveLength(TYPES.length + 2);
  const root = named(observations, "root");
  for (const one of observations) {
    expect(one).toMatchObject({
      traceId: root.traceId,
      sessionId: "official",
      userId: "user-7",
      tags: ["blue", "green"],
      traceName: "handle message",
      environment: "staging",
      release: "r1",
      version: "v2",
    });
    expect(one.metadata?.["plan"]).toBe("pro");
  }
  expect(root).toMatchObject({
    type: "SPAN",
    parentObservationId: null,
    isRootObservation: true,
    input: '{"question":"What is a trace?"}',
    output: "One request through a system.",
    metadata: { deep: { a: [1] } },
    level: "DEFAULT",
  });
  for (const type of TYPES) {
    expect(named(observations, `a ${type}`)).toMatchObject({
      type: type.toUpperCase(),
      parentObservationId: root.id,
      input: type,
    });
  }
  const answer = named(observations, "answer");
  expect(answer).toMatchObject({
    type: "GENERATION",
    model: "gpt-4o",
    modelParameters: { temperature: 0.2, stop: "x" },
    output: "plain text",
    usageDetails: { input: 11, input_cached_tokens: 4, output: 7, total: 22 },
    costDetails: { input: 0.25, output: 0.5, total: 0.75 },
    totalCost: 0.75,
    completionStartTime: "2026-11-23T00:00:00.250Z",
    level: "WARNING",
    statusMessage: "slow",
    metadata: { note: "text", list: [1, 2] },
    promptName: "prompt-1",
    promptVersion: 3,
  });
  expect(await mediaIn(studio, answer.input ?? "")).toEqual(PICTURE);
  const trace = await read<PublicTraceWithDetails>(studio, `/api/public/traces/${root.traceId}`);
  expect(trace).toMatchObject({
    name: "handle message",
    public: true,
    sessionId: "official",
    userId: "user-7",
    tags: ["blue", "green"],
    metadata: { plan: "pro" },
    input: { question: "What is a trace?" },
    output: "One request through a system.",
  });
});

const TYPES = [
  "agent",
  "tool",
  "chain",
  "retriever",
  "evaluator",
  "embedding",
  "guardrail",
] as const;

it("langfuse 3 gets back what it sends by the legacy batch", async () => {
  const studio = await openStudio(KEYS);
  const client = new Langfuse({
    ...KEYS,
    baseUrl: studio.url,
    environment: "staging",
    release: "r1",
  });
  const failures: unknown[] = [];
  client.on("error", (error) => failures.push(error));
  const trace = client.trace({
    name: "chat",
    userId: "user-7",
    sessionId: "legacy",
    tags: ["green", "blue"],
    metadata: { plan: { name: "pro" } },
    input: { question: "hi" },
    version: "v2",
  });
  const step = trace.span({ name: "step", input: "in" });
  const picture = new LangfuseMedia({ base64DataUri: PICTURE_URI });
  const generation = step.generation({
    name: "answer",
    model: "gpt-4o",
    modelParameters: { temperature: 0.2, stop: ["x"] },
    input: [{ role: "user", content: "hi" }],
    completionStartTime: new Date("2026-11-23T00:00:00.250Z"),
    startTime: new Date("2026-11-23T00:00:00.000Z"),
    metadata: { picture },
  });
  generation.end({
    output: "hello",
    usage: { promptTokens: 5, completionTokens: 3, totalTokens: 8 },
    costDetails: { input: 0.25 },
    level: "WARNING",
    statusMessage: "slow",
  });
  step.event({ name: "noted", input: { a: 1 } });
  step.end({ output: "out" });
  trace.update({ output: "bye", metadata: { plan: { seats: 2 } } });
  trace.score({ id: "good", name: "good", value: 1, comment: "why" });
  generation.score({ id: "kind", name: "kind", value: "yes" });
  await client.shutdownAsync();
  expect(failures).toEqual([]);

  const stored = await read<PublicTraceWithDetails>(studio, `/api/public/traces/${trace.id}`);
  expect(stored).toMatchObject({
    id: trace.id,
    name: "chat",
    userId: "user-7",
    sessionId: "legacy",
    tags: ["blue", "green"],
    metadata: { plan: { name: "pro", seats: 2 } },
    input: { question: "hi" },
    output: "bye",
    version: "v2",
    release: "r1",
    environment: "staging",
  });
  expect(stored.scores).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ id: "good", value: 1, comment: "why" }),
      expect.objectContaining({ id: "kind", observationId: generation.id, stringValue: "yes" }),
    ]),
  );
  const observations = await observationsOf(studio, "legacy");
  expect(named(observations, "step")).toMatchObject({
    id: step.id,
    type: "SPAN",
    input: "in",
    output: "out",
    environment: "staging",
  });
  expect(named(observations, "noted")).toMatchObject({
    type: "EVENT",
    parentObservationId: step.id,
    input: '{"a":1}',
  });
  const answer = named(observations, "answer");
  expect(answer).toMatchObject({
    id: generation.id,
    type: "GENERATION",
    parentObservationId: step.id,
    startTime: "2026-11-23T00:00:00.000Z",
    completionStartTime: "2026-11-23T00:00:00.250Z",
    model: "gpt-4o",
    modelParameters: { temperature: 0.2, stop: ["x"] },
    input: '[{"role":"user","content":"hi"}]',
    output: "hello",
    usageDetails: { input: 5, output: 3, total: 8 },
    costDetails: { input: 0.25, total: 0.25 },
    level: "WARNING",
    statusMessage: "slow",
  });
  expect(await mediaIn(studio, String(answer.metadata?.["picture"]))).toEqual(PICTURE);
});
