import { isMediaKey, isMediaPart, MIN_MEDIA_LENGTH } from "./media/media-part";

/** Deeper data takes the describing path, which cuts it with a mark. */
const MAX_PLAIN_DEPTH = 32;

/**
 * Whether `JSON.stringify` renders the value faithfully: nothing but plain objects, arrays,
 * strings, booleans, null and finite numbers, no nesting beyond {@link MAX_PLAIN_DEPTH} (which also
 * ends cycles), and about `maxBytes` of it at most, everything shared counted each time.
 *
 * A `toJSON` of one object is not looked for here: no plain data has one, asking each object would
 * take as long as the rest, and what it returns is safe in the text.
 *
 * @param options.findsMedia - whether an object that holds a medium counts as plain; data URIs do
 */
export function isPlainJson(
  value: unknown,
  { maxBytes, findsMedia }: { maxBytes: number; findsMedia: boolean },
): boolean {
  // One for all objects or all lists would show in everything.
  if ((Array.prototype as { toJSON?: unknown }).toJSON !== undefined) return false;
  return remainingAfter(value, maxBytes, 0, findsMedia) >= 0;
}

/** @returns the bytes left of `budget`, negative when the value is not plain or too large */
function remainingAfter(
  value: unknown,
  budget: number,
  depth: number,
  findsMedia: boolean,
): number {
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
        ? remainingAfterArray(value, budget, depth, findsMedia)
        : remainingAfterObject(value, budget, depth, findsMedia);
    default:
      return -1;
  }
}

function remainingAfterArray(
  value: readonly unknown[],
  budget: number,
  depth: number,
  findsMedia: boolean,
): number {
  if (Object.getPrototypeOf(value) !== Array.prototype) return -1;
  let left = budget - 2 - value.length;
  for (let index = 0; index < value.length && left >= 0; index += 1) {
    left = remainingAfter(value[index], left, depth + 1, findsMedia);
  }
  return left;
}

function remainingAfterObject(
  value: object,
  budget: number,
  depth: number,
  findsMedia: boolean,
): number {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return -1;
  let left = budget - 2;
  // Nothing is inherited that would be in here; asking for own keys only takes longer.
  for (const key in value) {
    const member = (value as Record<string, unknown>)[key];
    if (typeof member === "string") {
      left -= key.length + member.length + 6;
      const maybe = findsMedia && member.length >= MIN_MEDIA_LENGTH && isMediaKey(key);
      if (maybe && isMediaPart(value)) return -1;
    } else if (member !== undefined) {
      left = remainingAfter(member, left - key.length - 4, depth + 1, findsMedia);
    }
    if (left < 0) return left;
  }
  return left;
}
