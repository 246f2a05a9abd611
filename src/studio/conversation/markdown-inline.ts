/** What stands within a line of Markdown. */
export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "strong" | "emphasis" | "strike"; readonly children: readonly Inline[] }
  /** To `http:`, `https:` or `mailto:`, and nothing else. */
  | { readonly kind: "link"; readonly url: string; readonly children: readonly Inline[] };

/** Longest distance between a mark and the one that closes it; keeps hostile texts linear. */
const MAX_SPAN = 1_000;
/** Marks looked at to find the one that closes. */
const MAX_CANDIDATES = 24;
const MAX_URL_LENGTH = 2_000;
const MAX_DEPTH = 6;

const SPECIAL = /[\\`*_~[!]|https?:\/\//g;
const PUNCTUATION = /[!-/:-@[-`{-~]/;
const WORD = /[\p{L}\p{N}_]/u;
const URL_CHARACTERS = /[^\s<>"'`|\\^{}[\]]{0,2000}/y;

/** A mark with what it makes of the text up to where it stands again. */
const MARKS = [
  { mark: "***", kind: "strong" },
  { mark: "**", kind: "strong" },
  { mark: "__", kind: "strong" },
  { mark: "~~", kind: "strike" },
  { mark: "*", kind: "emphasis" },
  { mark: "_", kind: "emphasis" },
] as const;

/** A piece of Markdown that begins at a place, and where the text goes on. */
interface Piece {
  readonly inline: Inline;
  readonly end: number;
}

/**
 * Reads the common part of Markdown's inline marks: code, strong, emphasis, strike-through, links,
 * escapes. HTML is text. What is not closed is text, as in an answer that is still streaming.
 * Spec: https://spec.commonmark.org/0.31.2/#inlines
 */
export function parseInline(text: string, depth = 0): readonly Inline[] {
  const parsed: Inline[] = [];
  let plain = "";
  let from = 0;
  const special = new RegExp(SPECIAL);
  for (let match = special.exec(text); match !== null; match = special.exec(text)) {
    const at = match.index;
    const escaped = text[at] === "\\" ? (text[at + 1] ?? "") : "";
    if (escaped !== "" && PUNCTUATION.test(escaped)) {
      plain += text.slice(from, at) + escaped;
      from = at + 2;
    } else {
      const piece = pieceAt(text, at, depth);
      if (piece === null) continue;
      plain += text.slice(from, at);
      if (plain !== "") parsed.push({ kind: "text", text: plain });
      plain = "";
      parsed.push(piece.inline);
      from = piece.end;
    }
    special.lastIndex = from;
  }
  plain += text.slice(from);
  if (plain !== "") parsed.push({ kind: "text", text: plain });
  return parsed;
}

function pieceAt(text: string, at: number, depth: number): Piece | null {
  switch (text[at]) {
    case "`":
      return codeAt(text, at);
    case "[":
      return depth < MAX_DEPTH ? linkAt(text, at, depth) : null;
    case "!":
      // A picture from elsewhere is not loaded; its address is a link.
      return text[at + 1] === "[" && depth < MAX_DEPTH ? linkAt(text, at + 1, depth) : null;
    case "h":
      return addressAt(text, at);
    default:
      return depth < MAX_DEPTH ? markedAt(text, at, depth) : null;
  }
}

function codeAt(text: string, at: number): Piece | null {
  const fence = text.startsWith("``", at) ? "``" : "`";
  const start = at + fence.length;
  const end = text.slice(start, start + MAX_SPAN).indexOf(fence);
  if (end <= 0) return null;
  const code = text.slice(start, start + end);
  if (code.includes("\n")) return null;
  const isPadded = code.startsWith(" ") && code.endsWith(" ") && code.trim() !== "";
  const inline: Inline = { kind: "code", text: isPadded ? code.slice(1, -1) : code };
  return { inline, end: start + end + fence.length };
}

function markedAt(text: string, at: number, depth: number): Piece | null {
  const found = MARKS.find(({ mark }) => text.startsWith(mark, at));
  if (found === undefined) return null;
  const { mark, kind } = found;
  const start = at + mark.length;
  const isWordMark = mark.startsWith("_");
  if (isSpace(text[start]) || (isWordMark && WORD.test(text[at - 1] ?? ""))) return null;
  const limit = Math.min(text.length, start + MAX_SPAN);
  let candidates = 0;
  for (let end = text.indexOf(mark, start + 1); end !== -1 && end < limit; ) {
    candidates += 1;
    if (candidates > MAX_CANDIDATES) return null;
    // Of a longer run of the same mark the end belongs to the outer one: `**a *b***`.
    const isRun = mark.length < 3 && text[end + mark.length] === mark[0];
    if (isRun && mark.length === 1) {
      end = text.indexOf(mark, end + 2);
      continue;
    }
    if (isRun) end += 1;
    const after = text[end + mark.length] ?? "";
    if (!isSpace(text[end - 1]) && !(isWordMark && WORD.test(after))) {
      const inner = parseInline(text.slice(start, end), depth + 1);
      const children: readonly Inline[] =
        mark.length === 3 ? [{ kind: "emphasis", children: inner }] : inner;
      return { inline: { kind, children }, end: end + mark.length };
    }
    end = text.indexOf(mark, end + 1);
  }
  return null;
}

/** `[words](address)` and `[words](address "title")`. */
function linkAt(text: string, at: number, depth: number): Piece | null {
  const middle = text.slice(at, at + MAX_SPAN).indexOf("](");
  if (middle === -1) return null;
  const start = at + middle + 2;
  const rest = text.slice(start, start + MAX_URL_LENGTH);
  let open = 0;
  let length = -1;
  for (let index = 0; index < rest.length && length === -1; index += 1) {
    if (rest[index] === "\n" || rest[index] === "[") return null;
    if (rest[index] === "(") open += 1;
    else if (rest[index] === ")" && open > 0) open -= 1;
    else if (rest[index] === ")") length = index;
  }
  if (length === -1) return null;
  const url = safeUrl(rest.slice(0, length).trim().split(/[ \t]/, 1)[0] ?? "");
  if (url === null) return null;
  const words = text.slice(at + 1, at + middle);
  const children: readonly Inline[] =
    words.trim() === ""
      ? [{ kind: "text", text: url }]
      : withoutLinks(parseInline(words, depth + 1));
  return { inline: { kind: "link", url, children }, end: start + length + 1 };
}

/** An address that stands in the text as it is. */
function addressAt(text: string, at: number): Piece | null {
  if (WORD.test(text[at - 1] ?? "")) return null;
  URL_CHARACTERS.lastIndex = at;
  const found = URL_CHARACTERS.exec(text)?.[0] ?? "";
  let length = found.length;
  while (length > 0 && isTail(found, length)) length -= 1;
  const written = found.slice(0, length);
  const url = safeUrl(written);
  if (url === null) return null;
  return {
    inline: { kind: "link", url, children: [{ kind: "text", text: written }] },
    end: at + length,
  };
}

/** Whether the last character belongs to the sentence rather than to the address in it. */
function isTail(address: string, length: number): boolean {
  const last = address[length - 1] ?? "";
  if (last === ")") return !address.slice(0, length).includes("(");
  return ".,;:!?*_~]".includes(last);
}

/** The address as the browser reads it; null for one that leads to anything but the web or a mailbox. */
export function safeUrl(address: string): string | null {
  if (!/^(?:https?:\/\/|mailto:)/i.test(address)) return null;
  try {
    return new URL(address).href;
  } catch {
    return null; // no address after all
  }
}

function withoutLinks(inlines: readonly Inline[]): readonly Inline[] {
  return inlines.flatMap((inline): readonly Inline[] => {
    if (inline.kind === "link") return withoutLinks(inline.children);
    if (inline.kind === "text" || inline.kind === "code") return [inline];
    return [{ ...inline, children: withoutLinks(inline.children) }];
  });
}

function isSpace(character: string | undefined): boolean {
  return character === undefined || character.trim() === "";
}
