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

/**
 * Calls a hook of the user's. One that is async by mistake must not end the process with its
 * rejection.
 * @returns what the hook returns, or undefined when it threw
 */
export function callHook<T>(diagnostics: Diagnostics, hook: () => T): T | undefined {
  const result = guard(diagnostics, hook);
  if (result instanceof Promise) result.catch((error) => reportDefect(diagnostics, error));
  return result;
}

/** Reports an error that the SDK swallowed. Names the error's kind and place, never its content. */
export function reportDefect(diagnostics: Diagnostics, error: unknown): void {
  const message = `Tracing failed inside Playhead (${describeDefect(error)}); your call went on untouched.`;
  diagnostics.warnOnce(message, message);
}

function describeDefect(error: unknown): string {
  try {
    if (!(error instanceof Error)) return typeof error;
    const where = firstFrame(error);
    return where === undefined ? String(error.name) : `${String(error.name)} ${where}`;
  } catch {
    return "unreadable error"; // what a hook throws may itself throw when it is looked at
  }
}

/** The stack's first line after the message, which may be content and have lines of its own. */
function firstFrame({ stack, message }: Error): string | undefined {
  if (typeof stack !== "string") return undefined; // Error.prepareStackTrace may give anything
  const messageAt = stack.indexOf(message);
  if (messageAt === -1) return undefined;
  const frame = /^\s+(at .*)$/m.exec(stack.slice(messageAt + message.length));
  return frame?.[1];
}
