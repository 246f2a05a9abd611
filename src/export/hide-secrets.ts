/** What a text says, on one layer of JSON strings in JSON strings. */
interface Layer {
  readonly text: string;
  /** Where each unit of it begins in the text outside of all layers, and where the last one ends. */
  readonly starts: readonly number[];
}

/** Spec: https://www.rfc-editor.org/rfc/rfc8259#section-7 */
const ESCAPE = /\\u[\da-fA-F]{4}|\\["\\/bfnrt]/g;
const TOKEN = new RegExp(`${ESCAPE.source}|.`, "gs");

const CONTROLS: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** A server that passes on the answer of another, which does so, too. */
const MAX_LAYERS = 4;

/**
 * Prepares the function that puts `...` in place of secrets in a text, however JSON spells them: servers
 * differ in what they escape, and whoever reads the JSON has the secret again. JSON stays JSON, unless
 * a secret has a quotation mark. By hand: a pattern as long as a secret may not compile, and the error
 * would say it.
 */
export function createSecretHider(secrets: readonly string[]): (text: string) => string {
  const sought = secrets.filter((secret) => secret !== "");
  return (text) => (isAnyIn(text, sought) ? withoutAny(text, sought) : text);
}

function isAnyIn(text: string, secrets: readonly string[]): boolean {
  let inside = text;
  for (let count = 0; count < MAX_LAYERS; count += 1) {
    if (secrets.some((secret) => inside.includes(secret))) return true;
    if (!inside.includes("\\")) return false;
    inside = inside.replace(ESCAPE, unitOf);
  }
  return false;
}

function withoutAny(text: string, secrets: readonly string[]): string {
  const hidden = new Uint8Array(text.length);
  const outside = { text, starts: Array.from({ length: text.length + 1 }, (_, at) => at) };
  const tokens = unescaped(outside);
  let layer: Layer = outside;
  for (let count = 0; count < MAX_LAYERS; count += 1) {
    for (const secret of secrets) markAll(secret, layer, hidden);
    if (!layer.text.includes("\\")) break;
    layer = layer === outside ? tokens : unescaped(layer);
  }
  return withoutHidden(text, tokens.starts, hidden);
}

function unescaped({ text, starts }: Layer): Layer {
  const tokens = text.match(TOKEN) ?? [];
  let at = 0;
  const inside = tokens.map((token) => {
    const start = starts[at] ?? 0;
    at += token.length;
    return start;
  });
  inside.push(starts[at] ?? 0);
  return { text: tokens.map(unitOf).join(""), starts: inside };
}

/** Of an escape or a unit as it is. */
function unitOf(token: string): string {
  const sign = token.charAt(1);
  if (sign === "u") return String.fromCharCode(Number.parseInt(token.slice(2), 16));
  return (CONTROLS[sign] ?? sign) || token;
}

function markAll(secret: string, { text, starts }: Layer, hidden: Uint8Array): void {
  for (let at = text.indexOf(secret); at !== -1; at = text.indexOf(secret, at + secret.length)) {
    hidden.fill(1, starts[at], starts[at + secret.length]);
  }
}

/** Whole tokens: what is left of half an escape would be no JSON. */
function withoutHidden(text: string, starts: readonly number[], hidden: Uint8Array): string {
  const parts: string[] = [];
  let shownFrom = 0;
  let index = 0;
  for (let at = hidden.indexOf(1); at !== -1; at = hidden.indexOf(1, shownFrom)) {
    const past = hidden.indexOf(0, at);
    const end = past === -1 ? text.length : past;
    while ((starts[index + 1] ?? end) <= at) index += 1;
    parts.push(text.slice(shownFrom, starts[index]));
    while ((starts[index] ?? end) < end) index += 1;
    shownFrom = starts[index] ?? end;
  }
  return [...parts, text.slice(shownFrom)].join("...");
}
