/** Names as they are used for kinds of tokens: JSON has them as they are. */
const PLAIN_NAME = /^[\w.-]{1,64}$/;
/** Names and what stands before their numbers. The same few come again and again. */
const heads = new Map<string, string>();
const MAX_HEADS = 256;
const MAX_COUNTS = 64;

/**
 * JSON text of an object that holds a few finite numbers only, as usage and cost do. `JSON.stringify`,
 * and looking at what it may not be given, take three times as long.
 * @returns undefined for anything else, and for names that are not plain
 */
export function countsJson(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const isPlain = Object.getPrototypeOf(value) === Object.prototype && !Array.isArray(value);
  if (!isPlain || (value as { toJSON?: unknown }).toJSON !== undefined) return undefined;
  const names = Object.keys(value);
  if (names.length > MAX_COUNTS) return undefined;
  let json = "";
  for (const name of names) {
    const count: unknown = (value as Record<string, unknown>)[name]; // one of its own
    const head = heads.get(name) ?? addHead(name);
    if (typeof count !== "number" || !Number.isFinite(count) || head === undefined)
      return undefined;
    json += (json === "" ? "{" : ",") + head + count;
  }
  return json === "" ? "{}" : `${json}}`;
}

function addHead(name: string): string | undefined {
  if (!PLAIN_NAME.test(name)) return undefined;
  const head = `"${name}":`;
  if (heads.size < MAX_HEADS) heads.set(name, head);
  return head;
}
