/** Stands for what UTF-8 or a database has no room for. */
const REPLACEMENT = "\ufffd";

/** How `JSON.stringify` writes NUL and halves of surrogate pairs. Other escapes are taken in pairs, so that `\\u0000` stays. */
const UNCLEAN_JSON = /\\u(?:0000|d[89a-f])/;
const JSON_ESCAPE = /\\(u0000|ud[89a-f][0-9a-f]{2}|.)/gs;

/**
 * Replaces halves of surrogate pairs, which UTF-8 cannot hold, and NUL, which PostgreSQL refuses, by
 * U+FFFD. As many UTF-16 units come out as went in.
 */
export function cleanText(text: string): string {
  const wellFormed = text.toWellFormed();
  return wellFormed.includes("\0") ? wellFormed.replaceAll("\0", REPLACEMENT) : wellFormed;
}

/**
 * The same for what `JSON.stringify` wrote, where both are escapes.
 * Spec: https://tc39.es/ecma262/#sec-quotejsonstring
 */
export function cleanJson(json: string): string {
  if (!json.includes("\\u") || !UNCLEAN_JSON.test(json)) return json; // the former is faster
  return json.replace(JSON_ESCAPE, (whole, code: string) =>
    code.length > 1 ? REPLACEMENT : whole,
  );
}
