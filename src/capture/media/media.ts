import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { PlayheadError } from "../../diagnostics/errors";
import { decodeBase64, decodedLength, decodeHead, looksLikeBase64 } from "./base64";
import { contentTypeOfPath, plainContentType, sniffContentType } from "./content-type";
import { MEDIA_SOURCE, type MediaSource } from "./media-source";

/** What a {@link Media} is made from: one of five. `contentType` is found out where it may be left out. */
export type MediaInput =
  | { readonly bytes: Uint8Array | ArrayBuffer; readonly contentType?: string | undefined }
  | { readonly base64: string; readonly contentType: string }
  | { readonly dataUri: string }
  | { readonly path: string; readonly contentType?: string | undefined }
  | {
      readonly stream: NodeJS.ReadableStream | ReadableStream<Uint8Array>;
      readonly contentType: string;
    };

const UNKNOWN_TYPE = "application/octet-stream";
const USAGE =
  "Give one of bytes, base64 with contentType, dataUri, path, or stream with contentType.";

/**
 * A picture, recording or file to be recorded, anywhere in an input, an output or metadata: uploaded
 * once, with a reference in its place. Bytes are copied when it is recorded; a file is read, and a
 * stream consumed, once the observation has ended. As JSON or text it is a label, never its content.
 * @example observation.update({ input: { scan: new Media({ path: "scan.png" }) } });
 */
export class Media {
  /** @internal */
  declare readonly [MEDIA_SOURCE]: MediaSource;

  /** @throws PlayheadError INVALID_ARGUMENT */
  constructor(input: MediaInput) {
    // Not enumerable: whoever lists its members finds none.
    Object.defineProperty(this, MEDIA_SOURCE, { value: readInput(input) });
  }

  /** E.g. `image/png`. */
  get contentType(): string {
    return this[MEDIA_SOURCE].contentType;
  }

  toString(): string {
    return `[Media: ${this.contentType}]`;
  }

  toJSON(): string {
    return this.toString();
  }
}

function readInput(input: unknown): MediaSource {
  if (typeof input !== "object" || input === null) throw wrong(`got ${typeof input}`);
  const given = input as Readonly<Record<string, unknown>>; // any object may be asked for members
  const kinds = ["bytes", "base64", "dataUri", "path", "stream"] as const;
  const found = kinds.filter((kind) => given[kind] !== undefined);
  const [kind] = found;
  if (kind === undefined || found.length > 1) {
    throw wrong(kind === undefined ? "got none of them" : `got ${found.join(" and ")}`);
  }
  const contentType = plainContentType(given["contentType"]);
  if (given["contentType"] !== undefined && contentType === undefined) {
    throw wrong('got a contentType that is not of the form "image/png"');
  }
  const content = given[kind];
  switch (kind) {
    case "bytes":
      return fromBytes(content, contentType);
    case "base64":
      return fromBase64(content, contentType);
    case "dataUri":
      return fromDataUri(content);
    case "path":
      return fromPath(content, contentType);
    case "stream":
      return fromStream(content, contentType);
  }
}

function fromBytes(content: unknown, contentType: string | undefined): MediaSource {
  if (!(content instanceof Uint8Array) && !(content instanceof ArrayBuffer)) {
    throw wrong(`expected bytes to be a Uint8Array or ArrayBuffer, got ${typeof content}`);
  }
  const bytes = content instanceof Uint8Array ? content : new Uint8Array(content);
  return {
    contentType: contentType ?? sniffContentType(bytes) ?? UNKNOWN_TYPE,
    source: "bytes",
    byteLength: bytes.length,
    open(maxBytes) {
      if (bytes.length > maxBytes) return () => bytes; // not taken: no copy
      const copy = Buffer.from(bytes);
      return () => copy;
    },
  };
}

function fromBase64(content: unknown, contentType: string | undefined): MediaSource {
  if (typeof content !== "string" || (content !== "" && !looksLikeBase64(content))) {
    throw wrong("expected base64 to be base64 text");
  }
  if (contentType === undefined) throw wrong("expected contentType beside base64");
  return {
    contentType,
    source: "bytes",
    byteLength: decodedLength(content),
    open: () => () => decodeBase64(content),
  };
}

/** Spec: https://www.rfc-editor.org/rfc/rfc2397 */
function fromDataUri(content: unknown): MediaSource {
  const header =
    typeof content === "string" ? /^data:([^,]*);base64,/i.exec(content.slice(0, 300)) : null;
  if (typeof content !== "string" || header === null) {
    throw wrong('expected dataUri to begin with "data:<type>;base64,"');
  }
  const base64 = content.slice(header[0].length);
  const contentType = plainContentType(header[1]) ?? sniffContentType(decodeHead(base64));
  return { ...fromBase64(base64, contentType ?? "text/plain"), source: "base64_data_uri" };
}

function fromPath(content: unknown, contentType: string | undefined): MediaSource {
  if (typeof content !== "string" || content === "") throw wrong("expected path to be a text");
  return {
    contentType: contentType ?? contentTypeOfPath(content) ?? UNKNOWN_TYPE,
    source: "file",
    byteLength: undefined,
    open: (maxBytes) => () => readAll(createReadStream(content), maxBytes),
  };
}

function fromStream(content: unknown, contentType: string | undefined): MediaSource {
  const isStream = content instanceof Readable || content instanceof ReadableStream;
  if (!isStream && !isAsyncIterable(content)) {
    throw wrong(`expected stream to be a Readable or ReadableStream, got ${typeof content}`);
  }
  if (contentType === undefined) throw wrong("expected contentType beside stream");
  let whole: Promise<Uint8Array> | undefined;
  return {
    contentType,
    source: "file",
    byteLength: undefined,
    open: (maxBytes) => () => {
      // A stream can be read only once.
      whole ??= readAll(content as AsyncIterable<unknown>, maxBytes); // both kinds are, on Node
      return whole;
    },
  };
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator] === "function"
  );
}

/** Leaving the loop early closes what is read. */
async function readAll(chunks: AsyncIterable<unknown>, maxBytes: number): Promise<Uint8Array> {
  const read: Uint8Array[] = [];
  let byteLength = 0;
  for await (const chunk of chunks) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    if (!(bytes instanceof Uint8Array)) throw new TypeError("Expected a stream of bytes.");
    byteLength += bytes.length;
    if (byteLength > maxBytes) throw new RangeError(`Expected at most ${maxBytes} bytes.`);
    read.push(bytes);
  }
  return Buffer.concat(read, byteLength);
}

function wrong(problem: string): PlayheadError {
  return new PlayheadError("INVALID_ARGUMENT", `Cannot make a Media: ${problem}. ${USAGE}`);
}
