import { Stream } from "node:stream";
import {
  isAnyArrayBuffer,
  isBoxedPrimitive,
  isDate,
  isMap,
  isNativeError,
  isPromise,
  isRegExp,
  isSet,
} from "node:util/types";
import { describeError } from "./describe-error";
import { className, errorName, tagOf } from "./describe-name";
import type { Described, ValueWalk } from "./describe-value";
import { isMediaKey, readMediaPart } from "./media/media-part";
import { isMedia } from "./media/media-source";

/** Items of one list, members of one object; more are left out, with a mark. */
const MAX_WIDTH = 10_000;

/** An object by what it is. May throw what the object throws. */
export function describeObject(value: object, walk: ValueWalk): Described {
  if (Array.isArray(value)) return describeArray(value, walk);
  if (isNativeError(value) || value instanceof Error) {
    return describeError(value, walk, describeRest);
  }
  if (isDate(value)) {
    return Number.isNaN(value.getTime()) ? "[invalid date]" : String(value.toISOString());
  }
  if (isRegExp(value)) return walk.text(String(value));
  if (isMap(value)) return describeMap(value, walk);
  if (isSet(value)) return describeItems(value, value.size, walk);
  const tag = tagOf(value);
  if (ArrayBuffer.isView(value) || isAnyArrayBuffer(value)) {
    const length = `[${className(value, tag)}: ${value.byteLength} bytes]`;
    return walk.text(walk.media?.bytes(value) ?? length);
  }
  if (isBoxedPrimitive(value)) return walk.describe(value.valueOf(), "valueOf()");
  // A class of streams has more members than anyone wants to read, sockets among them.
  if (isPromise(value) || value instanceof Stream) {
    return walk.text(`[${className(value, tag)}]`);
  }
  if (walk.media !== undefined && isMedia(value)) {
    const taken = walk.media.media(value);
    if (taken !== undefined) return walk.text(taken);
  }
  const platform = describePlatformObject(value, tag, walk);
  if (platform !== undefined) return platform;
  const toJson = (value as { toJSON?: unknown }).toJSON; // read once; absent on most objects
  if (typeof toJson === "function") {
    const replaced: unknown = toJson.call(value);
    // A toJSON that returns the object itself has nothing to say.
    if (replaced !== value) return walk.describe(replaced, "toJSON()");
  }
  return describeMembers(value, { tag, toJson }, walk);
}

/**
 * Objects of the web platform, by their tag: the first touch of the global `Headers`, `Request` or
 * `Response` loads fetch, which takes tens of milliseconds, and a test environment may have none.
 */
function describePlatformObject(
  value: object,
  tag: string,
  walk: ValueWalk,
): Described | undefined {
  switch (tag) {
    case "URLSearchParams":
      return walk.text(String(value));
    case "Headers":
      return isIterable(value) ? describeHeaders(value, walk) : undefined;
    case "FormData":
      return isIterable(value) ? describeItems(value, undefined, walk) : undefined;
    case "Request":
      return describeNamed(value, ["method", "url"], walk);
    case "Response":
      return describeNamed(value, ["status", "url"], walk);
    case "Blob":
    case "File": {
      if (!(value instanceof Blob)) return undefined; // any object may have such a tag
      const length = `[${tag}: ${value.type === "" ? "" : `${value.type}, `}${value.size} bytes]`;
      return walk.text(walk.media?.blob(value) ?? length);
    }
    default:
      return undefined;
  }
}

function describeArray(value: readonly unknown[], walk: ValueWalk): Described {
  const described: Described[] = [];
  const { length } = value;
  for (let index = 0; index < length; index += 1) {
    if (index >= MAX_WIDTH || walk.isFull) {
      described.push(`[cut: ${length - index} more]`);
      break;
    }
    described.push(describeMember(value, index, walk));
  }
  return described;
}

function describeItems(
  items: Iterable<unknown>,
  size: number | undefined,
  walk: ValueWalk,
): Described {
  const described: Described[] = [];
  for (const item of items) {
    if (described.length >= MAX_WIDTH || walk.isFull) {
      described.push(size === undefined ? "[cut]" : `[cut: ${size - described.length} more]`);
      break;
    }
    described.push(walk.describe(item, described.length));
  }
  return described;
}

/** @param known - what has been read of it already */
function describeMembers(
  value: object,
  { tag, toJson }: { tag: string; toJson: unknown },
  walk: ValueWalk,
): Described {
  const keys = Object.keys(value);
  const name = className(value, tag);
  // What keeps all it has to itself (a WeakMap, a class with private state) is its name.
  if (keys.length === 0 && name !== "Object") return walk.text(`[${name}]`);
  const members = createObject();
  // A class instance says what it is; its own members follow.
  if (name !== "Object") members["[class]"] = walk.text(name);
  if (keys.includes("toJSON")) members["toJSON"] = walk.describe(toJson, "toJSON");
  const { media } = walk;
  if (media === undefined || !keys.some(isMediaKey)) {
    return describeRest(value, keys, members, walk);
  }
  const others = keys.filter((key) => !(key in members));
  const read = readMembers(value, others.slice(0, MAX_WIDTH));
  const part = readMediaPart(read);
  const taken =
    typeof part?.content === "string"
      ? media.base64(part.content, part.contentType)
      : part && media.bytes(part.content, part.contentType);
  if (part !== undefined && taken !== undefined) read[part.key] = taken;
  return describeRest(read, others, members, walk);
}

/** Each member once, so that it can be looked at more often. */
function readMembers(value: object, keys: readonly string[]): Record<string, unknown> {
  const read = Object.create(null) as Record<string, unknown>; // Object.create is typed any
  for (const key of keys) {
    try {
      read[key] = (value as Record<string, unknown>)[key]; // `key` is one of its own keys
    } catch (error) {
      read[key] = `[getter threw: ${errorName(error)}]`;
    }
  }
  return read;
}

/** Adds the members under `keys`, as far as there is room and they are not there yet. */
function describeRest(
  value: object,
  keys: readonly string[],
  members: { [key: string]: Described },
  walk: ValueWalk,
): Described {
  for (const [index, key] of keys.entries()) {
    if (index >= MAX_WIDTH || walk.isFull) {
      members["[cut]"] = `${keys.length - index} more`;
      break;
    }
    if (key in members) continue;
    members[walk.text(key)] = describeMember(value, key, walk);
  }
  return members;
}

function describeNamed(value: object, keys: readonly string[], walk: ValueWalk): Described {
  return describeRest(value, keys, createObject(), walk);
}

function describeMember(value: object, key: string | number, walk: ValueWalk): Described {
  let member: unknown;
  try {
    member = (value as Record<string | number, unknown>)[key]; // `key` is one of its own keys
  } catch (error) {
    return walk.text(`[getter threw: ${errorName(error)}]`);
  }
  return walk.describe(member, key);
}

function describeMap(map: Map<unknown, unknown>, walk: ValueWalk): Described {
  return hasStringKeys(map) ? describeEntries(map, walk) : describeItems(map, map.size, walk);
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

function describeHeaders(headers: Iterable<unknown>, walk: ValueWalk): Described {
  const entries: [string, unknown][] = [];
  for (const entry of headers) {
    // Anything may carry the tag of Headers.
    if (!Array.isArray(entry) || entries.length > MAX_WIDTH) break;
    entries.push([String(entry[0]), entry[1]]);
  }
  return describeEntries(entries, walk);
}

function describeEntries(
  entries: Iterable<readonly [string, unknown]>,
  walk: ValueWalk,
): Described {
  const members = createObject();
  let count = 0;
  for (const [key, member] of entries) {
    count += 1;
    if (count > MAX_WIDTH || walk.isFull) {
      members["[cut]"] = "more entries";
      break;
    }
    members[walk.text(key)] = walk.describe(member, key);
  }
  return members;
}

/** `__proto__` is an ordinary key on an object without a prototype. */
function createObject(): { [key: string]: Described } {
  return Object.create(null) as { [key: string]: Described }; // Object.create is typed any
}

function isIterable(value: object): value is Iterable<unknown> {
  return typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] === "function";
}
