import { describe, expect, it } from "vitest";
import type { Studio } from "../../../src/studio/server";
import { type Answer, get, OTLP_PATH, openStudio, post } from "../server/running-studio";
import { otlpJson } from "../server/spans";
import {
  DEEP_JSON,
  HOSTILE_TEXTS,
  legacyBatchWith,
  mediaAnnouncementWith,
  otlpWith,
  scoreWith,
} from "./hostile-content";

const ALL_FIELDS = "core,basic,time,io,metadata,model,usage,prompt,metrics,trace_context";

/** JSON, told to be nothing else, that no browser runs or keeps. */
function expectData(answer: Answer, what: string): void {
  const { headers } = answer;
  expect(headers.get("content-type"), what).toMatch(/^application\/json\b/);
  expect(headers.get("x-content-type-options"), what).toBe("nosniff");
  expect(headers.get("content-security-policy"), what).toContain("default-src 'none'");
  expect(() => answer.json, what).not.toThrow();
  expect(answer.status, `${what}: ${answer.text.slice(0, 200)}`).toBeLessThan(500);
}

/** Every text anywhere in a value, also those that are JSON themselves. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
}

async function readAll(studio: Studio, id: string): Promise<ReadonlyMap<string, Answer>> {
  const encoded = encodeURIComponent(id.toWellFormed());
  const paths = [
    "/api/studio/sessions",
    "/api/studio/traces",
    `/api/studio/session?id=${encoded}`,
    `/api/studio/trace?id=${encoded}`,
    `/api/studio/sessions/${encoded}`,
    `/api/studio/traces/${encoded}`,
    "/api/public/sessions",
    `/api/public/sessions/${encoded}`,
    `/api/public/traces/${encoded}`,
    `/api/public/v2/observations?fields=${ALL_FIELDS}`,
    `/api/public/v2/observations?name=${encoded}&userId=${encoded}&sessionId=${encoded}`,
    `/api/public/media/${encoded}`,
    `/api/public/media/${encoded}/content`,
    `/api/public/${encoded}`,
  ];
  const answers = new Map<string, Answer>();
  for (const path of paths) answers.set(path, await get(studio, path));
  return answers;
}

describe.each(HOSTILE_TEXTS)("$name, in every field of every route", ({ text, kept = text }) => {
  it("is taken, kept as it is, and read back as data", async () => {
    const studio = await openStudio();
    const ids = { traceId: text, sessionId: text };
    const sent: readonly (readonly [string, string, readonly number[]])[] = [
      [OTLP_PATH, otlpWith(text, ids), [200]],
      ["/v1/traces", otlpWith(text, ids), [200]],
      ["/api/public/scores", scoreWith(text, ids), [200]],
      ["/api/public/ingestion", legacyBatchWith(text, ids), [207]],
      ["/api/public/media", mediaAnnouncementWith(text), [400]],
    ];
    for (const [path, body, statuses] of sent) {
      const answer = await post(studio, path, body);
      expectData(answer, path);
      expect(statuses, `${path}: ${answer.text.slice(0, 300)}`).toContain(answer.status);
    }
    const answers = await readAll(studio, kept);
    for (const [path, answer] of answers) expectData(answer, path);
    const [session] = [...answers].filter(([path]) => path.startsWith("/api/studio/session?"));
    expect(session?.[1].status).toBe(200);
    expect(textsIn(session?.[1].json)).toContain(kept);
    const observations = answers.get(`/api/public/v2/observations?fields=${ALL_FIELDS}`);
    expect(textsIn(observations?.json)).toContain(kept);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(Object.prototype).not.toHaveProperty("polluted");
  });

  it("as a body, a query or a header is refused or ignored, as data", async () => {
    const studio = await openStudio();
    const encoded = encodeURIComponent(text.toWellFormed());
    for (const path of [OTLP_PATH, "/api/public/scores", "/api/public/ingestion"]) {
      for (const body of [text, JSON.stringify(text), JSON.stringify({ [text]: text })]) {
        expectData(await post(studio, path, body), path);
      }
      expectData(await post(studio, path, text, { "content-type": "text/html" }), path);
    }
    const queries = [
      "limit",
      "cursor",
      "fields",
      "fromTimestamp",
      "page",
      "type",
      "filter",
      encoded,
    ];
    for (const name of queries) {
      for (const list of [
        "studio/sessions",
        "studio/traces",
        "public/sessions",
        "public/v2/observations",
      ]) {
        const path = `/api/${list}?${name}=${encoded}`;
        expectData(await get(studio, path), path);
      }
    }
  });
});

describe("JSON of twenty thousand levels", () => {
  it("is answered as data by every route, and kills nothing", async () => {
    const studio = await openStudio();
    const deep = otlpJson({
      attributes: {
        "session.id": "deep",
        "langfuse.observation.input": DEEP_JSON,
        "langfuse.observation.metadata": `{"deep":${DEEP_JSON}}`,
        "langfuse.observation.model.parameters": DEEP_JSON,
        "langfuse.trace.tags": DEEP_JSON,
      },
    });
    expect((await post(studio, OTLP_PATH, deep)).status).toBe(200);
    for (const path of [OTLP_PATH, "/api/public/scores", "/api/public/ingestion"]) {
      expectData(await post(studio, path, DEEP_JSON), path);
    }
    const score = `{"traceId":"t","name":"n","value":1,"metadata":${DEEP_JSON}}`;
    expectData(await post(studio, "/api/public/scores", score), "score");
    const event = `{"id":"e","type":"score-create","timestamp":"2025-11-22T10:20:00Z","body":${score}}`;
    expectData(await post(studio, "/api/public/ingestion", `{"batch":[${event}]}`), "batch");
    for (const path of [
      "/api/studio/session?id=deep",
      "/api/studio/trace?id=t",
      "/api/public/traces/t",
      `/api/public/v2/observations?fields=${ALL_FIELDS}`,
    ]) {
      const answer = await get(studio, path);
      expectData(answer, path);
      expect(answer.status, path).toBe(200);
    }
  });
});

describe("parents in a circle", () => {
  it("are read back by every route", async () => {
    const studio = await openStudio();
    const spans = [
      { spanId: "a", parentSpanId: "c" },
      { spanId: "b", parentSpanId: "a" },
      { spanId: "c", parentSpanId: "b" },
      { spanId: "self", parentSpanId: "self" },
    ].map((span) => ({ ...span, attributes: { "session.id": "circle" } }));
    expect((await post(studio, OTLP_PATH, otlpJson(...spans))).status).toBe(200);
    for (const path of ["/api/studio/session?id=circle", "/api/studio/trace?id=t"]) {
      expect((await get(studio, path)).status, path).toBe(200);
    }
    const { text } = await get(studio, "/api/public/traces/t");
    for (const { spanId } of spans) expect(text).toContain(`"id":"${spanId}"`);
  });
});
