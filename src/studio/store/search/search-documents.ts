import type { SqlRow } from "../open-database";
import { cutText, looksLikeJson, readableText } from "./searchable-text";

/** Longest text of one document, in characters. A longer one is cut. */
const MAX_DOC_LENGTH = 16_000;

/** Texts of an observation that are searched, by their columns. */
export const TEXT_COLUMNS = [
  "id",
  "name",
  "model",
  "status_message",
  "input",
  "output",
  "metadata",
  "exceptions",
] as const;

/** What the index holds as one: texts of observations of one trace. */
export interface Document {
  readonly seq: number;
  readonly traceId: string;
  readonly observationIds: Set<string>;
  readonly texts: string[];
  length: number;
}

/** The document of the row's trace that has room; each one begins with what the trace itself says. */
export function documentFor(
  row: SqlRow,
  length: number,
  open: Map<string, Document>,
  full: Document[],
): Document {
  const traceId = textOf(row, "trace_id");
  const started = open.get(traceId);
  if (started !== undefined && started.length + length <= MAX_DOC_LENGTH) return started;
  if (started !== undefined) full.push(started);
  const head = ["session_id", "trace_id", "trace_name", "user_id", "tags"]
    .map((column) => textOf(row, column))
    .join("\n");
  const document = {
    seq: Number(row["seq"]),
    traceId,
    observationIds: new Set<string>(),
    texts: [readableText(head, true)],
    length: head.length,
  };
  open.set(traceId, document);
  return document;
}

/** The row's texts in pieces that fit into a document; made readable only when asked for. */
export function chunksOf(row: SqlRow): (() => string)[] {
  return TEXT_COLUMNS.flatMap((column) => {
    const text = textOf(row, column);
    if (text === "" || text === "{}" || text === "[]") return [];
    const isJson = looksLikeJson(text);
    return cutText(text, MAX_DOC_LENGTH).map((piece) => () => readableText(piece, isJson));
  });
}

export function textOf(row: SqlRow, column: string): string {
  const value = row[column];
  return typeof value === "string" ? value : "";
}
