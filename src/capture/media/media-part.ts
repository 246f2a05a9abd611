import { isAnyArrayBuffer } from "node:util/types";
import { decodeHead, looksLikeBase64 } from "./base64";
import { contentTypeOfPath, plainContentType, sniffContentType } from "./content-type";

/*
 * How model SDKs put files into messages, beside data URIs: an object that holds the content, as
 * base64 or bytes, under one of a few keys, and says what it is.
 *
 *   OpenAI     { data, format: "wav" } of input_audio · { file_data, filename } · { b64_json }
 *   Anthropic  { type: "base64", media_type, data } of source
 *   Gemini     { mimeType, data } of inlineData, { mime_type, data } of inline_data
 *   AI SDK     { type: "image", image, mediaType } · { type: "file", data, mediaType } · { base64, mediaType }
 *   LangChain  { type: "image", source_type: "base64", mime_type, data }
 *   MCP        { type: "image", data, mimeType } · { blob, mimeType } of a resource
 */

/** Under which the content may stand. */
export const MEDIA_KEYS = [
  "data",
  "base64",
  "base64Data",
  "image",
  "audio",
  "file",
  "blob",
  "file_data",
  "b64_json",
] as const;
/** Shorter texts are words. */
export const MIN_MEDIA_LENGTH = 16;

const TYPE_KEYS = ["media_type", "mediaType", "mime_type", "mimeType", "contentType"] as const;
/** Keys whose name says that the text under them is base64. */
const BASE64_KEYS: ReadonlySet<string> = new Set(["base64", "base64Data", "b64_json", "file_data"]);
/** Formats of OpenAI's input_audio. */
const AUDIO_TYPES: Readonly<Record<string, string>> = {
  wav: "audio/wav",
  mp3: "audio/mpeg",
  flac: "audio/flac",
  ogg: "audio/ogg",
  opus: "audio/opus",
  aac: "audio/aac",
  pcm16: "audio/pcm",
};

/** Whether the content of a medium may stand under a key. Asked of every key: a set takes longer. */
export function isMediaKey(key: string): boolean {
  switch (key as (typeof MEDIA_KEYS)[number]) {
    case "data":
    case "base64":
    case "base64Data":
    case "image":
    case "audio":
    case "file":
    case "blob":
    case "file_data":
    case "b64_json":
      return true;
    default:
      return false;
  }
}

/** The medium in an object. */
export interface MediaPart {
  readonly key: string;
  readonly content: string | ArrayBufferView | ArrayBufferLike;
  readonly contentType: string;
}

type Members = Readonly<Record<string, unknown>>;

/** Whether {@link readMediaPart} finds one. Reads the object. */
export function isMediaPart(value: object): boolean {
  return readMediaPart(value as Members) !== undefined; // any object may be asked for members
}

export function readMediaPart(members: Members): MediaPart | undefined {
  for (const key of MEDIA_KEYS) {
    const content = members[key];
    if (isBytes(content)) {
      const contentType = saidType(members);
      if (contentType !== undefined) return { key, content, contentType };
    }
    if (typeof content !== "string" || content.length < MIN_MEDIA_LENGTH) continue;
    if (!looksLikeBase64(content)) continue;
    const contentType = typeOfBase64(members, key, content);
    if (contentType !== undefined) return { key, content, contentType };
  }
  return undefined;
}

/** What base64 holds; undefined where it is probably no base64 but a long word. */
function typeOfBase64(members: Members, key: string, content: string): string | undefined {
  const said = saidType(members);
  if (said !== undefined) return isText(said) && !saysBase64(members, key) ? undefined : said;
  const { format, filename, type } = members;
  if (key === "data" && typeof format === "string" && Object.hasOwn(AUDIO_TYPES, format)) {
    return AUDIO_TYPES[format];
  }
  const named = typeof filename === "string" ? contentTypeOfPath(filename) : undefined;
  const seen = sniffContentType(decodeHead(content)) ?? named;
  if (BASE64_KEYS.has(key)) return seen ?? "application/octet-stream";
  return type === "image" || type === "audio" || type === "file" || type === "base64"
    ? seen
    : undefined;
}

function saidType(members: Members): string | undefined {
  for (const key of TYPE_KEYS) {
    const type = plainContentType(members[key]);
    if (type !== undefined) return type;
  }
  return undefined;
}

/** Such content often stands as it is, and may look like base64. */
function isText(contentType: string): boolean {
  return contentType.startsWith("text/") || contentType === "application/json";
}

function saysBase64(members: Members, key: string): boolean {
  const { type, source_type, encoding } = members;
  return (
    BASE64_KEYS.has(key) ||
    type === "base64" ||
    type === "file" ||
    source_type === "base64" ||
    encoding === "base64"
  );
}

function isBytes(value: unknown): value is ArrayBufferView | ArrayBufferLike {
  return ArrayBuffer.isView(value) || isAnyArrayBuffer(value);
}
