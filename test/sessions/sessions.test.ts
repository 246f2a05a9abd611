import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { Playhead } from "../../src/client/playhead";
import type { Sessions } from "../../src/sessions/types";
import { deadUrl } from "../e2e/support/ports";
import { openStudio } from "../studio/server/running-studio";
import { LANGFUSE_3, LANGFUSE_4, openFront } from "../support/langfuse-front";
import { sendSupportSessions } from "../support/support-sessions";

const KEYS = { publicKey: "pk-lf-a", secretKey: "sk-lf-a" };

function sessionsOf(baseUrl: string, keys: Partial<typeof KEYS> = KEYS): Sessions {
  const client = new Playhead({ baseUrl, ...keys, logLevel: "silent" });
  onTestFinished(async () => void (await client.shutdown()));
  return client.sessions;
}

/** The same data behind each way of reading it. */
const ENDPOINTS = {
  "the studio": async (studio: string) => studio,
  "Langfuse 3": async (studio: string) => (await openFront(studio, LANGFUSE_3)).url,
  "Langfuse 4": async (studio: string) => (await openFront(studio, LANGFUSE_4)).url,
};

describe.each(Object.entries(ENDPOINTS))("sessions read from %s", (name, address) => {
  const open = async (): Promise<Sessions> => {
    const studio = await openStudio(KEYS);
    await sendSupportSessions(studio.url);
    return sessionsOf(await address(studio.url));
  };

  it("come as a list, the last active first, with their figures", async () => {
    const sessions = await open();
    const { data, hasMore } = await sessions.list();
    expect(hasMore).toBe(false);
    expect(data.map(({ id }) => id)).toEqual(["chat-2", "chat-1"]);
    expect(data[1]).toMatchObject({
      firstMessage: "Does it run on Node 18?",
      userIds: ["ada"],
      tags: ["beta", "support"],
      traceCount: 2,
      durationMs: 9_200,
      totalCost: 0.0042,
      tokens: name === "Langfuse 3" ? null : { input: 1_624, output: 80, total: 1_704 },
      errorCount: name === "Langfuse 3" ? null : 2,
    });
    expect(Date.parse(data[1]?.startedAt ?? "")).toBe(Date.parse("2026-11-20T10:00:00Z"));
  });

  it("are filtered by user, tag, time, errors and words, and counted up to the limit", async () => {
    const sessions = await open();
    const idsOf = async (options: Parameters<Sessions["list"]>[0]): Promise<string[]> =>
      (await sessions.list(options)).data.map(({ id }) => id);
    expect(await idsOf({ userId: "ada" })).toEqual(["chat-1"]);
    expect(await idsOf({ userId: "nobody" })).toEqual([]);
    expect(await idsOf({ tag: "beta" })).toEqual(["chat-2", "chat-1"]);
    expect(await idsOf({ tag: "none" })).toEqual([]);
    expect(await idsOf({ since: new Date("2026-11-20T10:30:00Z") })).toEqual(["chat-2"]);
    expect(await idsOf({ hasErrors: true })).toEqual(["chat-1"]);
    expect(await idsOf({ search: "install" })).toContain("chat-2");
    expect(await idsOf({ search: "zebra" })).toEqual([]);
    expect(await sessions.list({ limit: 1 })).toMatchObject({
      data: [{ id: "chat-2" }],
      hasMore: true,
    });
  });

  it("come whole: turns, observations, scores", async () => {
    const sessions = await open();
    const detail = await sessions.get("chat-1");
    expect(detail?.session).toMatchObject({
      id: "chat-1",
      traceCount: 2,
      observationCount: 6,
      durationMs: 9_200,
      errorCount: 2,
      totalCost: 0.0042,
      tokens: { input: 1_624, output: 80, total: 1_704 },
    });
    expect(detail?.scores).toMatchObject([{ name: "resolved", value: true, dataType: "BOOLEAN" }]);
    const [first, second] = detail?.turns ?? [];
    expect(first).toMatchObject({
      name: "support",
      userId: "ada",
      release: "r-7",
      metadata: { plan: "pro" },
      input: { messages: [{ role: "user", content: "Does it run on Node 18?" }] },
      output: "No, it needs Node 20.9.",
      durationMs: 1_200,
      scores: [{ name: "helpful", value: 0.5, comment: "so so" }],
    });
    expect(second).toMatchObject({ level: "ERROR", statusMessage: "rate limited", errorCount: 2 });
    const [root, search, generation] = first?.observations ?? [];
    expect(search).toMatchObject({ type: "retriever", parentId: root?.id, startOffsetMs: 10 });
    expect(search?.metadata).toMatchObject({ note: "n".repeat(300), "top-k": "3" });
    expect(generation).toMatchObject({
      type: "generation",
      model: "gpt-4o-mini",
      modelParameters: { temperature: 0.2 },
      usageDetails: { input: 812, output: 40 },
      timeToFirstTokenMs: 240,
      promptName: "support",
      promptVersion: 3,
      level: "DEFAULT",
    });
    expect(await sessions.get("no such session")).toBeUndefined();
  });

  it("are refused to wrong keys, with words that say which", async () => {
    const studio = await openStudio(KEYS);
    const wrong = sessionsOf(await address(studio.url), { ...KEYS, secretKey: "sk-lf-wrong" });
    await expect(wrong.list()).rejects.toMatchObject({
      code: "ENDPOINT_REFUSED",
      message: expect.stringContaining("LANGFUSE_SECRET_KEY"),
    });
  });
});

describe("reading sessions", () => {
  it("says that nothing listens", async () => {
    await expect(sessionsOf(await deadUrl()).list()).rejects.toMatchObject({
      code: "ENDPOINT_UNREACHABLE",
      message: expect.stringContaining("ECONNREFUSED"),
    });
  });

  it("says that another server answers", async () => {
    const studio = await openStudio();
    const page = { status: 200, body: "<html>Sign in</html>" };
    const { url } = await openFront(studio.url, () => page);
    await expect(sessionsOf(url).get("chat-1")).rejects.toMatchObject({
      code: "ENDPOINT_UNEXPECTED",
      message: expect.stringContaining("got something that is not JSON"),
    });
  });

  it("comes back when the endpoint asks for it", async () => {
    const studio = await openStudio();
    await sendSupportSessions(studio.url);
    let left = 2;
    const server = createServer(async (request, response) => {
      if (left-- > 0) {
        response.writeHead(429, { "retry-after": "0" }).end("{}");
        return;
      }
      const answer = await fetch(studio.url + request.url);
      response.writeHead(answer.status).end(await answer.text());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo; // it listens on TCP
    const { data } = await sessionsOf(`http://127.0.0.1:${port}`).list();
    expect(data).toHaveLength(2);
    expect(left).toBeLessThan(0);
  });

  it("refuses a limit out of range, a date that is none, and an address that only takes spans", async () => {
    const sessions = sessionsOf("http://127.0.0.1:9");
    await expect(sessions.list({ limit: 0 })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(sessions.list({ since: new Date("soon") })).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
    });
    await expect(sessions.get("")).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    const client = new Playhead({ endpoint: "http://127.0.0.1:9/v1/traces", logLevel: "silent" });
    expect(() => client.sessions).toThrow("only takes spans");
    await client.shutdown();
  });
});
