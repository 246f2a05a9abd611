/**
 * Whether a trace is recorded: the same answer for the same id in every process. The last 13 hex
 * digits, random by specification, are compared with the rate.
 * @param rate - 0 (none) to 1 (all)
 * Spec: https://www.w3.org/TR/trace-context-2/#randomness-of-trace-id (rightmost 7 bytes are random)
 */
export function isSampled(traceId: string, rate: number): boolean {
  if (rate >= 1) return true;
  if (rate <= 0) return false;
  return Number.parseInt(traceId.slice(-13), 16) / 2 ** 52 < rate;
}
