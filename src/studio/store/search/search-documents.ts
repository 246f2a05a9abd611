import type { SqlRow } from "../open-database";
import { cutText, looksLikeJson, readableText } from "./searchable-text";

/** Longest text of one document, in characters. A longer one is cut. */
export const MAX_DOC_LENGTH = 16_000;

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

/** Rows of `observations` with what documents hold of them; ends where its WHERE clause begins. */
export const SELECT_ROWS = `
  SELECT observations.rowid AS observation, observations.trace_id AS trace_id,
    ${TEXT_COLUMNS.map((column) => `observations.${column} AS ${column}`).join(", ")},
    sessions.seq AS seq, sessions.id AS session_id,
    traces.name AS trace_name, traces.user_id AS user_id, traces.tags AS tags
  FROM observations
  LEFT JOIN traces ON traces.id = observations.trace_id
  LEFT JOIN sessions ON sessions.id = traces.session_id`;

/** What the index holds as one: texts of observations of one trace. */
interface Document {
  readonly seq: number;
  readonly traceId: string;
  readonly observationIds: Set<string>;
  readonly texts: string[];
  length: number;
}

/** Documents in the making: of each trace one is open, and each begins with what the trace itself says. */
export class Documents {
  readonly #open = new Map<string, Document>();
  readonly #full: Document[] = [];

  has(traceId: string): boolean {
    return this.#open.has(traceId);
  }

  /** Adds a text to the document of the row's trace, or to a new one where that has no room. @returns its length */
  add(row: SqlRow, text: string): number {
    const document = this.#documentFor(row, text.length);
    document.texts.push(text);
    document.length += text.length;
    document.observationIds.add(textOf(row, "id"));
    return text.length;
  }

  /** In the order of their numbers: FTS5 writes a segment for each time they go back. */
  inOrder(): readonly Document[] {
    return [...this.#full, ...this.#open.values()].sort((a, b) => a.seq - b.seq);
  }

  #documentFor(row: SqlRow, length: number): Document {
    const traceId = textOf(row, "trace_id");
    const started = this.#open.get(traceId);
    if (started !== undefined && started.length + length <= MAX_DOC_LENGTH) return started;
    if (started !== undefined) this.#full.push(started);
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
    this.#open.set(traceId, document);
    return document;
  }
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
