/** What a timer can wait; a longer delay would overflow and end at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Whether all are true. */
export function allTrue(all: readonly Promise<boolean>[]): Promise<boolean> {
  const [only] = all;
  if (only !== undefined && all.length === 1) return only;
  return Promise.all(all).then((results) => results.every(Boolean));
}

/** @returns whether all are true within `timeoutMs`; the timer keeps the process alive meanwhile */
export function allWithin(all: readonly Promise<boolean>[], timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    // Not before: timers leave out fractions.
    const delayMs = Math.min(Math.ceil(timeoutMs), MAX_TIMER_MS);
    const timer = setTimeout(() => resolve(false), delayMs);
    void allTrue(all).then((isTrue) => {
      clearTimeout(timer);
      resolve(isTrue);
    });
  });
}
