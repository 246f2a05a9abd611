import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTraceId } from "../../src/observation/create-trace-id";
import { isSampled } from "../../src/observation/sampling";
import { useTraced } from "../support/traced";

const traced = useTraced();

const traceIds = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => Buffer.from(bytes).toString("hex"));
const rates = fc.double({ min: 0, max: 1, noNaN: true });

describe("the rate", () => {
  it("takes whatever a lower one takes", () => {
    fc.assert(
      fc.property(traceIds, rates, rates, (traceId, one, other) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        expect(isSampled(traceId, low) && !isSampled(traceId, high)).toBe(false);
      }),
    );
  });

  it.each([0.01, 0.1, 0.5, 0.9])("of %d takes that share of traces", (rate) => {
    const count = 20_000;
    let taken = 0;
    for (let index = 0; index < count; index += 1) {
      if (isSampled(createTraceId(`trace ${index}`), rate)) taken += 1;
    }
    // Five standard deviations of as many throws of a coin.
    const allowed = 5 * Math.sqrt((rate * (1 - rate)) / count);
    expect(Math.abs(taken / count - rate)).toBeLessThan(allowed);
  });

  it("of 0 takes none and of 1 takes all, to the last id", () => {
    const ids = ["0".repeat(31).concat("1"), "f".repeat(32), `${"f".repeat(19)}${"0".repeat(13)}`];
    expect(ids.map((traceId) => isSampled(traceId, 0))).toEqual([false, false, false]);
    expect(ids.map((traceId) => isSampled(traceId, 1))).toEqual([true, true, true]);
  });

  // What another process, or another version, must decide as well.
  it.each([
    ["0af7651916cd43dd8448000000000000", 0.5, false],
    ["0af7651916cd43dd8448000000000000", 0.500_001, true],
    ["0af7651916cd43dd8444000000000000", 0.249_999, false],
    ["0af7651916cd43dd8444000000000000", 0.250_001, true],
    ["ffffffffffffffffffffffffffffffff", 0.999_999, false],
    ["0000000000000000000fffffffffffff", 0.999_999, false],
    ["fffffffffffffffffff0000000000000", 0.000_001, true],
  ])("decides for %s at %d by the last 13 digits alone: %s", (traceId, rate, expected) => {
    expect(isSampled(traceId, rate)).toBe(expected);
  });
});

describe("sampled", () => {
  it("of a trace beats the rate, for all of its spans", async () => {
    const client = traced.createClient({ sampleRate: 0 });
    client.startAsCurrentSpan({ name: "wanted", sampled: true }, () => {
      client.startGeneration("within").end();
    });
    client.startAsCurrentSpan("as usual", (span) => span.startSpan("child").end());
    await client.flush();

    expect(traced.sink.spans().map(({ name }) => name)).toEqual(["within", "wanted"]);
    expect(client.stats().offered).toBe(2);
  });

  it("false leaves the trace out at any rate, its scores too, though ids are there", async () => {
    const { client } = traced;
    client.startAsCurrentSpan({ name: "unwanted", sampled: false }, (span) => {
      expect(span.isRecording).toBe(false);
      expect(span.traceId).toMatch(/^[0-9a-f]{32}$/);
      span.startSpan("child").update({ level: "ERROR" }).end();
      span.score({ name: "s", value: 1 }).scoreTrace({ name: "t", value: 1 });
    });
    const report = await client.flush();

    expect({ spans: report.offered, scores: report.scores.offered }).toEqual({
      spans: 0,
      scores: 0,
    });
    expect(traced.logger.lines).toEqual([]);
  });

  it("of an observation with a parent changes nothing, and that is said once", async () => {
    const { client } = traced;
    client.startAsCurrentSpan("root", (root) => {
      client.startSpan({ name: "a", sampled: false }).end();
      root.startSpan({ name: "b", sampled: false }).end();
    });
    await client.flush();

    expect(traced.sink.spans().map(({ name }) => name)).toEqual(["a", "b", "root"]);
    expect(traced.logger.lines).toEqual([
      "[playhead] Ignoring sampled: the observation has a parent and shares the decision for its trace. Give it to the one that begins the trace.",
    ]);
  });

  it("of another kind is left out, and that is said", async () => {
    const { client } = traced;
    // @ts-expect-error not a boolean
    client.startSpan({ name: "odd", sampled: "no" }).end();
    await client.flush();

    expect(traced.sink.span("odd").name).toBe("odd");
    expect(traced.logger.lines[0]).toContain("Expected sampled to be true or false");
  });
});
