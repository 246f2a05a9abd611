/** Deeper data takes the describing path, which cuts it with a mark. */
const MAX_PLAIN_DEPTH = 32;

/**
 * Whether `JSON.stringify` renders the value faithfully: nothing but plain objects, arrays,
 * strings, booleans, null and finite numbers, no sharing of depth beyond {@link MAX_PLAIN_DEPTH}
 * (which also ends cycles), and about `maxBytes` of it at most.
 */
export function isPlainJson(value: unknown, maxBytes: number): boolean {
  return remainingAfter(value, maxBytes, 0) >= 0;
}

/** @returns the bytes left of `budget`, negative when the value is not plain or too large */
function remainingAfter(value: unknown, budget: number, depth: number): number {
  switch (typeof value) {
    case "string":
      return budget - value.length - 2;
    case "number":
      return Number.isFinite(value) ? budget - 8 : -1;
    case "boolean":
      return budget - 5;
    case "object":
      if (value === null) return budget - 4;
      if (depth >= MAX_PLAIN_DEPTH) return -1;
      return Array.isArray(value)
        ? remainingAfterArray(value, budget, depth)
        : remainingAfterObject(value, budget, depth);
    default:
      return -1;
  }
}

function remainingAfterArray(value: readonly unknown[], budget: number, depth: number): number {
  if (Object.getPrototypeOf(value) !== Array.prototype || hasToJson(value)) return -1;
  let left = budget - 2 - value.length;
  for (let index = 0; index < value.length && left >= 0; index += 1) {
    left = remainingAfter(value[index], left, depth + 1);
  }
  return left;
}

function remainingAfterObject(value: object, budget: number, depth: number): number {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return -1;
  if (hasToJson(value)) return -1;
  let left = budget - 2;
  for (const key of Object.keys(value)) {
    // Object.keys gives own keys of `value`; reading one runs a getter once more than JSON.stringify would.
    const member = (value as Record<string, unknown>)[key];
    if (member === undefined) continue; // JSON.stringify leaves it out, too
    left = remainingAfter(member, left - key.length - 4, depth + 1);
    if (left < 0) return left;
  }
  return left;
}

/** Asks as `JSON.stringify` does, by reading: a proxy may have a member that `in` does not see. */
function hasToJson(value: object): boolean {
  return (value as { toJSON?: unknown }).toJSON !== undefined;
}
