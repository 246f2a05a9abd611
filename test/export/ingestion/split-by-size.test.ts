import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { IngestionEvent } from "../../../src/export/ingestion/ingestion-event";
import { MAX_INGESTION_BYTES, splitBySize } from "../../../src/export/ingestion/split-by-size";

function traceEvent(id: string, fields: Partial<TraceBody> = {}): TraceEvent {
  const timestamp = "2025-11-22T10:20:00.000Z";
  return { id, timestamp, type: "trace-create", body: { id, timestamp, ...fields } };
}
type TraceEvent = Extract<IngestionEvent, { type: "trace-create" }>;
type TraceBody = TraceEvent["body"];

function parse(body: Buffer): { batch: TraceEvent[] } {
  return JSON.parse(body.toString());
}

describe("splitBySize", () => {
  it("holds all events in one body, in order, when they fit", () => {
    const events = [traceEvent("a"), traceEvent("b", { input: { x: [1] } })];
    const { batches, tooLarge } = splitBySize(events);
    expect(batches.map(({ eventIds }) => eventIds)).toEqual([["a", "b"]]);
    expect(batches.map(({ body }) => parse(body))).toEqual([{ batch: events }]);
    expect(tooLarge).toEqual([]);
  });

  it("makes no body of no events", () => {
    expect(splitBySize([])).toEqual({ batches: [], tooLarge: [] });
  });

  it("fills a body to the last byte, then begins another", () => {
    const events = [traceEvent("a"), traceEvent("b"), traceEvent("c")];
    const twoBytes = JSON.stringify({ batch: events.slice(0, 2) }).length;
    const idsAt = (maxBytes: number): unknown =>
      splitBySize(events, maxBytes).batches.map(({ eventIds }) => eventIds);
    expect(idsAt(twoBytes)).toEqual([["a", "b"], ["c"]]);
    expect(idsAt(twoBytes - 1)).toEqual([["a"], ["b"], ["c"]]);
  });

  it("keeps under 3.5 MB where no other bound is given", () => {
    const events = ["a", "b", "c", "d"].map((id) => traceEvent(id, { input: "é".repeat(600_000) }));
    const { batches } = splitBySize(events);
    expect(batches.map(({ eventIds }) => eventIds)).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
    for (const { body } of batches) expect(body.length).toBeLessThanOrEqual(MAX_INGESTION_BYTES);
  });

  it("cuts the longest content of an event that is too large alone, and says how much is gone", () => {
    const metadata = { page: "m".repeat(3_000), tier: "gold" };
    const event = traceEvent("a", { input: "i".repeat(9_000), output: "done", metadata });
    const [batch, ...others] = splitBySize([event], 8_000).batches;
    expect(others).toEqual([]);
    const [cut] = parse(batch?.body ?? Buffer.alloc(0)).batch;
    const [, kept = "", gone] =
      /^(i*)\.\.\.\[cut: (\d+) bytes\]$/.exec(String(cut?.body.input)) ?? [];
    expect(kept.length).toBeGreaterThan(2_000);
    expect(kept.length + Number(gone)).toBe(9_000);
    expect(cut).toEqual({ ...event, body: { ...event.body, input: cut?.body.input } });
  });

  it("turns content that was JSON into text when it has to cut it", () => {
    const input = { list: "x".repeat(9_000) };
    const [batch] = splitBySize([traceEvent("a", { input })], 3_000).batches;
    const [cut] = parse(batch?.body ?? Buffer.alloc(0)).batch;
    expect(cut?.body.input).toMatch(/^\{"list":"x+\.\.\.\[cut: \d+ bytes\]$/);
  });

  it("names events that no cut makes fit, and packs the others", () => {
    const tags = Array.from({ length: 500 }, (_, index) => `tag ${index}`);
    const { batches, tooLarge } = splitBySize([traceEvent("a"), traceEvent("b", { tags })], 2_000);
    expect(batches.map(({ eventIds }) => eventIds)).toEqual([["a"]]);
    expect(tooLarge).toEqual(["b"]);
  });

  it("loses no event and passes no bound, whatever the events", () => {
    const content = fc.oneof(
      fc.string({ unit: "binary", maxLength: 3_000 }),
      fc.jsonValue({ maxDepth: 3 }),
    );
    const fields = fc.record({
      input: content,
      metadata: fc.dictionary(fc.string(), fc.string({ unit: "grapheme", maxLength: 800 })),
    });
    fc.assert(
      fc.property(
        fc.array(fields, { maxLength: 8 }),
        fc.integer({ min: 1, max: 6_000 }),
        (all, maxBytes) => {
          const events = all.map((each, index) =>
            // JSON.stringify gives what jsonValue means: it has no -0, and members of its own only.
            traceEvent(`e${index}`, JSON.parse(JSON.stringify(each))),
          );
          const { batches, tooLarge } = splitBySize(events, maxBytes);
          for (const { body, eventIds } of batches) {
            expect(body.length).toBeLessThanOrEqual(maxBytes);
            expect(parse(body).batch.map(({ id }) => id)).toEqual(eventIds);
          }
          const ids = [...batches.flatMap(({ eventIds }) => eventIds), ...tooLarge];
          expect(ids.sort()).toEqual(events.map(({ id }) => id));
          for (const event of events) {
            const fits = JSON.stringify({ batch: [event] }).length * 3 <= maxBytes;
            if (fits) expect(tooLarge).not.toContain(event.id);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
