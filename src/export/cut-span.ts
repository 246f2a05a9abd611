import { cutBytes } from "./cut-bytes";
import { ANY_VALUE, ARRAY_ITEM, EVENT, KEY_VALUE, SPAN, STATUS } from "./otlp-tags";
import { ProtobufReader } from "./protobuf-reader";
import { framedLength, varintLength, writeVarint } from "./protobuf-writer";
import type { ReleasedSpan } from "./released-span";

/** Shorter texts are never cut: ids, names and counts keep their meaning. In bytes. */
export const MIN_CUT_BYTES = 256;

/**
 * The same span with its longest texts cut so that it fits, each with the mark of a cut: input,
 * output, metadata, stack traces, whatever is longest. All that are cut end up about equally long;
 * everything else stays byte for byte.
 * @param maxBytes - bound of the result's `byteLength`
 * @returns the span itself when it fits; undefined when it cannot, or when its bytes are no span
 */
export function cutSpan(span: ReleasedSpan, maxBytes: number): ReleasedSpan | undefined {
  if (span.byteLength <= maxBytes) return span;
  const texts: Text[] = [];
  let fields: Part[];
  let traceFields: Part[];
  try {
    fields = readParts(span.body, SPAN_SHAPE, texts);
    traceFields = readParts(span.traceAttributes, SPAN_SHAPE, texts);
  } catch {
    return undefined; // damaged on its way through a file: there is nothing to keep
  }
  const level = cutLevel(texts, span.byteLength - maxBytes);
  if (level === undefined) return undefined;
  for (const text of texts) {
    if (text.content.length > level) text.cut = cutBytes(text.content, level);
  }
  const body = Buffer.concat(fields.map(writePart));
  const traceAttributes = Buffer.concat(traceFields.map(writePart));
  const byteLength = framedLength(body.length + traceAttributes.length);
  return { body, traceAttributes, whole: undefined, isRoot: span.isRoot, byteLength };
}

/**
 * The greatest length that frees enough bytes when no text is longer. The prefixes that hold lengths
 * only shrink with what they count, so they need no part in the sum.
 */
function cutLevel(texts: readonly Text[], excessBytes: number): number | undefined {
  const lengths = texts.map(({ content }) => content.length).sort((a, b) => b - a);
  let longestBytes = 0;
  for (const [index, length] of lengths.entries()) {
    longestBytes += length;
    // Where the `index + 1` longest end up when only they are cut; if above the next one, that holds.
    const level = Math.floor((longestBytes - excessBytes) / (index + 1));
    if (level >= (lengths[index + 1] ?? 0)) return level >= MIN_CUT_BYTES ? level : undefined;
  }
  return undefined;
}

/**
 * A message as far as it matters here; bytes in between are `Buffer`s that nobody looks into.
 *
 *     Span ─┬─ name, status message: Text
 *           └─ attribute: Nested ─ value: Nested ─┬─ Text
 *                                                 └─ array: Nested ─ item: Nested ─ Text
 */
type Part = Buffer | Text | Nested;

interface Text {
  readonly tag: number;
  /** As it came, with tag and length. */
  readonly whole: Buffer;
  readonly content: Buffer;
  /** What takes the content's place. */
  cut: Buffer | undefined;
}

interface Nested {
  readonly tag: number;
  readonly whole: Buffer;
  readonly parts: readonly Part[];
}

/** By tag: a text, or the shape of the message within. */
interface Shape {
  readonly [tag: number]: "text" | Shape;
}

const ARRAY_SHAPE: Shape = { [ARRAY_ITEM]: { [ANY_VALUE.string]: "text" } };
const KEY_VALUE_SHAPE: Shape = {
  [KEY_VALUE.value]: { [ANY_VALUE.string]: "text", [ANY_VALUE.array]: ARRAY_SHAPE },
};
const SPAN_SHAPE: Shape = {
  [SPAN.name]: "text",
  [SPAN.attributes]: KEY_VALUE_SHAPE,
  [SPAN.events]: { [EVENT.attributes]: KEY_VALUE_SHAPE },
  [SPAN.status]: { [STATUS.message]: "text" },
};

/** @param texts - takes the texts found, at any depth */
function readParts(message: Buffer, shape: Shape, texts: Text[]): Part[] {
  const reader = new ProtobufReader(message);
  const parts: Part[] = [];
  for (let from = 0, tag = reader.nextTag(); tag !== undefined; tag = reader.nextTag()) {
    const inner = shape[tag];
    const content = inner === undefined ? undefined : reader.delimited();
    if (content === undefined) reader.skip(tag);
    const whole = message.subarray(from, reader.position);
    from = reader.position;
    if (content === undefined || inner === undefined) {
      parts.push(whole);
    } else if (inner === "text") {
      const text = { tag, whole, content, cut: undefined };
      texts.push(text);
      parts.push(text);
    } else {
      parts.push({ tag, whole, parts: readParts(content, inner, texts) });
    }
  }
  return parts;
}

/** @returns the part as it came, the very same bytes, unless a text in it has changed */
function writePart(part: Part): Buffer {
  if (Buffer.isBuffer(part)) return part;
  if ("content" in part) {
    return part.cut === undefined ? part.whole : writeField(part.tag, part.cut);
  }
  const written = part.parts.map(writePart);
  const isUnchanged = part.parts.every((inner, index) => wholeOf(inner) === written[index]);
  return isUnchanged ? part.whole : writeField(part.tag, Buffer.concat(written));
}

function wholeOf(part: Part): Buffer {
  return Buffer.isBuffer(part) ? part : part.whole;
}

function writeField(tag: number, content: Buffer): Buffer {
  const head = Buffer.alloc(varintLength(tag) + varintLength(content.length));
  writeVarint(head, content.length, writeVarint(head, tag, 0));
  return Buffer.concat([head, content]);
}
