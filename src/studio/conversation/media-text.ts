import { INLINE_MEDIA_TYPES, type MediaKind, mediaContentPath } from "../api/media-types";
import type { JsonObject, JsonValue } from "../api/types";
import { isJsonArray } from "./json-text";

/** A picture, recording or file that stands in a captured text. */
export interface MediaView {
  /** How it is shown; `file` is offered for download. */
  readonly kind: MediaKind | "file";
  readonly contentType: string;
  /** On the studio itself, or a data URI; never another address. */
  readonly url: string;
}

/** A text with the media that stand in it. */
export type TextPiece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "media"; readonly media: MediaView };

const TYPE = "[a-z0-9][a-z0-9.+-]{0,99}/[a-z0-9][a-z0-9.+-]{0,99}";
/** Spec: langfuse-contract, section 6 */
const REFERENCE = new RegExp(
  `@@@langfuseMedia:type=(${TYPE})\\|id=([A-Za-z0-9_-]{22})\\|source=[a-z0-9_]{1,40}@@@`,
  "g",
);
const REFERENCE_START = "@@@langfuseMedia:";
const DATA_URI = new RegExp(`^data:(${TYPE});base64,[A-Za-z0-9+/]+={0,2}$`);
const BASE64 = /^[A-Za-z0-9+/]{16,}={0,2}$/;
/** What the client puts before content whose upload failed. */
const FAILED = /^\[media upload failed: [\w .:-]{1,40}\] (?=data:)/;
/** A longer data URI stays a text: the browser would decode all of it at once. */
const MAX_DATA_URI_LENGTH = 4 * 1024 * 1024;
/** References of one text that are shown; the others stay text. */
const MAX_SHOWN = 100;
/** How deep in a part the content of its media may stand: `{ image_url: { url } }`. */
const MAX_DEPTH = 3;
const MAX_MEMBERS = 20;

/** Parts a text at the media in it: reference tags, or a data URI that is all of the text. */
export function splitMedia(text: string): readonly TextPiece[] {
  const failed = FAILED.exec(text)?.[0] ?? "";
  const inline = dataUriOf(failed === "" ? text : text.slice(failed.length));
  if (inline !== null) {
    const said: TextPiece[] = failed === "" ? [] : [{ kind: "text", text: failed.trim() }];
    return [...said, { kind: "media", media: inline }];
  }
  if (!text.includes(REFERENCE_START)) return [{ kind: "text", text }];
  const pieces: TextPiece[] = [];
  let from = 0;
  for (const match of text.matchAll(REFERENCE)) {
    const [tag, type = "", id = ""] = match;
    if (pieces.length >= 2 * MAX_SHOWN) break;
    if (match.index > from) pieces.push({ kind: "text", text: text.slice(from, match.index) });
    pieces.push({ kind: "media", media: viewOf(type, mediaContentPath(id)) });
    from = match.index + tag.length;
  }
  if (from < text.length) pieces.push({ kind: "text", text: text.slice(from) });
  return pieces;
}

/** The media that a text consists of, if it is nothing else. */
export function mediaOf(text: string): MediaView | null {
  const [first, second] = splitMedia(text);
  return first?.kind === "media" && second === undefined ? first.media : null;
}

/** What an image, audio or file part of a message holds, in any dialect. */
export function mediaOfPart(part: JsonObject): MediaView | null {
  return search(part, MAX_DEPTH);
}

function search(value: JsonObject, depth: number): MediaView | null {
  const members = Object.values(value).slice(0, MAX_MEMBERS);
  for (const member of members) {
    const media = typeof member === "string" ? mediaOf(member) : null;
    if (media !== null) return media;
  }
  const bare = bareBase64(value);
  if (bare !== null || depth <= 1) return bare;
  for (const member of members) {
    const media = isObject(member) ? search(member, depth - 1) : null;
    if (media !== null) return media;
  }
  return null;
}

/** Of OpenAI's `input_audio`, by `format`. */
const AUDIO_FORMATS: ReadonlyMap<string, string> = new Map([
  ["wav", "audio/wav"],
  ["mp3", "audio/mpeg"],
  ["aac", "audio/aac"],
  ["flac", "audio/flac"],
  ["opus", "audio/opus"],
]);

/**
 * `{ media_type: "image/png", data: "iVBOR…" }` as Anthropic and Gemini have it, or OpenAI's
 * `{ format: "wav", data: "UklGR…" }`.
 */
function bareBase64(value: JsonObject): MediaView | null {
  const { data, format } = value;
  const type =
    value["media_type"] ??
    value["mediaType"] ??
    value["mimeType"] ??
    value["mime_type"] ??
    (typeof format === "string" ? AUDIO_FORMATS.get(format) : undefined);
  if (typeof type !== "string" || typeof data !== "string") return null;
  if (data.length > MAX_DATA_URI_LENGTH || !BASE64.test(data)) return null;
  return dataUriOf(`data:${type};base64,${data}`);
}

/** Of types that are shown; others stay text, since a link to a data URI could be a document. */
function dataUriOf(text: string): MediaView | null {
  if (!text.startsWith("data:") || text.length > MAX_DATA_URI_LENGTH) return null;
  const type = DATA_URI.exec(text)?.[1] ?? "";
  return INLINE_MEDIA_TYPES.has(type) ? viewOf(type, text) : null;
}

function viewOf(contentType: string, url: string): MediaView {
  return { kind: INLINE_MEDIA_TYPES.get(contentType) ?? "file", contentType, url };
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !isJsonArray(value);
}
