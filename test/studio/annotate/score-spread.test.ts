import { describe, expect, it } from "vitest";
import type { SessionList } from "../../../src/studio/api/types";
import { distributionOf } from "../../../src/studio/store/score-distributions";
import { createListBench, NARROW, PATIENCE, rowOf, WIDE } from "../page/list/list-page";
import { get, OTLP_PATH, post } from "../server/running-studio";
import { otlpJson } from "../server/spans";

const bench = createListBench();

async function sendScored(): Promise<void> {
  await post(bench.studio, OTLP_PATH, otlpJson({ attributes: { "session.id": "chat" } }));
  const values = [
    ...[0, 0.05, 0.5, 1].map((value) => ({ name: "helpful", value })),
    ...["good", "bad", "good"].map((value) => ({ name: "verdict", value })),
    ...[1, 0, 1, 1].map((value) => ({ name: "ok", value, dataType: "BOOLEAN" })),
    { name: "once", value: 3 },
  ];
  for (const score of values) {
    const body = JSON.stringify({ traceId: "t", ...score });
    expect((await post(bench.studio, "/api/public/scores", body)).status).toBe(200);
  }
}

describe("distributionOf", () => {
  it("counts the numbers in eight equal parts, the greatest in the last one", () => {
    expect(distributionOf([0, 0.9, 1, 7.9, 8])).toEqual({
      min: 0,
      max: 8,
      bins: [2, 1, 0, 0, 0, 0, 0, 2],
    });
  });

  it("has one part where all numbers are the same", () => {
    expect(distributionOf([2, 2, 2])).toEqual({ min: 2, max: 2, bins: [3] });
  });

  it.each([
    ["none", []],
    ["too far apart", [-Number.MAX_VALUE, Number.MAX_VALUE]],
  ])("divides nothing where the numbers are %s", (_, values) => {
    expect(distributionOf(values)).toBeUndefined();
  });
});

describe("the scores of a session in the list", () => {
  it("are averages and distributions, of two scores on", async () => {
    await sendScored();
    const { json } = await get(bench.studio, "/api/studio/sessions");
    const [session] = (json as SessionList).data; // the contract of the route
    expect(session?.scores).toEqual([
      {
        name: "helpful",
        dataType: "NUMERIC",
        count: 4,
        mean: 0.3875,
        distribution: { min: 0, max: 1, bins: [2, 0, 0, 0, 1, 0, 0, 1] },
      },
      { name: "ok", dataType: "BOOLEAN", count: 4, mean: 0.75 },
      { name: "once", dataType: "NUMERIC", count: 1, mean: 3 },
      {
        name: "verdict",
        dataType: "CATEGORICAL",
        count: 3,
        categories: [
          { value: "good", count: 2 },
          { value: "bad", count: 1 },
        ],
      },
    ]);
  });

  it("has no distribution of more than 500 scores", async () => {
    await post(bench.studio, OTLP_PATH, otlpJson({ attributes: { "session.id": "chat" } }));
    const batch = Array.from({ length: 501 }, (_, value) => ({
      id: String(value),
      timestamp: "2025-11-22T10:20:00Z",
      type: "score-create",
      body: { id: String(value), traceId: "t", name: "n", value },
    }));
    await post(bench.studio, "/api/public/ingestion", JSON.stringify({ batch }));
    const { json } = await get(bench.studio, "/api/studio/sessions");
    expect((json as SessionList).data[0]?.scores).toEqual([
      { name: "n", dataType: "NUMERIC", count: 501, mean: 250 },
    ]);
  });

  it.each([WIDE, NARROW])("are drawn in its row, and said, at $width px", async (view) => {
    await sendScored();
    const { page, complaints } = await bench.open("/sessions", view);
    const spreads = rowOf(page, "chat").getByTestId("score-spread");
    await expect.poll(() => spreads.count(), PATIENCE).toBeGreaterThan(0);
    expect(await spreads.first().getAttribute("aria-label")).toBe(
      "0 to 0.125: 2, 0.5 to 0.625: 1, 0.875 to 1: 1",
    );
    const bars = spreads.first().locator("span");
    const heights = await bars.evaluateAll((found) =>
      found.map((bar) => bar.getBoundingClientRect().height),
    );
    expect(heights).toEqual([11, 1, 1, 1, 5.5, 1, 1, 5.5]);
    expect(complaints).toEqual([]);
  });

  it("are drawn on the page of the session as well, categories and yes or no as parts", async () => {
    await sendScored();
    const { page } = await bench.open("/sessions/chat");
    const badge = (name: string) =>
      page.locator(".session-header").getByTestId("score-badge").filter({ hasText: name });
    const partsOf = (name: string) =>
      badge(name)
        .getByTestId("score-spread")
        .locator("span")
        .evaluateAll((parts) => parts.map((part) => (part as HTMLElement).dataset["count"])); // a span
    await badge("verdict").waitFor();
    expect(await partsOf("verdict")).toEqual(["2", "1"]);
    expect(await partsOf("ok")).toEqual(["3", "1"]);
    expect(await badge("ok").getAttribute("title")).toBe("ok: 75 % true\nof 4\ntrue: 3\nfalse: 1");
    expect(await badge("once").getByTestId("score-spread").count()).toBe(0);
  });
});
