import { types } from "node:util";
import { cutText } from "./text-limit";

/** Bounds of a description; beyond them a mark stands in for what was left out. */
const MAX_DEPTH = 32;
const MAX_WIDTH = 10_000;
const MAX_CAUSE_DEPTH = 8;
/** Kept free behind a text that was cut, for the quotes and brackets that follow. */
const CLOSING_BYTES = 128;

/** What JSON can hold. */
export type Described =
  | string
  | number
  | boolean
  | null
  | Described[]
  | { [key: string]: Described };

/**
 * Rebuilds any value from what JSON can hold, saying by marks in brackets what JSON has no word
 * for: `[circular]`, `[function name]`, `[Uint8Array: 12 bytes]`. Maps become objects (or entry
 * lists), sets arrays, errors their name, message, stack and cause. Never throws.
 *
 * Ownership: the result is new throughout; the input is only read, each property at most once.
 */
export function describeValue(value: unknown, { budgetBytes }: { budgetBytes: number }): Described {
  return describe(value, { left: budgetBytes, ancestors: new Set() }, 0);
}

interface Walk {
  /** Bytes of text still worth describing; what comes after is cut by the caller anyway. */
  left: number;
  /** Objects between the root and here: meeting one again is a cycle. Shared ones are repeated. */
  readonly ancestors: Set<object>;
}

function describe(value: unknown, walk: Walk, depth: number): Described {
  walk.left -= 2;
  switch (typeof value) {
    case "string":
      return describeText(value, walk);
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "boolean":
      return value;
    case "bigint":
      return describeText(value.toString(), walk);
    case "symbol":
      return describeText(`[${value.toString()}]`, walk);
    case "function":
      return describeText(`[function ${safely(() => String(value.name)) || "anonymous"}]`, walk);
    case "undefined":
      return null;
    case "object":
      return value === null ? null : describeObject(value, walk, depth);
  }
}

/**
 * Text beyond what is left would be rendered only to be cut: it is cut here, so that its own mark
 * shows how much is gone and what stands around it still closes.
 */
function describeText(text: string, walk: Walk): string {
  let kept = text;
  if (text.length > walk.left) {
    const room = Math.max(0, walk.left - CLOSING_BYTES);
    kept = cutText(text, room);
    // Escapes take room, too: cut again in proportion.
    const writtenBytes = Buffer.byteLength(JSON.stringify(kept));
    if (writtenBytes > room) kept = cutText(text, Math.floor((room * room) / writtenBytes));
  }
  walk.left -= kept.length;
  return kept;
}

function describeObject(value: object, walk: Walk, depth: number): Described {
  if (walk.ancestors.has(value)) return "[circular]";
  if (depth >= MAX_DEPTH) return "[too deep]";
  if (walk.left < 0) return "[cut]";
  walk.ancestors.add(value);
  try {
    return describeByKind(value, walk, depth);
  } catch (error) {
    return `[unreadable: ${errorName(error)}]`;
  } finally {
    walk.ancestors.delete(value);
  }
}

function describeByKind(value: object, walk: Walk, depth: number): Described {
  if (Array.isArray(value)) return describeList(value, value.length, walk, depth);
  if (types.isNativeError(value) || value instanceof Error)
    return describeError(value, walk, depth);
  if (types.isDate(value)) {
    return Number.isNaN(value.getTime()) ? "[invalid date]" : value.toISOString();
  }
  if (types.isRegExp(value)) return describeText(String(value), walk);
  if (types.isMap(value)) return describeMap(value, walk, depth);
  if (types.isSet(value)) return describeList(value.values(), value.size, walk, depth);
  if (ArrayBuffer.isView(value)) return `[${className(value)}: ${value.byteLength} bytes]`;
  if (types.isAnyArrayBuffer(value)) return `[${className(value)}: ${value.byteLength} bytes]`;
  if (types.isBoxedPrimitive(value)) return describe(value.valueOf(), walk, depth + 1);
  if (types.isPromise(value)) return "[Promise]";
  const platform = describePlatformObject(value, walk, depth);
  if (platform !== undefined) return platform;
  const toJson = (value as { toJSON?: unknown }).toJSON; // read once; absent on most objects
  if (typeof toJson === "function") {
    const replaced: unknown = toJson.call(value);
    // A toJSON that returns the object itself would go round for ever.
    if (replaced !== value) return describe(replaced, walk, depth + 1);
  }
  return describeMembers(value, walk, depth);
}

/**
 * Objects of the web platform, by their tag: the first touch of the global `Headers`, `Request` or
 * `Response` loads fetch, which takes tens of milliseconds, and a test environment may have none.
 */
function describePlatformObject(value: object, walk: Walk, depth: number): Described | undefined {
  switch (Object.prototype.toString.call(value)) {
    case "[object URLSearchParams]":
      return describeText(String(value), walk);
    case "[object Headers]":
      return describeEntries(value as Iterable<[string, string]>, walk, depth); // as the tag says
    case "[object Request]":
      return describeNamed(value, ["method", "url"], walk, depth);
    case "[object Response]":
      return describeNamed(value, ["status", "url"], walk, depth);
    default:
      return undefined;
  }
}

function describeNamed(
  value: object,
  keys: readonly string[],
  walk: Walk,
  depth: number,
): Described {
  const members = createObject();
  for (const key of keys) members[key] = describeMember(value, key, walk, depth);
  return members;
}

function describeList(
  items: Iterable<unknown>,
  length: number,
  walk: Walk,
  depth: number,
): Described[] {
  const described: Described[] = [];
  for (const item of items) {
    if (described.length >= MAX_WIDTH || walk.left < 0) {
      described.push(`[cut: ${length - described.length} more]`);
      break;
    }
    described.push(describe(item, walk, depth + 1));
  }
  return described;
}

function describeMembers(value: object, walk: Walk, depth: number): Described {
  const members = createObject();
  const name = className(value);
  // A class instance says what it is; its own members follow.
  if (name !== "Object") members["[class]"] = name;
  const keys = Object.keys(value);
  for (const [index, key] of keys.entries()) {
    if (index >= MAX_WIDTH || walk.left < 0) {
      members["[cut]"] = `${keys.length - index} more`;
      break;
    }
    walk.left -= key.length;
    members[key] = describeMember(value, key, walk, depth);
  }
  return members;
}

function describeMember(value: object, key: string, walk: Walk, depth: number): Described {
  let member: unknown;
  try {
    member = (value as Record<string, unknown>)[key]; // `key` is one of its own keys
  } catch (error) {
    return `[getter threw: ${errorName(error)}]`;
  }
  return describe(member, walk, depth + 1);
}

function describeMap(map: Map<unknown, unknown>, walk: Walk, depth: number): Described {
  if (hasStringKeys(map)) return describeEntries(map, walk, depth);
  return describeList(map.entries(), map.size, walk, depth);
}

/** As far as the map will be described at all. */
function hasStringKeys(map: Map<unknown, unknown>): map is Map<string, unknown> {
  let count = 0;
  for (const key of map.keys()) {
    if (typeof key !== "string") return false;
    count += 1;
    if (count > MAX_WIDTH) break;
  }
  return true;
}

function describeEntries(
  entries: Iterable<readonly [string, unknown]>,
  walk: Walk,
  depth: number,
): Described {
  const members = createObject();
  let count = 0;
  for (const [key, member] of entries) {
    count += 1;
    if (count > MAX_WIDTH || walk.left < 0) {
      members["[cut]"] = "more entries";
      break;
    }
    walk.left -= key.length;
    members[key] = describe(member, walk, depth + 1);
  }
  return members;
}

function describeError(error: Error, walk: Walk, depth: number): Described {
  const members = createObject();
  members["name"] = describeText(safely(() => String(error.name)) || "Error", walk);
  members["message"] = describeText(
    safely(() => String(error.message)),
    walk,
  );
  const stack = safely(() => (typeof error.stack === "string" ? error.stack : ""));
  if (stack) members["stack"] = describeText(stack, walk);
  if (depth < MAX_CAUSE_DEPTH) {
    for (const key of ["cause", "errors"] as const) {
      const inner = safely<unknown>(() => (error as Partial<Record<typeof key, unknown>>)[key]);
      if (inner !== undefined && inner !== "") members[key] = describe(inner, walk, depth + 1);
    }
  }
  for (const key of safely(() => Object.keys(error)) || []) {
    if (!(key in members)) members[key] = describeMember(error, key, walk, depth);
  }
  return members;
}

/** `__proto__` is an ordinary key on an object without a prototype. */
function createObject(): { [key: string]: Described } {
  return Object.create(null) as { [key: string]: Described }; // Object.create is typed any
}

function className(value: object): string {
  const name = safely(() => (value as { constructor?: { name?: unknown } }).constructor?.name);
  return typeof name === "string" && name !== "" ? name : "Object";
}

function errorName(error: unknown): string {
  return error instanceof Error ? safely(() => String(error.name)) || "Error" : typeof error;
}

/** @returns what `read` gives, or "" when it throws */
function safely<T>(read: () => T): T | "" {
  try {
    return read();
  } catch {
    return ""; // unreadable parts are left out; the rest is described
  }
}
