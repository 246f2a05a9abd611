import type { OtlpSpan } from "./otlp-types";

/** Latest time that is kept: microseconds stay exact as numbers up to the year 2255. */
const MAX_TIME_US = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * Start and end in microseconds. A missing start is the end, a missing end the start, both missing
 * `nowMs`; an end before the start becomes the start.
 */
export function mapTimes(
  { startTimeUnixNano, endTimeUnixNano }: OtlpSpan,
  nowMs: number,
): { startUs: number; startNs: number; endUs: number } {
  const fallback = BigInt(Math.trunc(nowMs)) * 1_000_000n;
  const start = startTimeUnixNano || endTimeUnixNano || fallback;
  const end = endTimeUnixNano > start ? endTimeUnixNano : start;
  return {
    startUs: microseconds(start),
    startNs: Number(start % 1000n),
    endUs: microseconds(end),
  };
}

function microseconds(nanos: bigint): number {
  const us = nanos / 1000n;
  return Number(us > MAX_TIME_US ? MAX_TIME_US : us);
}
