import type { Attributes, AttributeValue } from "../otlp-types";

/** Items of a list that are read, so that a hostile index does not make a huge list. */
const MAX_ITEMS = 10_001;

/** Levels below an item that become structures; the rest of a longer key stays one key. */
const MAX_LEVELS = 16;

/** A level of the tree of keys: a value where the key ends, levels below where it goes on. */
interface Level {
  value: AttributeValue | undefined;
  readonly below: Map<string, Level>;
}

/**
 * Rebuilds a list that is written as one attribute per leaf: `<prefix>.0.role`,
 * `<prefix>.0.tool_calls.0.name`. What is missing leaves no hole. `<prefix>.0` alone is the
 * item's `content`. Undefined when there is none.
 */
export function numberedList(
  attributes: Attributes,
  prefix: string,
): readonly AttributeValue[] | undefined {
  const root: Level = { value: undefined, below: new Map() };
  for (const [key, value] of attributes) {
    if (!key.startsWith(prefix) || key[prefix.length] !== ".") continue;
    const parts = key.slice(prefix.length + 1).split(".");
    if (!isIndex(parts[0] ?? "")) continue;
    if (parts.length === 1) parts.push("content");
    if (parts.length > MAX_LEVELS) parts.push(parts.splice(MAX_LEVELS - 1).join("."));
    levelAt(root, parts).value = value;
  }
  return root.below.size === 0 ? undefined : itemsOf(root);
}

function levelAt(root: Level, path: readonly string[]): Level {
  let level = root;
  for (const part of path) {
    const next = level.below.get(part) ?? { value: undefined, below: new Map() };
    level.below.set(part, next);
    level = next;
  }
  return level;
}

function isIndex(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) < MAX_ITEMS;
}

function contentOf(level: Level): AttributeValue {
  if (level.below.size === 0) return level.value ?? null;
  if ([...level.below.keys()].every(isIndex)) return itemsOf(level);
  return new Map([...level.below].map(([key, inner]) => [key, contentOf(inner)]));
}

function itemsOf({ below }: Level): AttributeValue[] {
  return [...below].sort(([a], [b]) => Number(a) - Number(b)).map(([, level]) => contentOf(level));
}
