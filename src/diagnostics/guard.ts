import type { Diagnostics } from "./logger";

/**
 * Runs telemetry code at the edge of the user's code: what it throws is a defect of ours (or of a
 * hook), is reported once per message, and goes no further.
 * @returns what `work` returns, or undefined when it threw
 */
export function guard<T>(diagnostics: Diagnostics, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    reportDefect(diagnostics, error);
    return undefined;
  }
}

/** Reports an error that the SDK swallowed. Names the error's kind and place, never its content. */
export function reportDefect(diagnostics: Diagnostics, error: unknown): void {
  const where = error instanceof Error ? (error.stack ?? "").split("\n")[1]?.trim() : undefined;
  const kind = error instanceof Error ? error.name : typeof error;
  const message = `Tracing failed inside Playhead (${kind}${where ? ` ${where}` : ""}); your call went on untouched.`;
  diagnostics.warnOnce(message, message);
}
