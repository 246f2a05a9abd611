import { expect, it } from "vitest";
import { importFrom } from "../../src/cli/import-from";
import type { Studio } from "../../src/studio/server";
import { get, openStudio } from "../studio/server/running-studio";
import { listen } from "../support/listen";

const TIME = "2026-05-01T10:00:00.000Z";

interface Trace {
  readonly id: string;
  readonly version?: string;
  readonly observations?: readonly object[];
  readonly scores?: readonly object[];
}

/**
 * Langfuse 3 with a trace to a session, which is called `session-{id of the trace}`.
 * @param broken - paths that are not answered
 * @param totalPages - of traces; all but the first are broken
 */
function openSource(
  traces: readonly Trace[],
  broken: readonly string[] = [],
  totalPages = 1,
): Promise<string> {
  const meta = { page: 1, limit: 100, totalItems: traces.length, totalPages };
  const answers = new Map<string, unknown>([
    ["/api/public/sessions", { data: [], meta }],
    ["/api/public/v2/scores", { data: [], meta }],
    [
      "/api/public/traces",
      { data: traces.map(({ id }) => ({ id, sessionId: `session-${id}`, timestamp: TIME })), meta },
    ],
    ...traces.flatMap((trace): [string, unknown][] => [
      [`/api/public/sessions/session-${trace.id}`, { traces: [{ id: trace.id }] }],
      [
        `/api/public/traces/${trace.id}`,
        { ...trace, sessionId: `session-${trace.id}`, timestamp: TIME },
      ],
    ]),
  ]);
  return listen((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://x");
    const isBroken = broken.includes(pathname) || Number(searchParams.get("page") ?? 1) > 1;
    const body = isBroken ? undefined : answers.get(pathname);
    response.writeHead(body === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(body ?? { message: "Not Found" }));
  });
}

interface Outcome {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

async function run(from: string, to: string, json = true): Promise<Outcome> {
  let [output, errors] = ["", ""];
  const code = await importFrom(
    { from, json, studio: { url: to, headers: {}, keysAdvice: "" } },
    {
      write: (text) => {
        output += text;
      },
      writeError: (text) => {
        errors += text;
      },
      untilStopped: () => new Promise(() => undefined),
    },
  );
  return { code, output, errors };
}

function observation(id: string, length: number): object {
  return { id, type: "SPAN", name: id, startTime: TIME, endTime: TIME, output: "x".repeat(length) };
}

function score(id: string, traceId: string, length: number): object {
  const comment = "x".repeat(length);
  return { id, traceId, name: "n", dataType: "NUMERIC", value: 1, comment, timestamp: TIME };
}

async function observationIds(studio: Studio, traceId: string): Promise<readonly string[]> {
  const { json } = await get(studio, `/api/public/traces/${traceId}`);
  return (json as { observations: { id: string }[] }).observations.map(({ id }) => id).sort();
}

it("writes a trace and scores that are too much for one request", async () => {
  const mib = 1024 * 1024;
  const observations = ["a", "b", "c", "d", "e", "f", "g", "h", "i"].map((id) =>
    observation(id, 4 * mib),
  );
  const scores = ["1", "2", "3", "4", "5", "6"].map((id) => score(id, "big", mib));
  const target = await openStudio();
  const from = await openSource([{ id: "big", observations, scores }]);
  const { code, output } = await run(from, target.url);
  expect(JSON.parse(output).sessions).toEqual([
    { id: "session-big", traces: 1, observations: 9, scores: 6, problems: [] },
  ]);
  expect(code).toBe(0);
  expect(await observationIds(target, "big")).toEqual("abcdefghi".split(""));
});

it("tells what is too large by itself, and goes on with the rest", async () => {
  const scores = [score("huge", "t", 5 * 1024 * 1024), score("small", "t", 1)];
  const target = await openStudio();
  const from = await openSource([
    { id: "t", observations: [observation("o", 1)], scores },
    { id: "next", observations: [observation("p", 1)] },
  ]);
  const { code, output } = await run(from, target.url);
  expect(JSON.parse(output)).toMatchObject({
    isComplete: false,
    sessions: [
      { id: "session-t", scores: 1, problems: ["Score huge: too large (5.0 MiB, HTTP 413)"] },
      { id: "session-next", observations: 1, problems: [] },
    ],
  });
  expect(code).toBe(1);
});

it("goes on with the next session where one cannot be read", async () => {
  const target = await openStudio();
  const traces = ["one", "two", "three"].map((id) => ({ id, observations: [observation(id, 1)] }));
  const from = await openSource(traces, ["/api/public/traces/two"]);
  const { code, output } = await run(from, target.url, false);
  expect(output).toContain("2 sessions, 2 traces, 2 observations, 0 scores.\n");
  expect(output).toContain('Session "session-two": Expected JSON from');
  expect(code).toBe(1);
  expect(await observationIds(target, "three")).toEqual(["three"]);
});

it("says what was brought over where the list of sessions breaks off, and what to do", async () => {
  const target = await openStudio();
  const traces = ["one", "two"].map((id) => ({ id, observations: [observation(id, 1)] }));
  const from = await openSource(traces, [], 2);
  const { code, output, errors } = await run(from, target.url);
  expect(JSON.parse(output)).toMatchObject({
    isComplete: false,
    sessions: [
      { id: "session-one", traces: 1, problems: [] },
      { id: "session-two", traces: 1, problems: [] },
    ],
  });
  expect(errors).toBe(
    `The list of sessions broke off: Expected JSON from ${from}/api/public/traces, got HTTP 404. Check that the address is a Langfuse-compatible server: npx playhead doctor\n` +
      "Import again to go on: nothing is doubled.\n",
  );
  expect(code).toBe(1);
  expect(await observationIds(target, "two")).toEqual(["two"]);
});

it("fails with the reason where the list of sessions cannot be read at all", async () => {
  const target = await openStudio();
  const from = await openSource([{ id: "one" }], ["/api/public/traces"]);
  await expect(run(from, target.url)).rejects.toMatchObject({
    code: "ENDPOINT_UNEXPECTED",
    message: expect.stringContaining("/api/public/traces, got HTTP 404"),
  });
});

it("waits and tries again where the studio puts a request off", async () => {
  const refusals = [429, 503, 429];
  const bodies: string[] = [];
  const to = await listen(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += String(chunk);
    const status = refusals.shift() ?? 200;
    if (status === 200) bodies.push(body);
    response.writeHead(status, { "retry-after": "0" }).end("{}");
  });
  const from = await openSource([{ id: "t", observations: [observation("o", 1)] }]);
  expect(await run(from, to)).toMatchObject({ code: 0, errors: "" });
  expect(bodies.map((body) => JSON.parse(body).resourceSpans.length)).toEqual([1]);
});

it("gives up where the studio has gone, and says what was brought over", async () => {
  let requests = 0;
  const to = await listen((request, response) => {
    requests += 1;
    if (requests > 1) request.socket.destroy();
    else request.resume().on("end", () => response.end("{}"));
  });
  const traces = ["one", "two", "three", "four", "five", "six"];
  const from = await openSource(traces.map((id) => ({ id, observations: [observation(id, 1)] })));
  const { code, output, errors } = await run(from, to);
  const sessions: { problems: string[] }[] = JSON.parse(output).sessions;
  expect(sessions.map(({ problems }) => problems.length)).toEqual([0, 1, 1, 1]);
  expect(errors).toBe("Given up. Import again to go on: nothing is doubled.\n");
  expect(code).toBe(1);
});

it("keeps the version of a trace whose observations have none", async () => {
  const target = await openStudio();
  const observations = [
    observation("root", 1),
    { ...observation("child", 1), parentObservationId: "root" },
  ];
  const from = await openSource([{ id: "t", version: "v7", observations }]);
  expect(await run(from, target.url)).toMatchObject({ code: 0, errors: "" });
  expect((await get(target, "/api/public/traces/t")).json).toMatchObject({
    version: "v7",
    observations: expect.arrayContaining([
      expect.objectContaining({ id: "child", version: null }),
      expect.objectContaining({ id: "root", version: "v7" }),
    ]),
  });
});

it("prints problems without what would change the terminal", async () => {
  const target = await openStudio();
  const id = "\u001b]0;title\u0007\u001b[31mred\u009b2J\n";
  const from = await openSource([{ id: "t", scores: [{ ...score(id, "t", 1), name: "" }] }]);
  const { code, output } = await run(from, target.url, false);
  expect(output).toMatch(/^Score .*red.*: /m);
  expect(output).not.toMatch(/(?!\n)\p{Cc}/u);
  expect(code).toBe(1);
});
