import type { TargetConfig } from "../config/targets";
import type { Diagnostics } from "../diagnostics/logger";
import { BodyPool } from "./body-pool";
import { createRequestEncoder, type RequestHead } from "./encode-request";
import { createIngestionSender } from "./ingestion/send-events";
import type { ScoreItem } from "./score-lane";
import { type Failure, type SendResult, send } from "./send";
import type { SpanItem } from "./span-lane";
import type { Transport } from "./transport";

export interface ProtocolOptions {
  readonly config: TargetConfig;
  readonly head: RequestHead;
  readonly transport: Transport;
  readonly diagnostics: Diagnostics;
}

/** What is sent where, and what the answer means per item. One attempt each; never rejects. */
export interface ProtocolSender {
  sendSpans(items: readonly SpanItem[]): Promise<SendResult<SpanItem>>;
  sendScores(items: readonly ScoreItem[]): Promise<SendResult<ScoreItem>>;
}

const NO_SCORES: Failure = {
  code: "no address",
  reason: "this endpoint takes no scores: give baseUrl instead of endpoint",
};

/**
 * Speaks to one endpoint: spans as OTLP, or as the legacy batch, as configured or found out; scores
 * always as events of the legacy batch, which every Langfuse takes.
 */
export function createProtocol({
  config,
  head,
  transport,
  diagnostics,
}: ProtocolOptions): ProtocolSender {
  const encodeRequest = createRequestEncoder(head);
  const bodies = new BodyPool();
  const { ingestionUrl, tracesUrl, name } = config;
  const ingestion =
    ingestionUrl === undefined
      ? undefined
      : createIngestionSender(transport, ingestionUrl, {
          environment: head.environment,
          release: head.release,
        });
  let isLegacy = config.protocol === "ingestion" && ingestion !== undefined;

  return {
    async sendSpans(items) {
      if (isLegacy && ingestion !== undefined) return ingestion.sendSpans(items);
      const { pieces, ownMemory } = encodeRequest(items, {
        isInOnePiece: config.isGzipWanted,
        allocate: (wanted) => bodies.take(wanted),
      });
      const result = await send(transport, {
        url: tracesUrl,
        contentType: "application/x-protobuf",
        body: pieces,
        ...(ownMemory && { onBodyFree: () => bodies.giveBack(ownMemory) }),
        isGzipWanted: config.isGzipWanted,
      });
      const hasNoPath = result.status === "blocked" && result.httpStatus === 404;
      if (!hasNoPath || config.protocol !== "auto" || ingestion === undefined) return result;
      // Nothing of the batch was taken: an older server gets it the older way, if it knows that one.
      const legacyResult = await ingestion.sendSpans(items);
      if (legacyResult.status === "blocked") return result;
      const isTaken = legacyResult.status === "delivered" || legacyResult.status === "per-item";
      if (!isTaken) return legacyResult; // not yet known which of the two it lacks for good
      isLegacy = true;
      diagnostics.warnOnce(
        `legacy ${name}`,
        `${name} has no OTLP path (Langfuse before 3.22): using its legacy protocol. Set protocol: "ingestion" to skip the attempt.`,
      );
      return legacyResult;
    },
    async sendScores(items) {
      if (ingestion !== undefined) return ingestion.sendScores(items);
      const rejected = items.map((item) => ({ item, failure: NO_SCORES }));
      return { status: "per-item", rejected, retryable: undefined };
    },
  };
}
