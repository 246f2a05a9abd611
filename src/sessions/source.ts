import type { ReadEndpoint } from "./endpoint";
import type { SessionListOptions, SessionOverview, SourceSession } from "./types";

export interface CandidateOptions extends Pick<SessionListOptions, "userId" | "tag" | "since"> {
  /**
   * Pages that are read; sessions further back are not looked for.
   * @default all of them
   */
  readonly maxPages?: number | undefined;
  /** Called where `maxPages` ended it, and there may be more pages. */
  readonly onCut?: (() => void) | undefined;
}

/** How far a list is read. */
export type PageLimit = Pick<CandidateOptions, "maxPages" | "onCut">;

/** One way of reading sessions through Langfuse's public API. */
export interface SessionSource {
  /** Ids of sessions, the last active first, each once; those that a filter certainly leaves out are missing. */
  candidates(endpoint: ReadEndpoint, options: CandidateOptions): AsyncIterable<string>;
  /** Undefined when nothing carries the id. */
  overview(
    endpoint: ReadEndpoint,
    id: string,
    options: Pick<SessionListOptions, "hasErrors">,
  ): Promise<SessionOverview | undefined>;
  /** All of it, however much that is. Undefined when nothing carries the id. */
  session(endpoint: ReadEndpoint, id: string): Promise<SourceSession | undefined>;
}

/** Pages that are read where not all has to be found. */
export const MAX_PAGES = 100;

/** Requests at the same time: Langfuse Cloud counts them by the minute. */
const CONCURRENCY = 4;

/** As `Promise.all` over the items, few at a time, in their order. */
export async function mapFew<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += CONCURRENCY) {
    const batch = items.slice(start, start + CONCURRENCY);
    results.push(...(await Promise.all(batch.map(work))));
  }
  return results;
}

/** Fields of Langfuse's metadata that tell where a span came from. */
export const ORIGIN_FIELDS: readonly string[] = ["resourceAttributes", "scope"];

export function byTime(one: string, other: string): number {
  return Date.parse(one) - Date.parse(other) || (one < other ? -1 : one > other ? 1 : 0);
}

/** Each value once, in the order of the first. */
export function distinct(values: readonly (string | null)[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== null))];
}

const MAX_MESSAGE_LENGTH = 200;

/** What the user said: a text, the last message of the user in a list, or the text of a usual field. */
export function spokenText(input: unknown): string | null {
  const text = findText(input);
  return text === null ? null : text.replace(/\s+/g, " ").trim().slice(0, MAX_MESSAGE_LENGTH);
}

const TEXT_FIELDS = ["content", "text", "message", "question", "query", "prompt", "input"];

function findText(value: unknown, depth = 0): string | null {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null || depth > 4) return null;
  if (Array.isArray(value)) {
    const isOfUser = (entry: unknown): boolean =>
      typeof entry === "object" && entry !== null && "role" in entry && entry.role === "user";
    return findText(value.findLast(isOfUser) ?? value.at(-1), depth + 1);
  }
  const entries = Object.entries(value);
  const field = ["messages", ...TEXT_FIELDS].find((name) =>
    entries.some(([key, entry]) => key === name && entry !== null),
  );
  if (field === undefined) return JSON.stringify(value);
  return findText(entries.find(([key]) => key === field)?.[1], depth + 1);
}
