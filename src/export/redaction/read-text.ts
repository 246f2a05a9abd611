/** Any value as the text that goes out; undefined for what is left out. */
export type ReadText = (value: unknown) => string | undefined;

/** An object of texts, as metadata is. */
export function readEntries(
  given: unknown,
  read: ReadText,
): ReadonlyMap<string, string> | undefined {
  if (typeof given !== "object" || given === null) return undefined;
  const entries = new Map<string, string>();
  for (const [key, value] of Object.entries(given)) {
    const text = read(value);
    if (text !== undefined) entries.set(key, text);
  }
  return entries;
}
