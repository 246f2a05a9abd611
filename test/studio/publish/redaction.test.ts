import { expect, it } from "vitest";
import type { TraceOutline } from "../../../src/studio/api/detail-types";
import type { SessionOutline, TurnList } from "../../../src/studio/api/types";
import { type Marker, PLACES, sendEverything } from "../server/everything-about-a-session";
import { get, OTLP_PATH, openStudio, post } from "../server/running-studio";
import { otlpJson } from "../server/spans";
import { publish } from "./publish";

const CARD = "4111111111111111";
const KEY = `sk-ant-api03-${"Ab3dEf6h".repeat(11)}AA`;

it("takes an address out of every text that leaves, and its ids still lead on", async () => {
  const studio = await openStudio();
  const mark: Marker = (place) => `ann.${place}@example.com`;
  await sendEverything(studio, mark);
  const request = { sessionId: mark("sessionid"), redact: ["email"] } as const;
  const { api } = await publish(studio, request);
  const texts: string[] = [];
  const read = async (path: string): Promise<unknown> => {
    const answer = await get(studio, api + path);
    expect(answer.status, path).toBe(200);
    texts.push(answer.text);
    return answer.json;
  };
  // The contracts of the routes.
  const outline = (await read("/session-outline")) as SessionOutline;
  await read("/session-figures");
  expect(outline.session.id).toBe("[redacted email]");
  expect(outline.turns).toHaveLength(2);
  for (const { traceId, observationCount } of outline.turns) {
    const id = encodeURIComponent(traceId);
    const { data } = (await read(`/turns?id=${id}`)) as TurnList;
    expect(data[0]?.observations).toHaveLength(observationCount);
    const trace = (await read(`/trace-outline?id=${id}`)) as TraceOutline;
    expect(trace.steps).toHaveLength(observationCount);
    expect(trace.steps.map((step) => step.id)).toContain(trace.rootId);
    for (const step of trace.steps) {
      const found = await read(`/observation?traceId=${id}&id=${encodeURIComponent(step.id)}`);
      expect(found).toMatchObject({ id: step.id });
    }
  }
  const all = texts.join("\n");
  expect(PLACES.filter((place) => all.includes(mark(place)))).toEqual([]);
  expect(all).not.toContain("@example.com");
  expect(all).toContain("[redacted email]");
  const ids = [mark("traceid"), mark("spanid")].map(encodeURIComponent);
  expect((await get(studio, `${api}/trace-outline?id=${ids[0]}`)).status).toBe(404);
  expect((await get(studio, `${api}/observation?traceId=${ids[0]}&id=${ids[1]}`)).status).toBe(404);
});

it("leaves everything as it is without presets", async () => {
  const studio = await openStudio();
  const mark: Marker = (place) => `ann.${place}@example.com`;
  await sendEverything(studio, mark);
  const { api } = await publish(studio, { sessionId: mark("sessionid") });
  const trace = await get(studio, `${api}/trace-outline?id=${encodeURIComponent(mark("traceid"))}`);
  expect(trace.json).toMatchObject({ traceId: mark("traceid"), userId: mark("userid") });
});

it("reads what was captured as JSON, so that names tell what is secret", async () => {
  const studio = await openStudio();
  const attributes = {
    "session.id": "chat",
    "langfuse.observation.input": JSON.stringify({ password: "hunter2", card: Number(CARD) }),
    "langfuse.observation.output": CARD,
    "langfuse.observation.metadata.authorization": "Bearer abcdefghijklmnop",
  };
  await post(studio, OTLP_PATH, otlpJson({ traceId: "one", attributes }));
  const { api } = await publish(studio, { sessionId: "chat", redact: ["secrets", "creditCard"] });
  const answer = await get(studio, `${api}/turns?id=one`);
  expect(answer.json).toMatchObject({
    data: [
      {
        input: { password: "[redacted secret]", card: "[redacted card]" },
        output: "[redacted card]",
        durationMs: 1_000,
      },
    ],
  });
  expect(answer.text).not.toContain("abcdefghijklmnop");
});

it("shows no part of what an excerpt is cut in the midst of", async () => {
  const studio = await openStudio();
  const attributes = {
    "session.id": "chat",
    "langfuse.observation.input": `${"word ".repeat(38)}${KEY} and more`,
  };
  const span = {
    traceId: "one",
    name: `${"name ".repeat(58)}${KEY}`,
    status: { code: 2, message: `${"said ".repeat(58)}${KEY}` },
  };
  await post(studio, OTLP_PATH, otlpJson({ ...span, attributes }));
  const { api } = await publish(studio, { sessionId: "chat", redact: ["secrets"] });
  const outline = await get(studio, `${api}/session-outline`);
  const trace = await get(studio, `${api}/trace-outline?id=one`);
  expect(outline.json).toMatchObject({
    session: { firstMessage: expect.stringContaining("word [redact") },
    turns: [{ firstMessage: expect.stringContaining("word [redact") }],
  });
  expect(trace.json).toMatchObject({ steps: [{ name: expect.stringContaining("name [redact") }] });
  for (const { text } of [outline, trace]) expect(text).not.toContain(KEY.slice(0, 8));
});
