const [QUOTE, COMMA, BRACKET, BACKSLASH, BRACE] = [0x22, 0x2c, 0x5b, 0x5c, 0x7b];

/**
 * Opening brackets and commas of a JSON text, outside of its strings: about as many as it has objects, lists and
 * members of them. They are looked at before it is parsed, since `JSON.parse` makes tens of bytes of
 * each `{},`.
 */
export function countJsonSigns(json: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < json.length; at++) {
    const sign = json[at];
    if (sign === QUOTE) at = endOfString(json, at);
    else if (sign === COMMA || sign === BRACKET || sign === BRACE) count++;
  }
  return count;
}

export function hasMoreJsonSigns(json: Uint8Array, max: number): boolean {
  return json.length > max && countJsonSigns(json) > max;
}

/** Position of the closing quote; the end of the text where there is none. */
function endOfString(json: Uint8Array, start: number): number {
  for (let end = json.indexOf(QUOTE, start + 1); end !== -1; end = json.indexOf(QUOTE, end + 1)) {
    let first = end;
    while (json[first - 1] === BACKSLASH) first--;
    if ((end - first) % 2 === 0) return end;
  }
  return json.length;
}
