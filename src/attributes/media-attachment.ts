/**
 * A picture, recording or file found in a value that was recorded. A token stands for it in the
 * texts of the record until it is known under which name it is uploaded.
 */
export interface MediaAttachment {
  /** ASCII, unguessable, unique in the process, and the same inside JSON text. */
  readonly token: string;
  /** E.g. `image/png`. */
  readonly contentType: string;
  /** How it was given. Spec: langfuse-contract, section 6. */
  readonly source: "base64_data_uri" | "bytes" | "file";
  /** In which field it stands. */
  readonly field: "input" | "output" | "metadata";
  /** Whoever asks owns the bytes and must not change them. Rejects where they cannot be read. */
  load(): Uint8Array | Promise<Uint8Array>;
  /**
   * What stood where the token stands, inside JSON text as well: goes back there when it turns out to
   * be no media. Undefined for what was no text.
   */
  readonly original: string | undefined;
}
