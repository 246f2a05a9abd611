/** Low bytes of SQLite's error codes. Spec: https://www.sqlite.org/rescode.html */
const REASONS: Readonly<Record<number, string>> = {
  5: "another process is writing to its file",
  6: "another process is writing to its file",
  8: "its file can only be read",
  10: "its file cannot be read or written",
  13: "the disk is full",
  14: "its file cannot be opened",
};

/**
 * Why the store can write nothing at present, where the reason lies outside of the studio: the
 * same write may succeed later. Undefined for every other error.
 */
export function unavailableReason(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("errcode" in error)) return undefined;
  return typeof error.errcode === "number" ? REASONS[error.errcode & 0xff] : undefined;
}
