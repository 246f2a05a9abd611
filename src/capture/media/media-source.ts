/** Where a `Media` keeps what it is; the same in all copies of this package in the process. */
export const MEDIA_SOURCE = Symbol.for("playhead.media");

/** What a `Media` was made from. */
export interface MediaSource {
  readonly contentType: string;
  readonly source: "base64_data_uri" | "bytes" | "file";
  /** Undefined where only reading it tells. */
  readonly byteLength: number | undefined;
  /**
   * Takes a snapshot where the bytes are at hand.
   * @param maxBytes - reading more than that rejects
   * @returns reads it; may be called several times
   */
  open(maxBytes: number): () => Uint8Array | Promise<Uint8Array>;
}

export function isMedia(value: object): value is { readonly [MEDIA_SOURCE]: MediaSource } {
  try {
    return MEDIA_SOURCE in value;
  } catch {
    return false; // a proxy that does not let itself be asked
  }
}
