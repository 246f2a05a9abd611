import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { HandoverEvent, HandoverRequest } from "../../../src/studio/api/handover-types";
import type { Turn } from "../../../src/studio/api/types";
import type { Studio } from "../../../src/studio/server";
import { deadUrl } from "../../e2e/support/ports";
import { LANGFUSE_4, openFront } from "../../support/langfuse-front";
import { type ScriptedServer, startScriptedServer, status } from "../../support/scripted-server";
import { sendSupportSessions } from "../../support/support-sessions";
import { markersOf, sendEverything } from "./everything-about-a-session";
import { get, OTLP_PATH, openStudio, post } from "./running-studio";
import { otlpJson } from "./spans";

const KEYS = { publicKey: "pk-lf-target", secretKey: "sk-lf-target-secret" };
const { mark } = markersOf("moved");
const EVERYTHING = mark("sessionid");
const COMMENTS_STAY = "Not sent: 3 comments. An exported session file takes them along.";
const ALL_FIELDS = "core,basic,time,io,metadata,model,usage,prompt,metrics,trace_context";

async function handOver(
  studio: Studio,
  request: Partial<HandoverRequest>,
): Promise<readonly HandoverEvent[]> {
  const answer = await post(studio, "/api/studio/handover", JSON.stringify(request));
  expect(answer.status, answer.text).toBe(200);
  return answer.text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as HandoverEvent); // the last assertion of each test fails where it is none
}

/** Everything that a studio tells of its sessions. */
async function readAll(studio: Studio, keys?: typeof KEYS): Promise<unknown> {
  const headers: Record<string, string> =
    keys === undefined
      ? {}
      : { authorization: `Basic ${btoa(`${keys.publicKey}:${keys.secretKey}`)}` };
  const read = async (path: string): Promise<unknown> =>
    (await get(studio, `/api/${path}`, headers)).json;
  const { data: sessions } = (await read("public/sessions")) as { data: { id: string }[] };
  const { data: traces } = (await read("public/traces?limit=100&fields=core")) as {
    data: { id: string }[];
  };
  return {
    sessions,
    details: await Promise.all(sessions.map(({ id }) => read(`studio/sessions/${id}`))),
    traces: await Promise.all(traces.map(({ id }) => read(`public/traces/${id}`))),
    observations: await read(
      `public/v2/observations?limit=1000&fields=${ALL_FIELDS}&expandMetadata=note`,
    ),
    scores: await read("public/v2/scores?limit=100"),
    scoresOfV3: await read("public/v3/scores?limit=100&fields=core,details,subject,annotation"),
  };
}

async function openSource(): Promise<Studio> {
  const source = await openStudio();
  await sendEverything(source, mark);
  const bookmark = `/api/studio/sessions/${EVERYTHING}/bookmark`;
  await fetch(source.url + bookmark, { method: "DELETE" }); // it is of this studio's reader
  return source;
}

describe("POST /api/studio/handover", () => {
  it("makes another studio tell the same of a session, and a second time changes nothing", async () => {
    const source = await openSource();
    const target = await openStudio(KEYS);
    const request = { sessionId: EVERYTHING, to: target.url, ...KEYS };
    const expected = await readAll(source);

    const [first] = (await handOver(source, request)).slice(-1);

    expect(first).toEqual({
      type: "outcome",
      sessionId: EVERYTHING,
      to: `${target.url}/api/public/otel/v1/traces`,
      kind: "studio",
      project: "playhead",
      isComplete: true,
      traceCount: 2,
      observations: { found: 3, sent: 3, refused: 0, left: 0 },
      scores: { found: 3, sent: 3, refused: 0, left: 0 },
      files: { found: 2, sent: 2, refused: 0, left: 0 },
      notes: [COMMENTS_STAY],
      problems: [],
    });
    expect(await readAll(target, KEYS)).toEqual(expected);
    expect((await handOver(source, request)).at(-1)).toEqual(first);
    expect(await readAll(target, KEYS)).toEqual(expected);
  });

  it("sends another studio no cost that this one calculated", async () => {
    const source = await openStudio();
    const target = await openStudio();
    const model = {
      modelName: "tiny",
      matchPattern: "^tiny$",
      unit: "TOKENS",
      prices: { input: 0.5 },
    };
    await post(source, "/api/studio/models", JSON.stringify(model));
    const generation = (id: string, cost: object) => ({
      spanId: id,
      attributes: {
        "session.id": "s",
        "langfuse.observation.type": "generation",
        "langfuse.observation.model.name": "tiny",
        "langfuse.observation.usage_details": '{"input":4}',
        ...cost,
      },
    });
    const sent = { "langfuse.observation.cost_details": '{"total":0.25}' };
    await post(source, OTLP_PATH, otlpJson(generation("a", {}), generation("b", sent)));
    await handOver(source, { sessionId: "s", to: target.url });
    const costsOf = async (studio: Studio): Promise<unknown> => {
      const { observations } = (await get(studio, "/api/studio/traces/t")).json as Turn;
      return Object.fromEntries(observations.map(({ id, totalCost }) => [id, totalCost]));
    };
    expect(await costsOf(source)).toEqual({ a: 2, b: 0.25 });
    expect(await costsOf(target)).toEqual({ a: null, b: 0.25 });
  });

  it("says that the bookmark stays behind, with comments and without", async () => {
    const source = await openSource();
    await post(source, OTLP_PATH, otlpJson({ attributes: { "session.id": "plain" } }));
    const target = await openStudio();
    const notesOf = async (sessionId: string): Promise<unknown> => {
      const path = `${source.url}/api/studio/sessions/${sessionId}/bookmark`;
      expect((await fetch(path, { method: "PUT" })).ok).toBe(true);
      return (await handOver(source, { sessionId, to: target.url })).at(-1);
    };
    expect(await notesOf(EVERYTHING)).toMatchObject({
      notes: ["Not sent: 3 comments and the bookmark. An exported session file takes them along."],
    });
    expect(await notesOf("plain")).toMatchObject({
      notes: ["Not sent: the bookmark. An exported session file takes them along."],
    });
  });

  it("sends files, which are the same there", async () => {
    const source = await openSource();
    const target = await openStudio();
    await handOver(source, { sessionId: EVERYTHING, to: target.url });
    const { json } = await get(target, `/api/studio/sessions/${EVERYTHING}`);
    const [, id] = /langfuseMedia:type=text\/plain\|id=([\w-]+)/.exec(JSON.stringify(json)) ?? [];
    const path = `/api/public/media/${id}/content`;
    const { url } = (await get(target, `/api/public/media/${id}`)).json as { url: string };
    expect(await (await fetch(url)).text()).toBe((await get(source, path)).text);
  });

  it("gives a Langfuse session and user in each row, and annotations without what it lacks", async () => {
    const source = await openStudio();
    await sendSupportSessions(source.url);
    const made = await post(
      source,
      "/api/public/score-configs",
      JSON.stringify({ name: "tone", dataType: "NUMERIC", minValue: 0, maxValue: 1 }),
    );
    const { id: configId } = made.json as { id: string };
    const [trace] = ((await get(source, "/api/public/traces?sessionId=chat-1")).json as Traces)
      .data;
    const traceId = trace?.id ?? "";
    const score = {
      id: "annotated",
      traceId,
      name: "tone",
      value: 1,
      source: "ANNOTATION",
      configId,
    };
    expect((await post(source, "/api/public/scores", JSON.stringify(score))).status).toBe(200);
    await post(source, "/api/public/otel/v1/traces", spanWithoutSession(traceId));
    const target = await openStudio(KEYS);
    const front = await openFront(target.url, LANGFUSE_4);

    const [outcome] = (
      await handOver(source, { sessionId: "chat-1", to: front.url, ...KEYS })
    ).slice(-1);

    expect(outcome).toMatchObject({
      kind: "langfuse",
      isComplete: true,
      observations: { found: 7, sent: 7 },
      scores: { found: 4, sent: 4 },
      notes: ["1 score went without score configuration: the endpoint does not have it."],
    });
    const headers = { authorization: `Basic ${btoa(`${KEYS.publicKey}:${KEYS.secretKey}`)}` };
    const rows = await get(target, "/api/public/v2/observations?limit=100", headers);
    const { data } = rows.json as { data: { sessionId: string; userId: string }[] };
    expect(data.map(({ sessionId, userId }) => `${sessionId} ${userId}`)).toEqual(
      Array(7).fill("chat-1 ada"),
    );
    const sent = await get(target, "/api/public/v2/scores/annotated", headers);
    expect(sent.json).toMatchObject({ value: 1, source: "API", configId: null, traceId });
  });

  it("sends observations to any OpenTelemetry endpoint, and says that scores and files cannot be", async () => {
    const source = await openSource();
    const target = await openStudio();
    await using server = await startScriptedServer(status(404));
    const taken: Promise<unknown>[] = [];
    server.answer = (response, { path, method, headers, body }) => {
      if (path !== "/v1/traces") return void response.writeHead(404).end();
      const { "content-type": type = "", "content-encoding": encoding = "" } = headers;
      const sent = fetch(target.url + path, {
        method,
        body: new Uint8Array(body),
        headers: { "content-type": type, "content-encoding": encoding },
      });
      taken.push(sent);
      void sent.then(() => response.writeHead(200).end("{}"));
    };

    const [outcome] = (await handOver(source, { sessionId: EVERYTHING, to: server.url })).slice(-1);

    expect(outcome).toMatchObject({
      kind: "otlp",
      to: `${server.url}/v1/traces`,
      project: null,
      isComplete: true,
      observations: { found: 3, sent: 3 },
      scores: { found: 3, sent: 0, left: 3 },
      files: { found: 2, sent: 0, left: 2 },
      notes: [
        COMMENTS_STAY,
        "2 files cannot be sent: OpenTelemetry has no place for files.",
        "3 observations got other ids, the same each time: OpenTelemetry knows no such ids.",
        "3 scores cannot be sent: OpenTelemetry has no place for scores. Give the address of a Langfuse-compatible server to send them.",
      ],
    });
    expect(taken).toHaveLength(1);
    const { json } = await get(target, `/api/studio/sessions/${EVERYTHING}`);
    const { turns } = json as {
      turns: { observations: { id: string; parentId: string | null }[] }[];
    };
    const observations = turns.flatMap((turn) => turn.observations);
    expect(observations).toHaveLength(3);
    for (const { id } of observations) expect(id).toMatch(/^[0-9a-f]{16}$/);
    const parents = observations.flatMap(({ parentId }) => (parentId === null ? [] : [parentId]));
    expect(observations.map(({ id }) => id)).toEqual(expect.arrayContaining(parents));
  });

  it("goes on where it broke off, and doubles nothing", async () => {
    const source = await openSource();
    const expected = await readAll(source);
    const target = await openStudio(KEYS);
    let isDown = false;
    const front = await openFront(target.url, (path) => {
      // The scores come last; the keys are taken back in between, say.
      isDown ||= path === "/api/public/ingestion";
      return isDown ? { status: 403, body: "" } : undefined;
    });
    const [first] = (
      await handOver(source, { sessionId: EVERYTHING, to: front.url, ...KEYS })
    ).slice(-1);
    expect(first).toMatchObject({
      isComplete: false,
      observations: { sent: 3 },
      scores: { found: 3, sent: 0, refused: 0, left: 3 },
      problems: [
        `${front.url} takes nothing more: HTTP 403. Send it again to go on; nothing is doubled.`,
      ],
    });
    const again = { sessionId: EVERYTHING, to: target.url, ...KEYS };
    expect((await handOver(source, again)).at(-1)).toMatchObject({ isComplete: true });
    expect(await readAll(target, KEYS)).toEqual(expected);
  });

  it("goes on in the middle of a trace of many observations", async () => {
    const source = await openStudio();
    await post(source, OTLP_PATH, manySpans(1_100));
    const target = await openStudio(KEYS);
    let requests = 0;
    const front = await openFront(target.url, (path) => {
      if (path !== OTLP_PATH) return undefined;
      requests += 1;
      return requests === 2 ? { status: 403, body: "" } : undefined;
    });
    const request = { sessionId: "many", to: front.url, ...KEYS };
    expect((await handOver(source, request)).at(-1)).toMatchObject({
      isComplete: false,
      observations: { found: 1_100, sent: 500, refused: 0, left: 600 },
    });
    expect((await handOver(source, request)).at(-1)).toMatchObject({
      isComplete: true,
      observations: { found: 1_100, sent: 1_100, refused: 0, left: 0 },
    });
    expect(requests).toBe(5);
    expect(await readAll(target, KEYS)).toEqual(await readAll(source));
  });

  it("tries again what is put off, and tells why it waits", async () => {
    const source = await openSource();
    const target = await openStudio(KEYS);
    let attempts = 0;
    const front = await openFront(target.url, (path) => {
      if (path !== "/api/public/otel/v1/traces") return undefined;
      attempts += 1;
      return attempts === 1 ? { status: 503, body: "" } : undefined;
    });
    const events = await handOver(source, { sessionId: EVERYTHING, to: front.url, ...KEYS });
    expect(events).toContainEqual({
      type: "progress",
      step: "observations",
      doneCount: 0,
      count: 3,
      trouble: "HTTP 503",
    });
    expect(events.at(-1)).toMatchObject({ isComplete: true, observations: { sent: 3 } });
  });

  it("stops when nobody reads the answer any more", async () => {
    const source = await openSource();
    await using server = await startScriptedServer(langfuseThatHangs);
    const stop = new AbortController();
    const reading = fetch(`${source.url}/api/studio/handover`, {
      method: "POST",
      body: JSON.stringify({ sessionId: EVERYTHING, to: server.url }),
      headers: { "content-type": "application/json" },
      signal: stop.signal,
    }).then((response) => response.text());
    await server.received(4); // health, project, setup, and the first file that is never answered
    expect(server.connectionCount).toBeGreaterThan(0);
    stop.abort();
    await expect(reading).rejects.toThrow();
    await expect.poll(() => server.connectionCount).toBe(0);
    expect(server.requests).toHaveLength(4);
  });

  it("costs no other observation where one is refused", async () => {
    const source = await openStudio();
    await sendSupportSessions(source.url);
    await using server = await startScriptedServer();
    server.answer = (response, { path, body, headers }) => {
      if (path !== "/v1/traces") return void response.writeHead(404).end();
      const text = headers["content-encoding"] === "gzip" ? gunzipSync(body).toString() : `${body}`;
      const isBad = text.includes("rate limited") && text.includes('"retriever"');
      const isFailing = text.includes('"support-turn"') && text.includes("rate limited");
      response.writeHead(isBad || isFailing ? 400 : 200).end('{"message":"bad span"}');
    };
    const [outcome] = (await handOver(source, { sessionId: "chat-1", to: server.url })).slice(-1);
    expect(outcome).toMatchObject({
      isComplete: false,
      observations: { found: 6, sent: 5, refused: 1, left: 0 },
      problems: [
        expect.stringMatching(/^Observation "[0-9a-f]{16}" of trace .*: HTTP 400: bad span$/),
      ],
    });
  });

  it("counts what an endpoint says it did not take, and sends it no second time", async () => {
    const source = await openStudio();
    await sendSupportSessions(source.url);
    await using server = await startScriptedServer();
    const account = { rejectedSpans: "2", errorMessage: "no room" };
    server.answer = (response, { path }) => {
      const isTraces = path === "/v1/traces";
      response.writeHead(isTraces ? 200 : 404).end(JSON.stringify({ partialSuccess: account }));
    };
    const [outcome] = (await handOver(source, { sessionId: "chat-1", to: server.url })).slice(-1);
    expect(outcome).toMatchObject({
      isComplete: false,
      observations: { found: 6, sent: 4, refused: 2, left: 0 },
      problems: ["The endpoint refused 2 of 6 observations: no room"],
    });
    expect(server.requests.filter(({ path }) => path === "/v1/traces")).toHaveLength(1);
  });

  it("names a score that is refused, and sends the others", async () => {
    const source = await openSource();
    await using server = await startScriptedServer();
    let refusedId = "";
    server.answer = (response, request) => {
      if (request.path !== "/api/public/ingestion") return aLangfuse(response, request);
      const { batch } = JSON.parse(request.body.toString()) as { batch: { id: string }[] };
      refusedId = batch[1]?.id ?? "";
      const errors = [{ id: refusedId, status: 400, message: "Invalid request data" }];
      const successes = batch
        .filter(({ id }) => id !== refusedId)
        .map(({ id }) => ({ id, status: 201 }));
      response.writeHead(207).end(JSON.stringify({ successes, errors }));
    };
    const [outcome] = (await handOver(source, { sessionId: EVERYTHING, to: server.url })).slice(-1);
    const scores = await get(source, "/api/public/v2/scores?limit=100");
    const ids = (scores.json as Traces).data.map(({ id }) => id);
    expect(ids).toContain(refusedId);
    expect(outcome).toMatchObject({
      isComplete: false,
      project: "shop",
      scores: { found: 3, sent: 2, refused: 1, left: 0 },
      problems: [`Score "${refusedId}": HTTP 400: Invalid request data`],
    });
  });

  it("says what is wrong with the endpoint, and nothing of the keys", async () => {
    const source = await openSource();
    const target = await openStudio(KEYS);
    const dead = await deadUrl();
    await using login = await startScriptedServer(
      status(302, "", { location: "https://x.invalid" }),
    );
    const failureOf = async (request: Partial<HandoverRequest>): Promise<unknown> => {
      const events = await handOver(source, { sessionId: EVERYTHING, ...request });
      expect(JSON.stringify(events)).not.toContain("sk-lf-wrong");
      return events;
    };
    const wrong = { publicKey: "pk-lf-wrong", secretKey: "sk-lf-wrong" };
    const type = "failure";
    expect(await failureOf({ to: target.url, ...wrong })).toEqual([
      {
        type,
        code: "ENDPOINT_REFUSED",
        message: `${target.url} refuses the keys (HTTP 401). Check the public and the secret key, and that they belong to this address.`,
      },
    ]);
    expect(await failureOf({ to: target.url })).toEqual([
      {
        type,
        code: "ENDPOINT_REFUSED",
        message: `${target.url} demands keys, and none are given (HTTP 401). Check the public and the secret key, and that they belong to this address.`,
      },
    ]);
    expect(await failureOf({ to: dead })).toEqual([
      {
        type,
        code: "ENDPOINT_UNREACHABLE",
        message: `Cannot reach ${dead}: ECONNREFUSED. Check the address, and that the server is running.`,
      },
    ]);
    expect(await failureOf({ to: login.url, ...wrong })).toEqual([
      {
        type,
        code: "ENDPOINT_UNEXPECTED",
        message: `${login.url} redirects (HTTP 302). Give the address that it leads to.`,
      },
    ]);
  });

  const FORBIDDEN = "got a forbidden address (link-local, or of a cloud's own services)";
  it.each([
    [{ to: "ftp://example.com" }, "Expected an address with http:// or https://, got"],
    [{ to: "file:///etc/passwd" }, "Expected an address with http:// or https://, got"],
    [{ to: "nonsense" }, "Expected an address with http:// or https://, got"],
    [{ to: "http://a:b@example.com" }, "without a user name and password"],
    [{ to: "http://example.com/?key=1" }, "without a query"],
    [{ to: "http://169.254.169.254/" }, FORBIDDEN],
    [{ to: "http://2852039166/" }, FORBIDDEN],
    [{ to: "http://0xa9.0376.43518/" }, FORBIDDEN],
    [{ to: "http://[fe80::1]/" }, FORBIDDEN],
    [{ to: "http://[::ffff:169.254.169.254]/" }, FORBIDDEN],
    [{ to: "http://[fd00:ec2::254]/" }, FORBIDDEN],
    [{ to: "http://example.com", publicKey: "pk" }, "the secret key is missing"],
    [{ to: "http://example.com", secretKey: "sk" }, "the public key is missing"],
    [{ to: "http://example.com", publicKey: "pk–lf", secretKey: "sk" }, "a public key of plain"],
    [{ to: "http://example.com", publicKey: "pk", secretKey: "s\nk" }, "a secret key of plain"],
  ])("refuses %j", async (request, message) => {
    const source = await openSource();
    const body = JSON.stringify({ sessionId: EVERYTHING, ...request });
    const answer = await post(source, "/api/studio/handover", body);
    expect(answer.status).toBe(400);
    expect((answer.json as { message: string }).message).toContain(message);
  });

  it("takes it from the studio's own page of a signed-in reader, and from no other page", async () => {
    const source = await openStudio(KEYS);
    const signedIn = await fetch(`${source.url}/sign-in`, {
      method: "POST",
      body: new URLSearchParams({ secretKey: KEYS.secretKey }),
      redirect: "manual",
    });
    const [cookie = ""] = (signedIn.headers.get("set-cookie") ?? "").split(";");
    const body = JSON.stringify({ sessionId: "unknown", to: await deadUrl() });
    const statusFrom = async (headers: Record<string, string>): Promise<number> =>
      (await post(source, "/api/studio/handover", body, headers)).status;
    expect(await statusFrom({ cookie, origin: source.url })).toBe(404); // there is no such session
    expect(await statusFrom({ cookie, origin: "https://elsewhere.example" })).toBe(403);
    expect(await statusFrom({ cookie, "sec-fetch-site": "cross-site" })).toBe(403);
    expect(await statusFrom({ cookie })).toBe(401);
    expect(await statusFrom({ origin: source.url })).toBe(401);
    expect(await statusFrom({ authorization: `Bearer ${KEYS.publicKey}` })).toBe(401);
  });

  it("refuses its own address and sessions that are not there", async () => {
    const source = await openSource();
    const own = JSON.stringify({ sessionId: EVERYTHING, to: `http://localhost:${source.port}` });
    expect((await post(source, "/api/studio/handover", own)).status).toBe(400);
    const unknown = JSON.stringify({ sessionId: "unknown", to: await deadUrl() });
    expect((await post(source, "/api/studio/handover", unknown)).status).toBe(404);
  });
});

interface Traces {
  readonly data: readonly { readonly id: string }[];
}

function manySpans(count: number): string {
  const spans = Array.from({ length: count }, (_, index) => ({
    traceId: "00000000000000000000000000000abc",
    spanId: (index + 1).toString(16).padStart(16, "0"),
    ...(index === 0 ? {} : { parentSpanId: "0000000000000001" }),
    name: `step ${index}`,
    startTimeUnixNano: String(1_763_806_800_000_000_000n + BigInt(index)),
    endTimeUnixNano: "1763806801000000000",
    attributes: [{ key: "session.id", value: { stringValue: "many" } }],
  }));
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
}

function spanWithoutSession(traceId: string): string {
  const span = {
    traceId,
    spanId: "00000000000000aa",
    name: "of another SDK",
    startTimeUnixNano: "1763806800000000000",
    endTimeUnixNano: "1763806801000000000",
  };
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
}

/** Says of itself what a Langfuse says, and takes spans and files that it knows. */
const aLangfuse: ScriptedServer["answer"] = (response, request) => {
  const { path, body } = request;
  if (path === "/api/public/otel/v1/traces") return void response.writeHead(200).end("{}");
  if (path !== "/api/public/media") return langfuseThatHangs(response, request);
  const { sha256Hash } = JSON.parse(body.toString()) as { sha256Hash: string };
  const mediaId = Buffer.from(sha256Hash, "base64").toString("base64url").slice(0, 22);
  response.writeHead(201).end(JSON.stringify({ mediaId, uploadUrl: null }));
};

/** Answers what a Langfuse says of itself, and leaves all else open. */
const langfuseThatHangs: ScriptedServer["answer"] = (response, { path }) => {
  const json = (body: unknown): void => void response.writeHead(200).end(JSON.stringify(body));
  if (path === "/api/public/health") json({ status: "OK", version: "4.16.0" });
  else if (path === "/api/public/projects") json({ data: [{ id: "p", name: "shop" }] });
  else if (path === "/api/studio/setup") response.writeHead(404).end();
};
