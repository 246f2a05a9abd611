/** Milliseconds between attempts; see {@link backoffMs}. */
export interface BackoffLimits {
  readonly baseMs: number;
  readonly maxMs: number;
}

export const BACKOFF: BackoffLimits = { baseMs: 500, maxMs: 30_000 };

/** Pause after an answer that no retry will change by itself: wrong keys, wrong address. */
export const BLOCKED_PAUSE_MS = 30_000;

/** A server that asks for a longer pause is asked again after this one. */
export const MAX_RETRY_AFTER_MS = 3_600_000;

/**
 * Delay before the next attempt: exponential from `baseMs`, capped at `maxMs`, full jitter.
 * @param attempt - attempts already made, from 1
 * @param random - uniform in [0, 1); injected so a test can fix it
 * @returns milliseconds, in [0, maxMs)
 */
export function backoffMs(
  attempt: number,
  { baseMs, maxMs }: BackoffLimits,
  random: () => number,
): number {
  // Past 2^30 the power would overflow to Infinity in time; the cap is reached long before.
  return random() * Math.min(maxMs, baseMs * 2 ** Math.min(attempt - 1, 30));
}

/**
 * Reads a `Retry-After` header.
 * @returns milliseconds from now, in [0, {@link MAX_RETRY_AFTER_MS}]; undefined when there is none
 * that can be read
 * Spec: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfterMs(header: string | undefined, nowUnixMs: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - nowUnixMs;
  return Number.isNaN(ms) ? undefined : Math.min(MAX_RETRY_AFTER_MS, Math.max(0, ms));
}
