import type { JsonObject, JsonValue } from "../api/types";
import { isJsonObject, parseJson } from "./json-text";

/** Longest excerpt, in characters. */
export const MAX_FIRST_MESSAGE_LENGTH = 200;

/** Fields of an input object that hold what the user said, in order of preference. */
const QUESTION_FIELDS = [
  "question",
  "query",
  "input",
  "message",
  "prompt",
  "text",
  "content",
] as const;

/** A file that was uploaded, or that stands inline: its type says more than the rest. Spec: langfuse-contract, section 6 */
const MEDIA =
  /@@@langfuseMedia:type=([\w.+-]{1,100}\/[\w.+-]{1,100})\|[^@]{1,200}@@@|data:([\w.+-]{1,100}\/[\w.+-]{1,100});base64,[\w+/=-]*/g;

/** How far {@link textOf} follows objects inside objects. */
const MAX_NESTING = 4;

/**
 * What the user said first, from a captured input: of a list of chat messages the first user
 * message, of an object the field that reads like a question, plain text as it is, and compact
 * JSON of everything else. Media stand there by their type, as `[image/png]`. White space is folded, the excerpt cut. Null for an empty input.
 */
export function firstUserMessage(input: string): string | null {
  const parsed = parseJson(input);
  const text = parsed === undefined ? input : (textOf(parsed, 0) ?? compactJson(parsed));
  const named = text.replace(MEDIA, (_media, uploaded, inline) => `[${uploaded ?? inline}]`);
  const folded = named.replace(/\s+/g, " ").trim();
  if (folded === "") return null;
  return folded.length <= MAX_FIRST_MESSAGE_LENGTH
    ? folded
    : `${sliceCodePoints(folded, MAX_FIRST_MESSAGE_LENGTH - 1)}…`;
}

function textOf(value: JsonValue, nesting: number): string | undefined {
  if (typeof value === "string") return value;
  if (nesting > MAX_NESTING || typeof value !== "object" || value === null) return undefined;
  if (isList(value)) {
    return fromMessages(value, nesting) ?? (value.length === 1 ? first(value, nesting) : undefined);
  }
  const { messages } = value;
  if (messages !== undefined && isList(messages)) {
    const message = fromMessages(messages, nesting);
    if (message !== undefined) return message;
  }
  for (const field of QUESTION_FIELDS) {
    const inner = value[field];
    const text = inner === undefined ? undefined : textOf(inner, nesting + 1);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** The arguments of a function with one parameter are a list of one. */
function first(list: readonly JsonValue[], nesting: number): string | undefined {
  return list[0] === undefined ? undefined : textOf(list[0], nesting + 1);
}

function fromMessages(list: readonly JsonValue[], nesting: number): string | undefined {
  for (const message of list) {
    if (isJsonObject(message) && message["role"] === "user") return contentOf(message, nesting);
  }
  return undefined;
}

/** Text, or a list of parts of which the text parts count. */
function contentOf(message: JsonObject, nesting: number): string | undefined {
  const content = message["content"] ?? message["parts"];
  if (content === undefined || content === null) return undefined;
  if (!isList(content)) return textOf(content, nesting + 1);
  const texts = content.flatMap((part) => {
    if (typeof part === "string") return [part];
    const text = isJsonObject(part) ? (part["text"] ?? part["content"]) : undefined;
    return typeof text === "string" ? [text] : [];
  });
  return texts.length > 0 ? texts.join(" ") : undefined;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function compactJson(value: JsonValue): string {
  return JSON.stringify(value);
}

/** Cuts without leaving half a surrogate pair behind. */
function sliceCodePoints(text: string, length: number): string {
  const code = text.charCodeAt(length - 1);
  return text.slice(0, code >= 0xd800 && code <= 0xdbff ? length - 1 : length);
}
