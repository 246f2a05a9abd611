import { useEffect, useState } from "preact/hooks";

/** The current time in Unix milliseconds, renewed every 20 s: enough for "3 min ago". */
export function useNow(): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNowMs(Date.now()), 20_000);
    return () => window.clearInterval(timer);
  }, []);
  return nowMs;
}
