import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BACKOFF, backoffMs, MAX_RETRY_AFTER_MS, retryAfterMs } from "../../src/export/retry";

describe("backoffMs", () => {
  it("doubles from the base up to the cap", () => {
    const longest = (attempt: number): number =>
      backoffMs(attempt, { baseMs: 100, maxMs: 1_000 }, () => 1);
    expect([1, 2, 3, 4, 5, 6].map(longest)).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  });

  it("stays within [0, cap), after any number of attempts", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 31 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempt, random) => {
          const delayMs = backoffMs(attempt, BACKOFF, () => random);
          expect(delayMs).toBeGreaterThanOrEqual(0);
          expect(delayMs).toBeLessThan(BACKOFF.maxMs);
        },
      ),
    );
  });
});

describe("retryAfterMs", () => {
  const now = Date.UTC(2024, 0, 1, 12, 0, 0);

  it.each<[string | undefined, number | undefined]>([
    [undefined, undefined],
    ["", undefined],
    ["soon", undefined],
    ["0", 0],
    ["120", 120_000],
    [" 7 ", 7_000],
    ["Mon, 01 Jan 2024 12:00:30 GMT", 30_000],
    ["Mon, 01 Jan 2024 11:00:00 GMT", 0],
    ["99999999999", MAX_RETRY_AFTER_MS],
    ["9".repeat(400), MAX_RETRY_AFTER_MS],
    ["Fri, 31 Dec 9999 23:59:59 GMT", MAX_RETRY_AFTER_MS],
  ])("reads %j as %s", (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });

  it("never gives anything but a bounded delay or none, whatever the header", () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        const delayMs = retryAfterMs(header, now);
        if (delayMs === undefined) return;
        expect(delayMs).toBeGreaterThanOrEqual(0);
        expect(delayMs).toBeLessThanOrEqual(MAX_RETRY_AFTER_MS);
      }),
    );
  });
});
