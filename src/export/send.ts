import { printableLine } from "../diagnostics/printable-text";
import { readPartialSuccess } from "./otlp-answer";
import { retryAfterMs } from "./retry";
import type { HttpAnswer, NoAnswer, Transport } from "./transport";

/** Why an attempt failed. */
export interface Failure {
  /** Of small variety, to count by: `HTTP 503`, `ECONNREFUSED`. */
  readonly code: string;
  /** For people: what the server said, behind the code where that tells more. */
  readonly reason: string;
  /** What to check, where that is known. */
  readonly advice?: string;
}

/** What one attempt came to, for a batch of items. */
export type SendResult<Item = never> =
  | {
      readonly status: "delivered";
      /** What the server would have us do better, in its own words. */
      readonly warning?: string;
    }
  /** All of it is dealt with: so many were refused for good, nobody says which, and the others delivered. */
  | (Failure & { readonly status: "partial-success"; readonly rejectedCount: number })
  /** An answer per item; those not named were delivered. */
  | {
      readonly status: "per-item";
      readonly rejected: readonly { readonly item: Item; readonly failure: Failure }[];
      readonly retryable:
        | { readonly items: readonly Item[]; readonly failure: Failure }
        | undefined;
    }
  /** The same bytes may be taken later. */
  | (Failure & {
      readonly status: "retryable";
      readonly retryAfterMs?: number;
      /** There was no answer in time. */
      readonly isTimeout?: boolean;
    })
  /** Nothing will be taken until somebody changes keys or address; `advice` says what to check. */
  | (Failure & {
      readonly status: "blocked";
      readonly advice: string;
      /** HTTP status, where the endpoint answered. */
      readonly httpStatus?: number;
    })
  /** These bytes will not be taken; a part of them may be. */
  | (Failure & { readonly status: "rejected" })
  /** Fewer bytes may be taken. */
  | (Failure & { readonly status: "too-large" });

/** A body on its way to one path of the endpoint. */
export interface Shipment {
  readonly url: string;
  readonly contentType: string;
  /** In pieces, one behind the other. */
  readonly body: readonly Uint8Array[];
  /** Compressed where it is long enough to gain by it; the path takes that. */
  readonly isGzipWanted: boolean;
  /** Told once when nothing reads the body any more; never where that cannot be known. */
  readonly onBodyFree?: () => void;
}

/** Longest part of a server's own words that goes into a message. */
export const MAX_SHOWN_LENGTH = 200;
/** Of an answer or a message in it, what is looked at for words, in characters. */
export const MAX_READ_LENGTH = 16_384;
const RETRYABLE_STATUS = new Set([408, 425, 429, 500, 502, 503, 504]);

/** What can be said of an answer to spans without asking which items it was about. */
export type SpansVerdict = Exclude<SendResult, { status: "per-item" }>;
/** What can be said of an answer by its status. */
export type Verdict = Exclude<SpansVerdict, { status: "partial-success" }>;

/** One attempt to hand over spans. Resolves whatever happens, never rejects. */
export function send(transport: Transport, shipment: Shipment): Promise<SpansVerdict> {
  return transport.post(shipment).then((answer) => judgeSpans(answer, shipment.url));
}

/**
 * What an answer means for spans that were sent as OTLP.
 * Spec: https://opentelemetry.io/docs/specs/otlp/#partial-success-1
 */
export function judgeSpans(answer: HttpAnswer | NoAnswer, url: string): SpansVerdict {
  const verdict = judge(answer, url);
  const partial =
    verdict.status === "delivered" && "text" in answer
      ? readPartialSuccess(answer.text)
      : undefined;
  if (partial === undefined) return verdict;
  const { rejectedCount, message } = partial;
  const words = shownWords(message);
  if (rejectedCount > 0) {
    const code = "partial success";
    return { status: "partial-success", rejectedCount, code, reason: words || code };
  }
  return words === "" ? verdict : { status: "delivered", warning: words };
}

/**
 * What an answer means for the bytes that were sent.
 * Spec: https://opentelemetry.io/docs/specs/otlp/#otlphttp-response; langfuse-contract, section 1
 */
export function judge(answer: HttpAnswer | NoAnswer, url: string): Verdict {
  if ("failure" in answer) {
    const address = URL.canParse(url) ? new URL(url).origin : "the endpoint's address";
    const { failure, isTimeout, isFinal } = answer;
    const reasons = { code: failure, reason: failure };
    if (isFinal) {
      const advice = `Trying again does not help. Check what ${address} stands for.`;
      return { ...reasons, status: "blocked", advice };
    }
    const advice = `Check that ${address} is right (baseUrl, LANGFUSE_BASE_URL) and is running; "npx playhead studio" starts a local one.`;
    return { ...reasons, status: "retryable", advice, ...(isTimeout ? { isTimeout } : {}) };
  }
  const { status, retryAfter, text } = answer;
  if (status >= 200 && status < 300) return { status: "delivered" };
  const code = `HTTP ${status}`;
  const failure: Failure = { code, reason: withWords(code, shownWords(messageOf(text))) };
  if (RETRYABLE_STATUS.has(status)) {
    const waitMs = retryAfterMs(retryAfter, Date.now());
    return {
      ...failure,
      status: "retryable",
      ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
    };
  }
  if (status === 413) return { ...failure, status: "too-large" };
  const advice = adviceFor(status, url);
  if (advice === undefined) return { ...failure, status: "rejected" };
  return { ...failure, status: "blocked", advice, httpStatus: status };
}

function adviceFor(status: number, url: string): string | undefined {
  if (status === 401) {
    return "Check publicKey and secretKey (LANGFUSE_PUBLIC_KEY, LANGFUSE_SECRET_KEY), and that they belong to this address.";
  }
  if (status === 403)
    return "The keys are known but may not write here. Check which project they belong to.";
  if (status === 404 || status === 405) {
    return `Nothing takes traces at ${withoutSecrets(url)}. Check baseUrl (LANGFUSE_BASE_URL) or endpoint; Langfuse before 3.22 has no such path.`;
  }
  if (status >= 300 && status < 400) {
    return `${withoutSecrets(url)} redirects. Set baseUrl (LANGFUSE_BASE_URL) to the address it leads to.`;
  }
  return undefined;
}

/** Credentials and a query may hold keys. */
function withoutSecrets(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

/** What the server said, without markup, on one line, and without keys that it sends back. */
function shownWords(message: string): string {
  const words = printableLine(message.slice(0, MAX_READ_LENGTH).replace(/<[^<>]*>/g, " "))
    .replace(/\b(Basic |Bearer |[sp]k-lf-)[\w.~+/=-]+/gi, "$1...")
    .replace(/(?<!\.)\.$/, ""); // a sentence of ours goes on after it
  return words.length > MAX_SHOWN_LENGTH ? `${words.slice(0, MAX_SHOWN_LENGTH)}...` : words;
}

function withWords(code: string, words: string): string {
  return words === "" ? code : `${code}: ${words}`;
}

/** The message of a JSON answer in one of the usual forms; any other answer as it is. */
function messageOf(text: string): string {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer !== "object" || answer === null) return text;
    const { message, error } = answer as { message?: unknown; error?: unknown }; // read as unknown
    return [message, error].find((words) => typeof words === "string") ?? text;
  } catch {
    return text; // not JSON, or cut off
  }
}
