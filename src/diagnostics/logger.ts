/** Where the SDK writes its own messages. `console` fits. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;

/** The least severe level that is written. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Says a thing once per episode, so that a dead endpoint is one line and not one per span. */
export interface Diagnostics extends Logger {
  /** Warns unless `topic` was warned about since its last {@link Diagnostics.settle}. */
  warnOnce(topic: string, message: string): void;
  /** Says nothing of `topic` until its next {@link Diagnostics.settle}: the caller tells of it. */
  hush(topic: string): void;
  /** Ends the episode of `topic`; says `message` if it had been warned about. */
  settle(topic: string, message?: string): void;
}

/**
 * A logger that keeps to a level, prefixes its lines and never throws, whatever `sink` does.
 * Messages must not hold keys, headers or captured content.
 */
export function createDiagnostics(sink: Logger, level: LogLevel): Diagnostics {
  const threshold = LOG_LEVELS.indexOf(level);
  const open = new Set<string>();

  const write = (at: Exclude<LogLevel, "silent">, message: string): void => {
    if (LOG_LEVELS.indexOf(at) < threshold) return;
    try {
      const result: unknown = sink[at](`[playhead] ${message}`);
      if (result instanceof Promise) result.catch(() => undefined); // as below
    } catch {
      // A logger that throws must not reach the traced program, and there is nobody left to tell.
    }
  };

  return {
    debug: (message) => write("debug", message),
    info: (message) => write("info", message),
    warn: (message) => write("warn", message),
    error: (message) => write("error", message),
    warnOnce(topic, message) {
      if (open.has(topic)) return;
      open.add(topic);
      write("warn", message);
    },
    hush(topic) {
      open.add(topic);
    },
    settle(topic, message) {
      if (!open.delete(topic)) return;
      if (message !== undefined) write("info", message);
    },
  };
}
