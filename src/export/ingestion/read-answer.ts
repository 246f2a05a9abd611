import { printableLine } from "../../diagnostics/printable-text";
import { type Failure, MAX_READ_LENGTH, MAX_SHOWN_LENGTH } from "../send";
import { isJsonObject } from "./captured-json";

/** What became of one event. */
export type EventOutcome =
  | { readonly status: "delivered" }
  /** The same event may be taken later. */
  | (Failure & { readonly status: "retryable" })
  | (Failure & { readonly status: "rejected" });

/** By envelope id. */
export type EventOutcomes = ReadonlyMap<string, EventOutcome>;

/** What a server said to one batch of `POST /api/public/ingestion`. */
export type IngestionAnswer =
  /** All of it was taken: a success that names no events. */
  | { readonly status: "delivered" }
  /** Each event has its own outcome; one that is not named has none yet, and may be sent again. */
  | { readonly status: "answered"; readonly outcomes: EventOutcomes }
  /**
   * The server is of a kind that takes scores here, and nothing else: its spans must come by OTLP.
   * Those that were refused for that are `retryable` among the outcomes.
   */
  | (Failure & {
      readonly status: "unsupported";
      readonly advice: string;
      readonly outcomes: EventOutcomes;
    })
  /** A success whose list of outcomes cannot be read (cut off, say): the batch may be sent again. */
  | (Failure & { readonly status: "retryable" })
  /** No success: what it means is the same for every path, and not judged here. */
  | { readonly status: "failed" };

const ADVICE =
  "This server takes only scores at /api/public/ingestion (Langfuse v4 does). " +
  'Set protocol to "otlp" or "auto" for traces.';
/** Spec: langfuse-contract, section 2; the words that Langfuse v4 refuses legacy events with. */
const TYPE_REFUSED = "Event type not accepted";
const MULTI_STATUS = 207;
const RETRYABLE_STATUS = new Set([408, 425, 429]);

/**
 * Reads the answer to one batch. Total, whatever comes.
 * Spec: langfuse-contract, section 2
 */
export function readIngestionAnswer(status: number, text: string): IngestionAnswer {
  if (status < 200 || status >= 300) return { status: "failed" };
  const answer = parseAnswer(text);
  if (answer === undefined) {
    if (status !== MULTI_STATUS) return { status: "delivered" };
    const code = `HTTP ${status}`;
    return { status: "retryable", code, reason: `${code}: its list of outcomes cannot be read` };
  }
  const outcomes = new Map<string, EventOutcome>();
  for (const { id } of readItems(answer.successes)) outcomes.set(id, { status: "delivered" });
  let refusal: Failure | undefined;
  for (const item of readItems(answer.errors)) {
    const isRefused = item.status === 400 && item.message.startsWith(TYPE_REFUSED);
    const failure = describeFailure(item);
    if (isRefused) refusal ??= failure;
    const isRetryable = isRefused || isRetryableStatus(item.status);
    outcomes.set(item.id, { ...failure, status: isRetryable ? "retryable" : "rejected" });
  }
  if (refusal === undefined) return { status: "answered", outcomes };
  return { ...refusal, status: "unsupported", advice: ADVICE, outcomes };
}

function isRetryableStatus(status: number): boolean {
  return status >= 500 || RETRYABLE_STATUS.has(status);
}

interface Answer {
  readonly successes: readonly unknown[];
  readonly errors: readonly unknown[];
}

/** @returns undefined for what has no list of outcomes */
function parseAnswer(text: string): Answer | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    if (!isJsonObject(answer)) return undefined;
    const { successes = [], errors = [] } = answer;
    if (answer["successes"] === undefined && answer["errors"] === undefined) return undefined;
    return Array.isArray(successes) && Array.isArray(errors) ? { successes, errors } : undefined;
  } catch {
    return undefined; // HTML, or cut off
  }
}

interface Item {
  readonly id: string;
  /** 0: none was given. */
  readonly status: number;
  readonly message: string;
  /** For invalid events the JSON text of a list of issues. */
  readonly error: unknown;
}

function* readItems(items: readonly unknown[]): Generator<Item> {
  for (const item of items) {
    if (!isJsonObject(item)) continue;
    const { id, status, message, error } = item;
    if (typeof id !== "string") continue;
    yield {
      id,
      status: typeof status === "number" ? status : 0,
      message: typeof message === "string" ? message : "",
      error,
    };
  }
}

/** The server's message and which fields it is about; not its other words, which may quote content. */
function describeFailure({ status, message, error }: Item): Failure {
  const code = status === 0 ? "no status" : `HTTP ${status}`;
  const fields = readIssuePaths(error).join(", ");
  const words = [printableLine(message.slice(0, MAX_READ_LENGTH)), fields && `(${fields})`]
    .filter((part) => part !== "")
    .join(" ");
  if (words === "") return { code, reason: code };
  const isLong = words.length > MAX_SHOWN_LENGTH;
  return { code, reason: `${code}: ${isLong ? `${words.slice(0, MAX_SHOWN_LENGTH)}...` : words}` };
}

/** Paths of the fields that a list of validation issues names, such as `body.usage.input`. */
function readIssuePaths(error: unknown): string[] {
  if (typeof error !== "string") return [];
  try {
    const issues: unknown = JSON.parse(error);
    if (!Array.isArray(issues)) return [];
    const paths = issues.map((issue: unknown) => (isJsonObject(issue) ? issue["path"] : undefined));
    return paths.filter((path) => Array.isArray(path)).map((path) => path.join("."));
  } catch {
    return []; // words, not issues
  }
}
