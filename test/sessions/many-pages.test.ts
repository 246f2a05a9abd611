import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { createSessions, openSource } from "../../src/sessions/create-sessions";
import type { ReadEndpoint } from "../../src/sessions/endpoint";

const PAGES = 103;
/** Of a list, as far as it is looked at. */
const MAX_PAGES = 100;
const TIME = "2026-05-01T10:00:00.000Z";

/** @returns undefined for what is not there */
type Answer = (path: string, query: URLSearchParams) => unknown;

interface Recorded {
  readonly endpoint: ReadEndpoint;
  readonly asked: readonly URL[];
}

async function open(answer: Answer): Promise<Recorded> {
  const asked: URL[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://x");
    asked.push(url);
    const body = answer(url.pathname, url.searchParams);
    response.writeHead(body === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(body ?? { message: "Not Found" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const endpoint = { baseUrl: `http://127.0.0.1:${port}`, headers: {}, timeoutMs: 10_000 };
  return { endpoint, asked };
}

/** Langfuse 3 with a trace, or a score, to a page: the session of the last page is "old". */
function langfuse3(path: string, query: URLSearchParams): unknown {
  const page = Number(query.get("page") ?? 1);
  const meta = { page, limit: 1, totalItems: PAGES, totalPages: PAGES };
  if (path === "/api/public/sessions") return { data: [{ id: "new" }], meta };
  if (path === "/api/public/sessions/new") return { id: "new", traces: [] };
  if (path === "/api/public/traces") {
    const sessionId = page === PAGES ? "old" : "new";
    return { data: [{ id: `t${page}`, sessionId, timestamp: TIME }], meta };
  }
  if (path !== "/api/public/v2/scores") return undefined;
  return {
    data: [{ id: `s${page}`, name: "n", value: 1, sessionId: "new", timestamp: TIME }],
    meta,
  };
}

/** Langfuse 4, likewise. */
function langfuse4(path: string, query: URLSearchParams): unknown {
  const page = Number(query.get("cursor") ?? 1);
  const meta = page < PAGES ? { cursor: String(page + 1) } : {};
  if (path === "/api/public/v2/observations") {
    const isOld = page === PAGES && query.get("sessionId") === null;
    const sessionId = isOld ? "old" : "new";
    return { data: [{ id: `o${page}`, traceId: "t", sessionId, startTime: TIME }], meta };
  }
  if (path !== "/api/public/v3/scores") return undefined;
  const kind = query.get("sessionId") === null ? "trace" : "session";
  const subject = { kind, id: kind === "trace" ? "t" : "new" };
  return { data: [{ id: `s${page}`, name: "n", value: 1, subject, timestamp: TIME }], meta };
}

async function allOf<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe.each([
  ["Langfuse 3", langfuse3],
  ["Langfuse 4", langfuse4],
] as const)("reading sessions of %s that fill more than a hundred pages", (name, answer) => {
  it("finds the oldest session", async () => {
    const { endpoint } = await open(answer);
    const source = await openSource(endpoint);
    expect(await allOf(source.candidates(endpoint, {}))).toEqual(["new", "old"]);
  });

  it("reads all of a session", async () => {
    const { endpoint } = await open(answer);
    const session = await (await openSource(endpoint)).session(endpoint, "new");
    expect(session?.scores.length).toBe(PAGES);
    if (name === "Langfuse 3") return;
    expect(session?.traces.map(({ observations }) => observations.length)).toEqual([PAGES]);
    expect(session?.traces.map(({ scores }) => scores.length)).toEqual([PAGES]);
  });

  it("lists without looking further back than a hundred pages", async () => {
    const { endpoint, asked } = await open(answer);
    const { data, hasMore } = await createSessions(endpoint).list({ limit: 5 });
    expect(data.map(({ id }) => id)).toEqual(["new"]);
    expect(hasMore).toBe(true);
    const numbers = asked.map(({ searchParams }) =>
      Number(searchParams.get("page") ?? searchParams.get("cursor") ?? 1),
    );
    expect(Math.max(...numbers)).toBe(MAX_PAGES);
  });

  it("knows that there are no more where the hundredth page is the last", async () => {
    const { endpoint } = await open((path, query) => {
      const body = answer(path, query) as { meta?: { totalPages?: number; cursor?: string } };
      if (body?.meta?.totalPages !== undefined) body.meta.totalPages = MAX_PAGES;
      if (body?.meta?.cursor === String(MAX_PAGES + 1)) delete body.meta.cursor;
      return body;
    });
    const { data, hasMore } = await createSessions(endpoint).list({ limit: 5 });
    expect({ ids: data.map(({ id }) => id), hasMore }).toEqual({ ids: ["new"], hasMore: false });
  });

  it("ends with an error where a page comes a second time", async () => {
    const { endpoint } = await open((path, query) => {
      const params = new URLSearchParams(query);
      if (params.has("page")) params.set("page", "7");
      if (params.has("cursor")) params.set("cursor", "7");
      return answer(path, params);
    });
    const source = await openSource(endpoint);
    await expect(allOf(source.candidates(endpoint, {}))).rejects.toMatchObject({
      code: "ENDPOINT_UNEXPECTED",
      message: expect.stringContaining("got the same one again"),
    });
  });
});
