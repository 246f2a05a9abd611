import type { Logger } from "../../src/diagnostics/logger";

export interface RecordingLogger extends Logger {
  readonly lines: readonly string[];
}

/** Keeps what the SDK says instead of printing it. */
export function createRecordingLogger(): RecordingLogger {
  const lines: string[] = [];
  const keep = (message: string): void => {
    lines.push(message);
  };
  return { lines, debug: keep, info: keep, warn: keep, error: keep };
}
