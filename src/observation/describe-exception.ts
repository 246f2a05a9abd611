import { isNativeError } from "node:util/types";
import type { ExceptionRecord } from "../attributes/span-record";
import type { FieldReader } from "./field-reader";

/** Errors within an error (causes, and those of an aggregate) beyond this are left out of the stack. */
const MAX_ERRORS = 9;

/**
 * An error, or whatever was thrown, as an exception record. The thrown object is only read, whatever
 * it does when it is. Total.
 * Spec: https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-spans/
 */
export function describeException(
  thrown: unknown,
  timeMs: number,
  reader: FieldReader,
): ExceptionRecord {
  if (!isError(thrown)) {
    const message = reader.text(thrown) ?? String(thrown); // undefined and null are no text
    const type = thrown === null ? "null" : typeof thrown;
    return { timeMs, type, message, stacktrace: undefined };
  }
  const type = reader.string("error.name", readText(thrown, "name")) ?? "Error";
  return {
    timeMs,
    type,
    message: reader.text(readText(thrown, "message")) || type,
    stacktrace: reader.text(stackWithCauses(thrown, reader)),
  };
}

/** Of this realm or another one, or what stands in for one: an object with a message and a name or stack. */
function isError(thrown: unknown): thrown is object {
  if (typeof thrown !== "object" || thrown === null) return false;
  if (isNativeError(thrown)) return true;
  const hasMessage = readText(thrown, "message") !== undefined;
  const isNamed = readText(thrown, "stack") !== undefined || readText(thrown, "name") !== undefined;
  return (hasMessage && isNamed) || isInstanceOfError(thrown);
}

function isInstanceOfError(thrown: object): boolean {
  try {
    return thrown instanceof Error;
  } catch {
    return false; // a proxy that throws when it is looked at
  }
}

/** The stacks of the error, of what caused it, and of what an aggregate is made of. */
function stackWithCauses(error: object, reader: FieldReader): string | undefined {
  const seen = new Set<unknown>();
  const stacks: string[] = [];
  const visit = (thrown: unknown, introduction: string): void => {
    if (thrown === undefined || seen.has(thrown) || seen.size >= MAX_ERRORS) return;
    seen.add(thrown);
    stacks.push(introduction + describeOne(thrown, reader));
    if (!isError(thrown)) return;
    const errors = readMember(thrown, "errors");
    if (Array.isArray(errors)) for (const inner of errors) visit(inner, "Containing: ");
    visit(readMember(thrown, "cause"), "Caused by: ");
  };
  visit(error, "");
  return stacks.join("\n") || undefined;
}

function describeOne(thrown: unknown, reader: FieldReader): string {
  if (!isError(thrown)) return reader.text(thrown) ?? String(thrown);
  const stack = readText(thrown, "stack");
  if (stack !== undefined && stack !== "") return stack;
  const name = readText(thrown, "name") || "Error";
  const message = readText(thrown, "message");
  return message ? `${name}: ${message}` : name;
}

/** @returns undefined where reading throws or gives no string */
function readText(error: object, key: string): string | undefined {
  const value = readMember(error, key);
  return typeof value === "string" ? value : undefined;
}

/** @returns undefined where reading throws: an error whose own members throw still counts as one */
function readMember(error: object, key: string): unknown {
  try {
    return (error as Record<string, unknown>)[key]; // any object may be asked
  } catch {
    return undefined;
  }
}
