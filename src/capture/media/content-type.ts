/** How files begin: content type, first bytes, where they stand. First match wins. */
const SIGNATURES: readonly (readonly [contentType: string, bytes: string, offset?: number])[] = [
  ["image/png", "\x89PNG\r\n\x1a\n"],
  ["image/jpeg", "\xff\xd8\xff"],
  ["image/gif", "GIF87a"],
  ["image/gif", "GIF89a"],
  ["image/webp", "WEBP", 8],
  ["audio/wav", "WAVE", 8],
  ["image/avif", "ftypavif", 4],
  ["image/heic", "ftypheic", 4],
  ["audio/mp4", "ftypM4A", 4],
  ["video/quicktime", "ftypqt", 4],
  ["video/mp4", "ftyp", 4],
  ["application/pdf", "%PDF-"],
  ["audio/mpeg", "ID3"],
  ["audio/mpeg", "\xff\xfb"],
  ["audio/mpeg", "\xff\xf3"],
  ["audio/mpeg", "\xff\xf2"],
  ["audio/aac", "\xff\xf1"],
  ["audio/aac", "\xff\xf9"],
  ["audio/ogg", "OggS"],
  ["audio/flac", "fLaC"],
  ["video/webm", "\x1aE\xdf\xa3"],
  ["image/tiff", "II*\0"],
  ["image/tiff", "MM\0*"],
  ["application/zip", "PK\x03\x04"],
  ["application/gzip", "\x1f\x8b\x08"],
];
/** Bytes that a look at the beginning takes. */
const HEAD_BYTES = 16;

const BY_EXTENSION: Readonly<Record<string, string>> = {
  aac: "audio/aac",
  avif: "image/avif",
  bmp: "image/bmp",
  csv: "text/csv",
  doc: "application/msword",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  flac: "audio/flac",
  gif: "image/gif",
  gz: "application/gzip",
  heic: "image/heic",
  html: "text/html",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  json: "application/json",
  m4a: "audio/mp4",
  md: "text/markdown",
  mov: "video/quicktime",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  ogg: "audio/ogg",
  opus: "audio/opus",
  pdf: "application/pdf",
  png: "image/png",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  svg: "image/svg+xml",
  tif: "image/tiff",
  tiff: "image/tiff",
  txt: "text/plain",
  wav: "audio/wav",
  webm: "video/webm",
  webp: "image/webp",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  xml: "application/xml",
  zip: "application/zip",
};

/** What the first bytes of a file say it is; undefined where they say nothing. */
export function sniffContentType(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString("latin1");
  const known = SIGNATURES.find(([, start, offset = 0]) => head.startsWith(start, offset));
  if (known !== undefined) return known[0];
  // "BM" begins many a word, too: the four zero bytes behind the size say that it is a bitmap.
  return head.startsWith("BM") && head.startsWith("\0\0\0\0", 6) ? "image/bmp" : undefined;
}

/** By the extension of a file's name or path. */
export function contentTypeOfPath(path: string): string | undefined {
  const extension = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase();
  return extension === undefined || !Object.hasOwn(BY_EXTENSION, extension)
    ? undefined
    : BY_EXTENSION[extension];
}

/** `image/png` of `Image/PNG; q=1`; undefined for what is no content type. */
export function plainContentType(value: unknown): string | undefined {
  if (typeof value !== "string" || value.length > 200) return undefined;
  return /^\s*([a-z0-9][\w.+-]*\/[a-z0-9][\w.+-]*)\s*(?:;|$)/i.exec(value)?.[1]?.toLowerCase();
}
