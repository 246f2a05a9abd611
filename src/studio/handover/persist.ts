import { setTimeout as wait } from "node:timers/promises";
import { type BackoffLimits, backoffMs } from "../../export/retry";

/** Attempts of one request. */
const MAX_ATTEMPTS = 6;
const LIMITS: BackoffLimits = { baseMs: 500, maxMs: 10_000 };
/** Longest pause that an endpoint may ask for, in milliseconds. */
const MAX_PAUSE_MS = 65_000;

export interface PersistOptions {
  /** Ends the waiting: the last result stands then. */
  readonly signal: AbortSignal;
  /** Told of each failure that is followed by another attempt. */
  readonly onTrouble: (reason: string) => void;
}

/** The same may be taken later. */
interface Retryable {
  readonly status: "retryable";
  readonly reason: string;
  readonly retryAfterMs?: number;
}

/** Tries until an attempt is not `retryable`, the attempts are used up, or nobody waits any more. */
export async function persist<Result extends { readonly status: string }>(
  attempt: () => Promise<Result>,
  { signal, onTrouble }: PersistOptions,
): Promise<Result> {
  for (let attempts = 1; ; attempts += 1) {
    const result = await attempt();
    if (!isRetryable(result) || attempts === MAX_ATTEMPTS || signal.aborted) return result;
    const askedMs = result.retryAfterMs ?? 0;
    if (askedMs > MAX_PAUSE_MS) return result;
    onTrouble(result.reason);
    const pauseMs = Math.max(askedMs, backoffMs(attempts, LIMITS, Math.random));
    try {
      await wait(pauseMs, undefined, { signal });
    } catch {
      return result; // nobody waits any more
    }
  }
}

function isRetryable(result: { readonly status: string }): result is Retryable {
  return result.status === "retryable";
}
