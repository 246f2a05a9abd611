import type { ExceptionRecord } from "../attributes/span-record";
import type { FieldReader } from "./field-reader";

/** Causes of causes beyond this are left out of the stack. */
const MAX_CAUSES = 8;

/**
 * An error, or whatever was thrown, as an exception record; the thrown object is only read.
 * Spec: https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-spans/
 */
export function describeException(
  thrown: unknown,
  timeMs: number,
  reader: FieldReader,
): ExceptionRecord {
  if (!(thrown instanceof Error)) {
    const message = reader.text(thrown) ?? String(thrown);
    return { timeMs, type: typeof thrown, message, stacktrace: undefined };
  }
  const type =
    reader.string(
      "error.name",
      read(() => thrown.name),
    ) ?? "Error";
  return {
    timeMs,
    type,
    message: reader.text(read(() => thrown.message)) || type,
    stacktrace: reader.text(stackWithCauses(thrown)),
  };
}

function stackWithCauses(error: Error): string | undefined {
  const stacks: string[] = [];
  const seen = new Set<unknown>();
  let next: unknown = error;
  while (next instanceof Error && !seen.has(next) && stacks.length <= MAX_CAUSES) {
    const current: Error = next;
    seen.add(current);
    stacks.push(read(() => current.stack) ?? `${read(() => current.name) ?? "Error"}`);
    next = readCause(current);
  }
  const text = stacks.join("\nCaused by: ");
  return text === "" ? undefined : text;
}

function readCause(error: Error): unknown {
  try {
    return error.cause;
  } catch {
    return undefined; // an unreadable cause is left out
  }
}

/** @returns undefined where reading throws or gives no string */
function read(get: () => unknown): string | undefined {
  try {
    const value = get();
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined; // an error whose own members throw still counts as an error
  }
}
