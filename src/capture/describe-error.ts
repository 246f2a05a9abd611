import { nameOf } from "./describe-name";
import type { Described, ValueWalk } from "./describe-value";

type Members = { [key: string]: Described };

/**
 * An error as its name, message, stack, cause, inner errors and own members. A member that throws is
 * left out, so that the others are seen.
 * @param describeRest - adds the own members under the keys that are given
 */
export function describeError(
  error: Error,
  walk: ValueWalk,
  describeRest: (error: Error, keys: string[], members: Members, walk: ValueWalk) => Described,
): Described {
  const members = Object.create(null) as Members; // Object.create is typed any
  members["name"] = walk.text(nameOf(error) || "Error");
  members["message"] = walk.text(textOf(() => error.message));
  const stack = textOf(() => error.stack);
  if (stack !== "") members["stack"] = walk.text(stack);
  for (const key of ["cause", "errors"] as const) {
    const inner = read(() => (error as Partial<Record<typeof key, unknown>>)[key]);
    if (inner !== undefined) members[key] = walk.describe(inner, key);
  }
  const ownKeys = read(() => Object.keys(error)) ?? [];
  const isTaken = new Set(["name", "message", "stack", "cause", "errors"]);
  const otherKeys = ownKeys.filter((key) => !isTaken.has(key));
  return describeRest(error, otherKeys, members, walk);
}

function textOf(member: () => unknown): string {
  const text = read(member);
  return text === undefined || typeof text === "object" || typeof text === "symbol"
    ? ""
    : String(text);
}

function read<T>(member: () => T): T | undefined {
  try {
    return member();
  } catch {
    return undefined; // a getter or proxy that refuses
  }
}
