import { type BuiltPage, writeHtml } from "../export-html/write-html";
import type { Store } from "../store/store";
import { writeSessionFile } from "./write-session-file";

/** What a session can be taken away as. */
export const EXPORT_FORMATS = ["json", "html"] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportedSession {
  readonly contentType: string;
  /** Of ASCII letters, digits, `-`, `_` and `.`. */
  readonly fileName: string;
  /** One text, bit by bit. */
  readonly pieces: Iterable<string>;
}

export interface ExportSources {
  readonly store: Store;
  /** The page as it is built. @throws where it is not */
  readonly readPage: () => Promise<BuiltPage>;
}

/** Undefined when nothing carries the id. */
export async function exportSession(
  sessionId: string,
  format: ExportFormat,
  sources: ExportSources,
): Promise<ExportedSession | undefined> {
  const pieces = await piecesOf(sessionId, format, sources);
  if (pieces === undefined) return undefined;
  const { contentType, extension } = FILES[format];
  return { contentType, fileName: stemOf(sessionId) + extension, pieces };
}

async function piecesOf(
  sessionId: string,
  format: ExportFormat,
  { store, readPage }: ExportSources,
): Promise<Iterable<string> | undefined> {
  switch (format) {
    case "json":
      return writeSessionFile(sessionId, store);
    case "html":
      return writeHtml(sessionId, store, await readPage());
  }
}

const FILES: Readonly<Record<ExportFormat, { contentType: string; extension: string }>> = {
  json: { contentType: "application/json; charset=utf-8", extension: ".session.json" },
  html: { contentType: "text/html; charset=utf-8", extension: ".html" },
};

/** A name that every file system takes; ids are captured, and may hold anything. */
function stemOf(sessionId: string): string {
  const stem = sessionId.replace(/[^A-Za-z0-9_-]+/g, "-").slice(0, 80);
  return stem.replace(/^-+|-+$/g, "") || "session";
}
