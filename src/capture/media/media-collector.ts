import type { MediaAttachment } from "../../attributes/media-attachment";
import { cleanJson, cleanText } from "../clean-text";
import { decodeBase64, decodedLength } from "./base64";
import { plainContentType, sniffContentType } from "./content-type";
import { MEDIA_SOURCE, type MediaSource } from "./media-source";
import { createToken, tokensIn } from "./token";

/** Of one field; what comes after stays as it is. */
const MAX_ATTACHMENTS = 100;
/** Most values hold none. */
const NONE: readonly MediaAttachment[] = [];

interface Found extends Pick<MediaAttachment, "contentType" | "source" | "load"> {
  readonly original?: () => string;
}

/**
 * Takes the media found in one value and gives each a token to stand in its text. Each method
 * returns what is to stand there: the token, or a mark of its length where it is too large; undefined
 * where it is to stay as it is.
 */
export class MediaCollector {
  readonly #field: MediaAttachment["field"];
  readonly #maxBytes: number;
  #attachments: readonly MediaAttachment[] = NONE;
  /** So many of them stand in texts that are finished. */
  #keptCount = 0;

  /** @param maxBytes - of one file */
  constructor(field: MediaAttachment["field"], { maxBytes }: { maxBytes: number }) {
    this.#field = field;
    this.#maxBytes = maxBytes;
  }

  /** Whose tokens stand in the text, after {@link MediaCollector.keep}. */
  get attachments(): readonly MediaAttachment[] {
    return this.#attachments;
  }

  get isFull(): boolean {
    return this.#attachments.length >= MAX_ATTACHMENTS;
  }

  /**
   * Base64 as text. Only decoded when it is loaded; then it turns out whether it is any.
   * @param dataUri - that it is a part of; else it is a whole text by itself
   */
  base64(base64: string, contentType: string, dataUri?: string): string | undefined {
    return this.#attach(decodedLength(base64), {
      contentType,
      source: dataUri === undefined ? "bytes" : "base64_data_uri",
      load: () => decodeBase64(base64),
      original: () =>
        dataUri === undefined
          ? cleanJson(JSON.stringify(base64)).slice(1, -1)
          : cleanDataUri(dataUri),
    });
  }

  /**
   * A buffer or typed array, copied: its owner may change it.
   * @param contentType - as said beside it; else its first bytes have to say it
   */
  bytes(value: ArrayBufferView | ArrayBufferLike, contentType?: string): string | undefined {
    const bytes = ArrayBuffer.isView(value)
      ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
      : new Uint8Array(value);
    const known = contentType ?? sniffContentType(bytes);
    if (known === undefined || this.isFull) return undefined;
    if (bytes.length > this.#maxBytes) return lengthMark(known, bytes.length);
    const copy = Buffer.from(bytes);
    return this.#attach(copy.length, {
      contentType: known,
      source: "bytes",
      load: () => copy,
    });
  }

  /** A blob or file. Its bytes never change, so they are read when they are loaded. */
  blob(blob: Blob): string | undefined {
    const { size, type } = blob;
    return this.#attach(size, {
      contentType: plainContentType(type) ?? "application/octet-stream",
      source: "name" in blob ? "file" : "bytes",
      load: async () => new Uint8Array(await blob.arrayBuffer()),
    });
  }

  /** A `Media`. */
  media(media: { readonly [MEDIA_SOURCE]: MediaSource }): string | undefined {
    const { contentType, source, byteLength, open } = media[MEDIA_SOURCE];
    const load = open(this.#maxBytes);
    return this.#attach(byteLength ?? 0, { contentType, source, load });
  }

  /** A text is finished: lets go of what was found for it and does not stand in it, being cut. */
  keep(text: string): void {
    if (this.#attachments.length > this.#keptCount) {
      const tokens = tokensIn(text);
      this.#attachments = this.#attachments.filter(
        ({ token }, index) => index < this.#keptCount || tokens.has(token),
      );
    }
    this.#keptCount = this.#attachments.length;
  }

  #attach(byteLength: number, { original, ...known }: Found): string | undefined {
    if (this.isFull) return undefined;
    if (byteLength > this.#maxBytes) return lengthMark(known.contentType, byteLength);
    const token = createToken();
    const attachment: MediaAttachment = {
      token,
      field: this.#field,
      ...known,
      get original() {
        return original?.();
      },
    };
    this.#attachments = [...this.#attachments, attachment]; // a hundred at the most
    return token;
  }
}

/**
 * What ends a data URI keeps it free of what JSON escapes, save for control characters and halves of
 * surrogate pairs in one that is broken.
 */
function cleanDataUri(uri: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has no room for these
  return cleanText(uri).replace(/[\x01-\x1f]/g, "\ufffd");
}

function lengthMark(contentType: string, byteLength: number): string {
  return `[${contentType}: ${byteLength} bytes]`;
}
