import type { TraceId } from "../attributes/ids";

/**
 * Whether the spans of a trace leave.
 *
 * - `sampled`: all do.
 * - `unsampled`: none does, and none is recorded.
 * - `undecided`: the rate leaves it out; it is recorded, and leaves once an observation fails.
 * - `forgotten`: an undecided trace that was over, or too large, before one did. What fails in it
 *   from then on makes it `sampled`, without what came before.
 */
export type Sampling = "sampled" | "unsampled" | "undecided" | "forgotten";

/**
 * Decides for a trace that begins.
 * @param wanted - what whoever began it asks for; beats the rate
 */
export function decideSampling(
  traceId: TraceId,
  wanted: boolean | undefined,
  { sampleRate, keepErrors }: { readonly sampleRate: number; readonly keepErrors: boolean },
): Sampling {
  if (wanted !== undefined) return wanted ? "sampled" : "unsampled";
  if (sampleRate >= 1 || isSampled(traceId.hex, sampleRate)) return "sampled";
  return keepErrors ? "undecided" : "unsampled";
}

/**
 * Whether a trace is within the rate: the same answer for the same id in every process, and what a
 * rate takes, every higher one takes, too. The last 13 hex digits, random by specification, are
 * compared with the rate.
 * @param rate - 0 (none) to 1 (all)
 * Spec: https://www.w3.org/TR/trace-context-2/#randomness-of-trace-id (rightmost 7 bytes are random)
 */
export function isSampled(traceId: string, rate: number): boolean {
  if (rate >= 1) return true;
  if (rate <= 0) return false;
  return Number.parseInt(traceId.slice(-13), 16) / 2 ** 52 < rate;
}
