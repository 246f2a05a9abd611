import { expect, it } from "vitest";
import { runHere } from "../../cli/run-here";
import { LANGFUSE_3, openFront } from "../../support/langfuse-front";
import { get, OTLP_PATH, openStudio, post } from "./running-studio";
import { otlpJson } from "./spans";

/** A session whose trace was annotated by a score configuration of its own studio. */
async function openAnnotated() {
  const studio = await openStudio();
  await post(studio, OTLP_PATH, otlpJson({ attributes: { "session.id": "s" } }));
  const config = JSON.stringify({ name: "tone", dataType: "NUMERIC", minValue: 0, maxValue: 1 });
  const { id: configId } = (await post(studio, "/api/public/score-configs", config)).json as {
    id: string;
  };
  const score = { id: "annotated", traceId: "t", name: "tone", value: 1, source: "ANNOTATION" };
  const added = await post(studio, "/api/public/scores", JSON.stringify({ ...score, configId }));
  expect(added.status, added.text).toBe(200);
  return { studio, kept: { ...score, configId } };
}

it("an annotation keeps its configuration in a studio that it is sent to without it", async () => {
  const { studio, kept } = await openAnnotated();
  const target = await openStudio();
  for (let time = 0; time < 2; time += 1) {
    const body = JSON.stringify({ sessionId: "s", to: target.url });
    const { text } = await post(studio, "/api/studio/handover", body);
    expect(JSON.parse(text.trim().split("\n").at(-1) ?? "")).toMatchObject({
      isComplete: true,
      scores: { found: 1, sent: 1 },
      notes: [],
    });
    expect((await get(target, "/api/public/v2/scores/annotated")).json).toMatchObject(kept);
  }
});

it("a category goes by its label, and has the number that it has where it arrives", async () => {
  const studio = await openStudio();
  await post(studio, OTLP_PATH, otlpJson({ attributes: { "session.id": "s" } }));
  const categories = (value: number): string =>
    JSON.stringify({ categories: [{ label: "good", value }] });
  const config = { ...JSON.parse(categories(7)), name: "tone", dataType: "CATEGORICAL" };
  const made = await post(studio, "/api/public/score-configs", JSON.stringify(config));
  const { id: configId } = made.json as { id: string };
  const score = { id: "annotated", traceId: "t", name: "tone", source: "ANNOTATION", configId };
  const added = await post(
    studio,
    "/api/public/scores",
    JSON.stringify({ ...score, value: "good" }),
  );
  expect(added.status, added.text).toBe(200);
  const kept = { ...score, dataType: "CATEGORICAL", stringValue: "good" };
  const shownBy = async (one: typeof studio) =>
    (await get(one, "/api/public/v2/scores/annotated")).json;
  expect(await shownBy(studio)).toMatchObject({ ...kept, value: 7 });

  const file = await get(studio, "/api/studio/session-export?id=s");
  const byFile = await openStudio();
  expect((await post(byFile, "/api/studio/import", file.text)).status).toBe(200);
  expect(await shownBy(byFile)).toMatchObject({ ...kept, value: 7 });

  const without = await openStudio();
  await post(studio, "/api/studio/handover", JSON.stringify({ sessionId: "s", to: without.url }));
  expect(await shownBy(without)).toMatchObject({ ...kept, value: 0 });

  const changed = await fetch(`${studio.url}/api/public/score-configs/${configId}`, {
    method: "PATCH",
    headers: { "content-type": "application/json" },
    body: categories(9),
  });
  expect(changed.status).toBe(200);
  const { code } = await runHere("import", "--from", without.url, "--to", studio.url);
  expect(code).toBe(0);
  expect(await shownBy(studio)).toMatchObject({ ...kept, value: 9 });
});

it.each([
  ["archived", { isArchived: true }],
  ["narrowed", { maxValue: 0.5 }],
])(
  "an annotation comes back to a studio that has %s its configuration since",
  async (_, change) => {
    const { studio, kept } = await openAnnotated();
    const other = await openStudio();
    await post(studio, "/api/studio/handover", JSON.stringify({ sessionId: "s", to: other.url }));
    for (const [method, path, body] of [
      ["DELETE", "/api/studio/sessions/s"],
      ["PATCH", `/api/public/score-configs/${kept.configId}`, JSON.stringify(change)],
    ] as const) {
      const init = body === undefined ? {} : { body };
      const headers = { "content-type": "application/json" };
      expect((await fetch(studio.url + path, { method, headers, ...init })).status).toBe(200);
    }
    const { code, errors } = await runHere("import", "--from", other.url, "--to", studio.url);
    expect(errors).toBe("");
    expect(code).toBe(0);
    expect((await get(studio, "/api/public/v2/scores/annotated")).json).toMatchObject(kept);
  },
);

it.each([
  ["a studio", () => undefined],
  ["Langfuse 3", LANGFUSE_3],
])("an annotation keeps its configuration where it is imported from %s", async (_, refuse) => {
  const { studio, kept } = await openAnnotated();
  const front = await openFront(studio.url, refuse);
  const target = await openStudio();
  const { code, output } = await runHere("import", "--from", front.url, "--to", target.url);
  expect(output).toContain("1 session, 1 trace, 1 observation, 1 score.");
  expect(code).toBe(0);
  expect((await get(target, "/api/public/v2/scores/annotated")).json).toMatchObject(kept);
});

it("an annotation keeps its configuration in a session file", async () => {
  const { studio, kept } = await openAnnotated();
  const target = await openStudio();
  const file = await get(studio, "/api/studio/session-export?id=s");
  const { status } = await post(target, "/api/studio/import", file.text);
  expect(status).toBe(200);
  expect((await get(target, "/api/public/v2/scores/annotated")).json).toMatchObject(kept);
});
