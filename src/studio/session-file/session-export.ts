import { createTextRedactor } from "../../capture/redact/redact-text";
import type { RedactPreset } from "../../config/redact-rules";
import { chatLines } from "../export-chat/chat-lines";
import { embeddedViews } from "../export-html/embedded-views";
import { type BuiltPage, writeHtml } from "../export-html/write-html";
import { vitestFile } from "../export-vitest/vitest-file";
import type { Store } from "../store/store";
import { writeSessionFile } from "./write-session-file";

/** What a session can be taken away as. */
export const EXPORT_FORMATS = ["json", "html", "jsonl", "vitest"] as const;

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

export interface ExportQuery {
  readonly id: string;
  readonly format: ExportFormat;
  /** What to hide. Only in a format that is not to be imported: see {@link REDACTED_FORMATS}. */
  readonly redact: readonly RedactPreset[];
}

/** Formats of which some can be hidden. */
export const REDACTED_FORMATS: readonly ExportFormat[] = ["html", "jsonl", "vitest"];

/** Undefined when nothing carries the id. */
export async function exportSession(
  query: ExportQuery,
  sources: ExportSources,
): Promise<ExportedSession | undefined> {
  const pieces = await piecesOf(query, sources);
  if (pieces === undefined) return undefined;
  const { contentType, extension } = FILES[query.format];
  const stem = stemOf(createTextRedactor(query.redact)(query.id));
  return { contentType, fileName: stem + extension, pieces };
}

async function piecesOf(
  { id, format, redact }: ExportQuery,
  { store, readPage }: ExportSources,
): Promise<Iterable<string> | undefined> {
  switch (format) {
    case "json":
      return writeSessionFile(id, store);
    case "jsonl": {
      const views = embeddedViews(id, store, redact);
      return views && chatLines(views.turns());
    }
    case "vitest": {
      const views = embeddedViews(id, store, redact);
      return views && vitestFile(views.outline.session.id, views.turns());
    }
    case "html":
      return writeHtml(id, store, { page: await readPage(), redact });
  }
}

const FILES: Readonly<Record<ExportFormat, { contentType: string; extension: string }>> = {
  json: { contentType: "application/json; charset=utf-8", extension: ".session.json" },
  jsonl: { contentType: "application/jsonl; charset=utf-8", extension: ".jsonl" },
  vitest: { contentType: "text/plain; charset=utf-8", extension: ".test.ts" },
  html: { contentType: "text/html; charset=utf-8", extension: ".html" },
};

/** A name that every file system takes; ids are captured, and may hold anything. */
function stemOf(sessionId: string): string {
  const stem = sessionId.replace(/[^A-Za-z0-9_-]+/g, "-").slice(0, 80);
  return stem.replace(/^-+|-+$/g, "") || "session";
}
