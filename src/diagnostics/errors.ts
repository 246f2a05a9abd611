/** What went wrong, for programs. Messages may change in any release, codes do not. */
export type PlayheadErrorCode =
  /** An option of `new Playhead()` is unknown or has a wrong value; `message` lists all of them. */
  | "INVALID_OPTIONS"
  /** A function of the public API got an argument it cannot work with. */
  | "INVALID_ARGUMENT"
  /** The studio's port is taken. */
  | "STUDIO_PORT_IN_USE"
  /** The studio cannot listen on its address for another reason: unknown, or not allowed. */
  | "STUDIO_LISTEN_FAILED"
  /** The studio's file cannot be opened or written, or is no database of this version. */
  | "STUDIO_DB_UNUSABLE"
  /** Another studio works on the file. */
  | "STUDIO_DB_IN_USE"
  /** Neither `node:sqlite` nor `@photostructure/sqlite` is there. */
  | "STUDIO_SQLITE_MISSING"
  /** The studio was asked to listen beyond loopback without keys. */
  | "STUDIO_HOST_NEEDS_KEYS"
  /** Reading from the endpoint: no answer came. */
  | "ENDPOINT_UNREACHABLE"
  /** Reading from the endpoint: it refuses the keys. */
  | "ENDPOINT_REFUSED"
  /** Reading from the endpoint: it answers something else than a Langfuse-compatible server does. */
  | "ENDPOINT_UNEXPECTED";

/** Every error this package creates. Match on `code`. */
export class PlayheadError extends Error {
  override readonly name = "PlayheadError";
  readonly code: PlayheadErrorCode;

  constructor(code: PlayheadErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
