import type { FlushReport } from "../diagnostics/stats";

/** What the end of the process needs of a client. */
export interface ExitClient {
  /** Spans and scores on their way. */
  readonly pendingCount: number;
  /** Spans and scores that ever ended. */
  readonly offeredCount: number;
  /** Flushes within the client's `shutdownTimeoutMs`. */
  flushBeforeExit(): Promise<FlushReport>;
}

/**
 * Delivers what is pending when the program has nothing left to do, so that a script needs no
 * `flush()`. Runs on `beforeExit`, which comes again after each flush: a client is flushed again
 * only if more has ended meanwhile, so a dead endpoint delays the end once.
 */
export function flushOnNaturalEnd(clients: ReadonlySet<ExitClient>): void {
  const seen = new WeakMap<ExitClient, number>();
  process.on("beforeExit", () => {
    for (const client of clients) {
      if (client.pendingCount === 0 || seen.get(client) === client.offeredCount) continue;
      seen.set(client, client.offeredCount);
      void client.flushBeforeExit();
    }
  });
}
