import { judgeSpans, type SpansVerdict } from "../../export/send";
import type { Transport } from "../../export/transport";
import { type PersistOptions, persist } from "./persist";
import { requestBody, type SpanJson } from "./span-json";

/** Of one request: proxies before a Langfuse take 4.5 MB and more. */
export const MAX_BATCH_BYTES = 2 * 1024 * 1024;
export const MAX_BATCH_SPANS = 500;

/** What became of some of the spans of a batch. */
export type SpanOutcome =
  | { readonly status: "sent"; readonly count: number }
  | { readonly status: "refused"; readonly count: number; readonly reason: string }
  /** Neither these nor any other will be taken; later perhaps, unless it is for good. */
  | { readonly status: "stopped"; readonly reason: string; readonly isForGood: boolean };

export interface SpanSenderOptions extends PersistOptions {
  readonly transport: Transport;
  readonly tracesUrl: string;
}

/**
 * Sends a batch; one that is refused in halves, so that a bad span costs no other. Ends after the
 * first outcome that is `stopped`.
 */
export async function* sendSpans(
  spans: readonly SpanJson[],
  options: SpanSenderOptions,
): AsyncGenerator<SpanOutcome, void> {
  const waiting = [spans];
  while (waiting.length > 0) {
    const batch = waiting.pop() ?? [];
    const [first] = batch;
    if (first === undefined) continue;
    const result = await persist(() => sendOnce(batch, options), options);
    if (result.status === "sent") {
      yield { status: "sent", count: batch.length - result.rejectedCount };
      if (result.rejectedCount > 0) {
        yield { status: "refused", count: result.rejectedCount, reason: result.reason };
      }
    } else if (STOPS.has(result.status)) {
      yield { status: "stopped", reason: result.reason, isForGood: result.status !== "retryable" };
      return;
    } else if (batch.length > 1) {
      const middle = batch.length >> 1;
      waiting.push(batch.slice(middle), batch.slice(0, middle));
    } else {
      const which = `Observation ${JSON.stringify(first.id)} of trace ${JSON.stringify(first.traceId)}`;
      yield { status: "refused", count: 1, reason: `${which}: ${result.reason}` };
    }
  }
}

const STOPS: ReadonlySet<Attempt["status"]> = new Set(["retryable", "blocked", "page"]);

type Attempt =
  /** Some web servers answer whatever they are asked with a page: nothing of it was taken. */
  | { readonly status: "page"; readonly reason: string }
  | { readonly status: "sent"; readonly rejectedCount: number; readonly reason: string }
  | Exclude<SpansVerdict, { status: "delivered" | "partial-success" }>;

async function sendOnce(
  spans: readonly SpanJson[],
  { transport, tracesUrl }: SpanSenderOptions,
): Promise<Attempt> {
  const answer = await transport.post({
    url: tracesUrl,
    contentType: "application/json",
    body: [requestBody(spans)],
    isGzipWanted: true,
  });
  const result = judgeSpans(answer, tracesUrl);
  switch (result.status) {
    case "delivered": {
      const isPage = "text" in answer && /^\s*</.test(answer.text);
      if (isPage) return { status: "page", reason: "a web page came as the answer" };
      return { status: "sent", rejectedCount: 0, reason: "" };
    }
    case "partial-success": {
      const rejectedCount = Math.min(result.rejectedCount, spans.length);
      const refused = `The endpoint refused ${rejectedCount} of ${spans.length} observations`;
      return { status: "sent", rejectedCount, reason: `${refused}: ${result.reason}` };
    }
    default:
      return result;
  }
}
