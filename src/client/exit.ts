import type { FlushReport } from "../diagnostics/stats";

/** What the end of the process needs of a client. */
export interface ExitClient {
  /** Spans and scores on their way. */
  readonly pendingCount: number;
  /** Spans and scores that ever ended. */
  readonly offeredCount: number;
  /** Flushes within the client's `shutdownTimeoutMs`. */
  flushBeforeExit(): Promise<FlushReport>;
  /** Ends the requests that are still on their way, so that they do not keep the process alive. */
  interruptBeforeExit(): Promise<void>;
  /** Puts what is pending on disk where there is one; says what is lost. */
  closeBeforeExit(): void;
}

/** Signals that end a program politely, and by default at once. */
const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/**
 * Delivers what is pending when the process ends, however it ends:
 *
 * | end | what happens |
 * |---|---|
 * | nothing left to do | flush, within the clients' deadline |
 * | SIGTERM, SIGINT | flush, then the signal goes on as if nobody had listened |
 * | the same signal again, meanwhile | to disk, synchronously; the signal goes on |
 * | `process.exit()`, an uncaught error | to disk, synchronously |
 *
 * Other listeners and the exit code stay what they were.
 */
export function deliverOnExit(clients: ReadonlySet<ExitClient>): void {
  flushOnNaturalEnd(clients);
  for (const signal of SIGNALS) flushOnSignal(signal, clients);
  process.on("exit", () => closeAll(clients));
}

/**
 * `beforeExit` comes again after each flush: a client is flushed again only if more has ended
 * meanwhile, so a dead endpoint delays the end once.
 */
function flushOnNaturalEnd(clients: ReadonlySet<ExitClient>): void {
  const seen = new WeakMap<ExitClient, number>();
  process.on("beforeExit", () => {
    const due = [...clients].filter(
      (client) => client.pendingCount > 0 && seen.get(client) !== client.offeredCount,
    );
    for (const client of due) seen.set(client, client.offeredCount);
    void Promise.all(due.map((client) => client.flushBeforeExit())).then((reports) => {
      // When all flushes are over, so that nothing is tried again while another one goes on.
      for (const [index, client] of due.entries()) {
        if (reports[index]?.isComplete === false) void client.interruptBeforeExit();
      }
    });
  });
}

function flushOnSignal(signal: NodeJS.Signals, clients: ReadonlySet<ExitClient>): void {
  let isFlushing = false;
  const listener = (): void => {
    const isOurs = isOursToEnd(signal);
    const goOn = (): void => {
      if (!isOurs) return;
      closeAll(clients);
      process.removeListener(signal, listener);
      process.kill(process.pid, signal);
    };
    const pending = [...clients].filter((client) => client.pendingCount > 0);
    if (isFlushing || pending.length === 0) {
      goOn(); // a second Ctrl-C does not wait
      return;
    }
    isFlushing = true;
    void Promise.all(pending.map((client) => client.flushBeforeExit())).then(() => {
      isFlushing = false;
      goOn();
    });
  };
  // First: a listener added by `once` is gone by the time of those behind it, and would not count.
  process.prependListener(signal, listener);
}

/**
 * Whether the process would end if we did not listen. Whoever else listens decides when it does, and
 * its `exit` event is our last chance. Not so the listeners of the package `signal-exit` (terminal
 * spinners bring it): they do nothing while anybody else listens, and get the signal when it goes on.
 */
function isOursToEnd(signal: NodeJS.Signals): boolean {
  return process.listenerCount(signal) - 1 <= signalExitCount();
}

/** Where the versions 3 and 4 of `signal-exit` keep how many listeners they have per signal. */
function signalExitCount(): number {
  const { __signal_exit_emitter__: third } = process as { __signal_exit_emitter__?: unknown };
  const fourth = (globalThis as Record<symbol, unknown>)[Symbol.for("signal-exit emitter")];
  return countOf(third) + countOf(fourth);
}

function countOf(emitter: unknown): number {
  const { count } = (emitter ?? {}) as { count?: unknown }; // any value may be asked for members
  return typeof count === "number" ? count : 0;
}

function closeAll(clients: ReadonlySet<ExitClient>): void {
  for (const client of clients) client.closeBeforeExit();
}
