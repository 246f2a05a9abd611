import { useEffect, useState } from "preact/hooks";

const RENEWAL_MS = 20_000;

/**
 * The current time in Unix milliseconds, renewed every 20 s: enough for "3 min ago".
 * @param instants - ISO times at which it is renewed as well, for what is different from then on
 */
export function useNow(instants: readonly string[] = []): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNowMs(Date.now()), RENEWAL_MS);
    return () => window.clearInterval(timer);
  }, []);
  const nextMs = instants
    .map((instant) => Date.parse(instant))
    .filter((ms) => ms > nowMs && ms <= nowMs + RENEWAL_MS)
    .reduce((first, ms) => Math.min(first, ms), Number.POSITIVE_INFINITY);
  useEffect(() => {
    if (nextMs === Number.POSITIVE_INFINITY) return;
    // Timers of a browser may be a little early.
    const timer = window.setTimeout(
      () => setNowMs(Math.max(nextMs, Date.now())),
      nextMs - Date.now(),
    );
    return () => window.clearTimeout(timer);
  }, [nextMs]);
  return nowMs;
}
