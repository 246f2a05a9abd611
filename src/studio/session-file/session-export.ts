import type { Store } from "../store/store";
import { writeSessionFile } from "./write-session-file";

/** What a session can be taken away as. */
export const EXPORT_FORMATS = ["json"] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportedSession {
  readonly contentType: string;
  /** Of ASCII letters, digits, `-`, `_` and `.`. */
  readonly fileName: string;
  /** One text, bit by bit. */
  readonly pieces: Iterable<string>;
}

/** Undefined when nothing carries the id. */
export function exportSession(
  sessionId: string,
  format: ExportFormat,
  store: Store,
): ExportedSession | undefined {
  const pieces = writeSessionFile(sessionId, store);
  if (pieces === undefined) return undefined;
  const fileName = exportFileName(sessionId, format);
  return { contentType: "application/json; charset=utf-8", fileName, pieces };
}

const EXTENSIONS: Readonly<Record<ExportFormat, string>> = { json: ".session.json" };

/** A name that every file system takes; ids are captured, and may hold anything. */
export function exportFileName(sessionId: string, format: ExportFormat): string {
  const stem = sessionId.replace(/[^A-Za-z0-9_-]+/g, "-").slice(0, 80);
  return `${stem.replace(/^-+|-+$/g, "") || "session"}${EXTENSIONS[format]}`;
}
