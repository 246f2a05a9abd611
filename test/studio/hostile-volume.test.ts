import { describe, expect, it } from "vitest";
import { openSqliteStore } from "../../src/studio/store/sqlite-store";
import { get, OTLP_PATH, openStudio, post } from "./server/running-studio";
import { type JsonSpan, otlpJson } from "./server/spans";
import { observationOf, START_US } from "./store/records";
import { snapshotOf } from "./store/snapshot";

/** Of this process, with all that the tests before have left; far from what would end it. */
const MAX_RSS_GROWTH = 600 * 1024 * 1024;

describe("100,000 spans in one trace", () => {
  const COUNT = 100_000;
  const REQUESTS = 20;

  it("are taken in bounded time and memory, summed up, and read back by every route", async () => {
    const studio = await openStudio();
    const rssBefore = process.memoryUsage().rss;
    const perRequest = COUNT / REQUESTS;
    for (let request = 0; request < REQUESTS; request++) {
      const spans = Array.from({ length: perRequest }, (_, index): JsonSpan => {
        const id = request * perRequest + index;
        // A chain: each span is the child of the one before.
        const attributes = { "session.id": "s" };
        return { spanId: String(id), parentSpanId: id === 0 ? "" : String(id - 1), attributes };
      });
      const startedAt = performance.now();
      expect((await post(studio, OTLP_PATH, otlpJson(...spans))).status).toBe(200);
      expect(performance.now() - startedAt).toBeLessThan(15_000);
    }
    expect(process.memoryUsage().rss - rssBefore).toBeLessThan(MAX_RSS_GROWTH);
    const { json } = await get(studio, "/api/studio/sessions?limit=1");
    expect(json).toMatchObject({ data: [{ id: "s", traceCount: 1, observationCount: COUNT }] });
    const last = String(COUNT - 1);
    for (const [path, expected] of [
      ["/api/studio/trace-outline?id=t", last],
      ["/api/studio/trace?id=t", last],
      ["/api/studio/session-outline?id=s", "t"],
      ["/api/studio/session?id=s", "t"],
      ["/api/studio/turns?id=t", "t"],
      ["/api/studio/session-figures?id=s", "p95"],
      [`/api/studio/observation?traceId=t&id=${last}`, last],
      ["/api/public/traces/t", last],
      ["/api/public/traces?fields=core,observations", "t"],
      ["/api/public/sessions/s", "t"],
      ["/api/public/v2/observations?limit=1000", last],
    ] as const) {
      const startedAt = performance.now();
      const answer = await get(studio, path);
      expect(answer.status, path).toBe(200);
      expect(answer.text.includes(expected), path).toBe(true);
      expect(performance.now() - startedAt, path).toBeLessThan(30_000);
    }
  }, 300_000);

  it("are taken in one request as well", async () => {
    const studio = await openStudio();
    const spans = Array.from({ length: COUNT }, (_, id): JsonSpan => ({ spanId: String(id) }));
    expect((await post(studio, OTLP_PATH, otlpJson(...spans))).status).toBe(200);
    const { json } = await get(studio, "/api/studio/traces?limit=1");
    expect(json).toMatchObject({ data: [{ id: "t", observationCount: COUNT }] });
  }, 120_000);

  it("are deleted in steps that leave others their turn", async () => {
    const store = await openSqliteStore(":memory:");
    for (let first = 0; first < COUNT; first += 10_000) {
      store.putObservations(
        Array.from({ length: 10_000 }, (_, index) => observationOf({ id: String(first + index) })),
      );
    }
    let [longestMs, steps] = [0, 0];
    const deletion = store.deletion.trace("t");
    while (true) {
      const startedAt = performance.now();
      if (deletion.next().done) break;
      longestMs = Math.max(longestMs, performance.now() - startedAt);
      steps++;
    }
    expect(steps).toBe(101);
    expect(longestMs).toBeLessThan(3_000);
    expect(store.getTrace("t")).toBeUndefined();
    store.close();
  }, 120_000);
});

describe("one request of 30,000 spans", () => {
  it("does not keep others waiting until it is through", async () => {
    const studio = await openStudio();
    const spans = Array.from({ length: 30_000 }, (_, index) => ({ spanId: String(index) }));
    const answered: string[] = [];
    const large = post(studio, OTLP_PATH, otlpJson(...spans)).then(() => answered.push("large"));
    const isWriting = async (): Promise<boolean> => {
      const { json } = await get(studio, "/api/studio/traces?limit=1");
      // The shape that the studio's own API documents.
      return (json as { data: unknown[] }).data.length > 0;
    };
    await expect.poll(isWriting, { timeout: 20_000, interval: 1 }).toBe(true);
    await post(studio, OTLP_PATH, otlpJson({ traceId: "small" })).then(() =>
      answered.push("small"),
    );
    await large;
    expect(answered).toEqual(["small", "large"]);
  }, 60_000);
});

describe("spans that come twice and in disorder", () => {
  it("leave what one of each in order leaves", async () => {
    const spans = Array.from({ length: 200 }, (_, index) =>
      observationOf({
        id: String(index),
        parentId: index === 0 ? null : String(Math.floor(index / 3)),
        startUs: START_US + index,
        sessionId: index % 7 === 0 ? "s" : null,
        totalTokens: index,
      }),
    );
    const [one, other] = [await openSqliteStore(":memory:"), await openSqliteStore(":memory:")];
    one.putObservations(spans);
    for (const offset of [3, 1, 2, 0, 2]) {
      const part = spans.filter((_, index) => index % 4 === offset).reverse();
      other.writeTogether([
        () => void other.putObservations(part),
        () => void other.putObservations(part.slice(10)),
      ]);
    }
    expect(snapshotOf(other)).toEqual(snapshotOf(one));
    one.close();
    other.close();
  });
});

describe("clocks that are wrong", () => {
  it.each([
    ["before 1971", "1", "2"],
    ["in the far future", "18446744073709551615", "18446744073709551615"],
    ["an end before the start", "1763806800000000000", "1"],
    ["no time at all", "0", "0"],
  ])("%s: the trace is listed, with no negative duration", async (_case, start, end) => {
    const studio = await openStudio();
    const skewed = { startTimeUnixNano: start, endTimeUnixNano: end };
    expect((await post(studio, OTLP_PATH, otlpJson(skewed, { spanId: "sane" }))).status).toBe(200);
    const { json } = await get(studio, "/api/studio/traces?limit=5");
    const { data } = json as { data: { durationMs: number; observationCount: number }[] };
    expect(data).toHaveLength(1);
    expect(data[0]?.durationMs).toBeGreaterThanOrEqual(0);
    expect(data[0]?.observationCount).toBe(2);
  });
});

describe("parents in a circle", () => {
  it("are summed up in bounded time, and shown", async () => {
    const studio = await openStudio();
    const count = 5_000;
    const spans = Array.from({ length: count }, (_, index) => ({
      spanId: String(index),
      parentSpanId: String((index + 1) % count),
    }));
    const startedAt = performance.now();
    expect((await post(studio, OTLP_PATH, otlpJson(...spans))).status).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(15_000);
    const { json } = await get(studio, "/api/studio/traces?limit=1");
    expect(json).toMatchObject({ data: [{ observationCount: count }] });
  }, 30_000);
});
