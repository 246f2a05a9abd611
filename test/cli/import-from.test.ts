import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Studio } from "../../src/studio/server";
import { deadUrl } from "../e2e/support/ports";
import { get, openStudio } from "../studio/server/running-studio";
import { LANGFUSE_3, LANGFUSE_4, openFront, type Refusal } from "../support/langfuse-front";
import { sendSupportSessions } from "../support/support-sessions";
import { CTRL_C, type Ended, openTerminal, runPlayhead } from "./run-playhead";

const KEYS = { publicKey: "pk-lf-a", secretKey: "sk-lf-a" };
const ENVIRONMENT = { LANGFUSE_PUBLIC_KEY: KEYS.publicKey, LANGFUSE_SECRET_KEY: KEYS.secretKey };
const ALL_FIELDS = "core,basic,time,io,metadata,model,usage,prompt,metrics,trace_context";

/** Everything that the public API of a studio tells. */
async function readAll(studio: Studio, isWithKeys: boolean): Promise<unknown> {
  const headers: Record<string, string> = isWithKeys
    ? { authorization: `Basic ${btoa(`${KEYS.publicKey}:${KEYS.secretKey}`)}` }
    : {};
  const read = async (path: string): Promise<unknown> =>
    (await get(studio, `/api/public/${path}`, headers)).json;
  const traces = (await read("traces?limit=100&fields=core")) as { data: { id: string }[] };
  return {
    sessions: await read("sessions"),
    session: await read("sessions/chat-1"),
    traces: await Promise.all(traces.data.map(({ id }) => read(`traces/${id}`))),
    observations: await read(`v2/observations?limit=1000&fields=${ALL_FIELDS}&expandMetadata=note`),
    scores: await read("v2/scores?limit=100"),
    scoresOfV3: await read("v3/scores?limit=100&fields=core,details,subject,annotation"),
  };
}

function importFrom(from: string, to: string, ...args: readonly string[]): Promise<Ended> {
  const own = { ...ENVIRONMENT, LANGFUSE_BASE_URL: from };
  return runPlayhead(["import", "--from", from, "--to", to, ...args], own);
}

const SOURCES: Readonly<Record<string, Refusal>> = {
  "a studio": () => undefined,
  "Langfuse 3": LANGFUSE_3,
  "Langfuse 4": LANGFUSE_4,
};

describe.each(Object.entries(SOURCES))("playhead import --from %s", (_name, refuse) => {
  it("brings all sessions over, so that both APIs tell the same, and a second time changes nothing", async () => {
    const source = await openStudio(KEYS);
    await sendSupportSessions(source.url);
    const front = await openFront(source.url, refuse);
    const target = await openStudio();
    const first = await importFrom(front.url, target.url);
    expect(first).toEqual({
      code: 0,
      output: `From  ${front.url}\nTo    ${target.url}\n\n2 sessions, 3 traces, 9 observations, 4 scores.\n`,
      errors: "",
    });
    const expected = await readAll(source, true);
    expect(await readAll(target, false)).toEqual(expected);
    expect((await importFrom(front.url, target.url)).code).toBe(0);
    expect(await readAll(target, false)).toEqual(expected);
  });

  it("brings one session, or those since a time", async () => {
    const source = await openStudio(KEYS);
    await sendSupportSessions(source.url);
    const front = await openFront(source.url, refuse);
    const target = await openStudio();
    const one = await importFrom(front.url, target.url, "--session", "chat-1", "--json");
    expect(JSON.parse(one.output)).toEqual({
      from: front.url,
      to: target.url,
      isComplete: true,
      sessions: [{ id: "chat-1", traces: 2, observations: 6, scores: 3, problems: [] }],
    });
    const later = ["--since", "2026-11-20T10:30:00Z", "--json"];
    const since = await importFrom(front.url, target.url, ...later);
    expect(JSON.parse(since.output).sessions).toMatchObject([{ id: "chat-2" }]);
  });
});

/** Answers as Langfuse 3 writes them: see the contract, section 5. */
const RECORDED: Readonly<Record<string, unknown>> = {
  "/api/public/sessions": {
    data: [{ id: "s" }],
    meta: { page: 1, limit: 1, totalItems: 1, totalPages: 1 },
  },
  "/api/public/sessions/s": {
    id: "s",
    createdAt: "2026-05-01T10:00:00.000Z",
    projectId: "p",
    environment: "prod",
    traces: [{ id: "bare" }, { id: "told" }],
  },
  "/api/public/traces": {
    data: [
      { id: "bare", sessionId: "s", timestamp: "2026-05-01T10:00:00.000Z" },
      { id: "told", sessionId: "s", timestamp: "2026-05-01T10:01:00.000Z" },
    ],
    meta: { page: 1, limit: 100, totalItems: 2, totalPages: 1 },
  },
  "/api/public/traces/bare": {
    id: "bare",
    externalId: null,
    timestamp: "2026-05-01T10:00:00.000Z",
    name: "without observations",
    userId: "ada",
    sessionId: "s",
    metadata: { plan: "pro", limits: { calls: 3 } },
    release: "r1",
    version: "v1",
    environment: "prod",
    public: true,
    bookmarked: false,
    tags: ["a", "b"],
    input: { question: "Why?" },
    output: "Because.",
    latency: 0,
    totalCost: 0,
    observations: [],
    scores: [],
  },
  "/api/public/traces/told": {
    id: "told",
    timestamp: "2026-05-01T10:01:00.000Z",
    name: "told",
    userId: null,
    sessionId: "s",
    metadata: null,
    release: null,
    version: null,
    environment: "prod",
    public: false,
    tags: [],
    input: "what the trace was given",
    output: null,
    observations: [
      {
        id: "obs-1",
        traceId: "told",
        type: "GENERATION",
        name: "call",
        startTime: "2026-05-01T10:01:00.100Z",
        endTime: null,
        completionStartTime: null,
        parentObservationId: null,
        level: "WARNING",
        statusMessage: "slow",
        version: null,
        environment: "prod",
        input: [{ role: "user", content: "hi" }],
        output: { role: "assistant", content: "ho" },
        metadata: '{"kept":"as text"}',
        model: "gpt-4o",
        modelParameters: { temperature: 1 },
        usage: { unit: "TOKENS", input: 3, output: 4, total: 7 },
        usageDetails: { input: 3, output: 4, total: 7 },
        costDetails: {},
        calculatedTotalCost: 0.25,
        promptName: null,
        promptVersion: null,
      },
    ],
    scores: [
      {
        id: "score-1",
        traceId: "told",
        observationId: "obs-1",
        name: "tone",
        dataType: "CATEGORICAL",
        value: 0,
        stringValue: "warm",
        source: "EVAL",
        comment: null,
        metadata: null,
        environment: "prod",
        configId: null,
        queueId: null,
        timestamp: "2026-05-01T10:02:00.000Z",
      },
    ],
  },
  "/api/public/v2/scores": {
    data: [],
    meta: { page: 1, limit: 100, totalItems: 0, totalPages: 0 },
  },
};

/** @param before - waited for before each answer */
async function openRecorded(
  answers = RECORDED,
  before: (path: string) => Promise<void> = async () => undefined,
): Promise<string> {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? "/", "http://x").pathname;
    await before(path);
    const body = answers[path];
    response.writeHead(body === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(body ?? { message: "Not Found" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return `http://127.0.0.1:${port}`;
}

describe("playhead import", () => {
  it("keeps what a trace of Langfuse 3 says itself, with observations or without", async () => {
    const target = await openStudio();
    expect(await importFrom(await openRecorded(), target.url)).toMatchObject({
      code: 0,
      errors: "",
    });
    const bare = await get(target, "/api/public/traces/bare");
    expect(bare.json).toMatchObject({
      timestamp: "2026-05-01T10:00:00.000Z",
      name: "without observations",
      userId: "ada",
      sessionId: "s",
      metadata: { plan: "pro" },
      release: "r1",
      version: "v1",
      environment: "prod",
      public: true,
      tags: ["a", "b"],
      input: { question: "Why?" },
      output: "Because.",
      observations: [],
    });
    const told = await get(target, "/api/public/traces/told");
    expect(told.json).toMatchObject({
      name: "told",
      input: "what the trace was given",
      observations: [
        {
          id: "obs-1",
          type: "GENERATION",
          parentObservationId: null,
          startTime: "2026-05-01T10:01:00.100Z",
          endTime: "2026-05-01T10:01:00.100Z",
          level: "WARNING",
          statusMessage: "slow",
          input: [{ role: "user", content: "hi" }],
          output: { role: "assistant", content: "ho" },
          model: "gpt-4o",
          modelParameters: { temperature: 1 },
          usageDetails: { input: 3, output: 4, total: 7 },
          calculatedTotalCost: 0.25,
          metadata: { kept: "as text" },
        },
      ],
      scores: [{ id: "score-1", stringValue: "warm", source: "EVAL", observationId: "obs-1" }],
    });
  });

  it("shows on a terminal how far it is", async () => {
    const target = await openStudio();
    const from = await openRecorded();
    const terminal = openTerminal(["import", "--from", from, "--to", target.url]);
    expect(await terminal.ended()).toBe(0);
    expect(terminal.text).toContain('0 imported, now "s"');
    expect(terminal.text).toContain("1 session, 2 traces, 1 observation, 1 score.");
  });

  it("ends at Ctrl-C with the session that it is at, whole", async () => {
    const target = await openStudio();
    const timestamp = "2026-05-01T09:00:00.000Z";
    const traces = RECORDED["/api/public/traces"] as { data: object[]; meta: object };
    const answers = {
      ...RECORDED,
      "/api/public/traces": {
        ...traces,
        data: [...traces.data, { id: "other", sessionId: "later", timestamp }],
      },
    };
    const from = await openRecorded(answers, async (path) => {
      // Once: a second Ctrl-C ends the process at once.
      if (path !== "/api/public/traces/bare") return;
      terminal.press(CTRL_C);
      await terminal.until("Stopping after this session");
    });
    const terminal = openTerminal(["import", "--from", from, "--to", target.url]);
    expect(await terminal.ended()).toBe(1);
    expect(terminal.text).toContain("1 session, 2 traces, 1 observation, 1 score.");
    expect(terminal.text).toContain("Stopped. Import again to go on: nothing is doubled.");
    expect((await get(target, "/api/public/sessions/s")).status).toBe(200);
  });

  it("ends with 1 when the session, the source or the studio is not there", async () => {
    const source = await openRecorded();
    const target = await openStudio();
    const unknown = await importFrom(source, target.url, "--session", "x");
    expect(unknown.code).toBe(1);
    expect(unknown.errors).toBe(`No session "x" at ${source}.\n`);
    const dead = await deadUrl();
    const away = await importFrom(source, dead);
    expect(away).toMatchObject({ code: 1, output: "" });
    expect(away.errors).toContain("Start the studio: npx playhead studio");
    const nowhere = await importFrom(dead, target.url);
    expect(nowhere.errors).toContain(`Cannot reach ${dead}: ECONNREFUSED`);
    expect(nowhere.code).toBe(1);
  });

  it.each([
    [[], "Expected a file to import, or --from with the address of a server, got none"],
    [["--from", "http://127.0.0.1:7717"], "Expected --from and --to to differ"],
    [["--from", "localhost:3000"], "Expected --from to be an http or https address"],
    [["--from", "http://127.0.0.1:9", "--to", "x"], "Expected --to to be an http or https address"],
    [["--from", "http://127.0.0.1:9", "--limit", "0"], "Expected --limit to be a whole number"],
  ])("ends with 2 for %j", async (args, message) => {
    const { code, errors } = await runPlayhead(["import", ...args]);
    expect(code).toBe(2);
    expect(errors).toContain(message);
  });
});
