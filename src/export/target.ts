import { createHash } from "node:crypto";
import { join } from "node:path";
import type { SpoolConfig } from "../config/schema";
import type { TargetConfig } from "../config/targets";
import type { Diagnostics } from "../diagnostics/logger";
import type { DeliveryEvent, TargetStats } from "../diagnostics/stats";
import { allTrue } from "./all-within";
import type { DrainWait } from "./delivery-options";
import type { RequestHead } from "./encode-request";
import type { EncodedSpan } from "./encoded-span";
import type { Lane, LaneOptions } from "./lane";
import { createProtocol } from "./protocol";
import type { ReleasedSpan } from "./released-span";
import { createScoreItem, createScoreLane, type ScoreItem, toScoreRecord } from "./score-lane";
import { createSpanLane, type SpanItem, toSpanRecord } from "./span-lane";
import { openSpool } from "./spool/open-spool";
import type { SpoolTicket } from "./spool/spool";
import type { Transport } from "./transport";

/** Requests with spans at the same time. */
export const SPAN_CONCURRENCY = 4;
const SCORE_CONCURRENCY = 1;
/** Scores in one request. */
const MAX_BATCH_SCORES = 100;

export interface TargetLimits {
  readonly flushIntervalMs: number;
  readonly maxBatchSpans: number;
  readonly maxBatchBytes: number;
  readonly maxQueueBytes: number;
  readonly maxFieldBytes: number;
}

/** Opens the folder of one signal. */
export type OpenSpool = NonNullable<LaneOptions<never>["openSpool"]>;

export interface TargetOptions {
  readonly config: TargetConfig;
  readonly limits: TargetLimits;
  readonly spool: SpoolConfig | undefined;
  /** Folders to deliver from, instead of those below `spool`; a signal that is not named has none. */
  readonly openSpool?: { readonly spans?: OpenSpool; readonly scores?: OpenSpool };
  readonly head: RequestHead;
  readonly transport: Transport;
  /** The client has no other target: messages need not name it. */
  readonly isOnly: boolean;
  readonly diagnostics: Diagnostics;
  /** Never throws. */
  readonly onEvent: (event: DeliveryEvent) => void;
}

/** One endpoint with all that belongs to it: a dead one does not hurt another. */
export class Target {
  readonly config: TargetConfig;
  readonly transport: Transport;
  readonly spans: Lane<SpanItem>;
  readonly scores: Lane<ScoreItem>;
  /** Spans are on disk from their end on, scores from when they are given. */
  readonly isDurable: boolean;

  constructor(options: TargetOptions) {
    const { config, limits, spool, head, transport, isOnly, diagnostics, onEvent } = options;
    this.config = config;
    this.transport = transport;
    const endpoint = { name: config.name, isOnly };
    const protocol = createProtocol({ config, head, transport, diagnostics });
    const openFolder = (signal: "spans" | "scores"): OpenSpool | undefined => {
      if (options.openSpool !== undefined) return options.openSpool[signal];
      if (spool === undefined) return undefined;
      const dir = join(spool.dir, folderOf(config), signal);
      return (onLost) => openSpool({ dir, maxBytes: spool.maxBytes, diagnostics, onLost });
    };
    this.isDurable = spool?.durable ?? false;
    const { flushIntervalMs, maxBatchSpans, maxBatchBytes, maxQueueBytes, maxFieldBytes } = limits;
    this.spans = createSpanLane({
      limits: {
        flushIntervalMs,
        maxBatchItems: maxBatchSpans,
        maxBatchBytes,
        maxQueueBytes,
        concurrency: SPAN_CONCURRENCY,
      },
      send: protocol.sendSpans,
      openSpool: openFolder("spans"),
      maxFieldBytes,
      endpoint,
      diagnostics,
      onEvent,
    });
    this.scores = createScoreLane({
      limits: {
        flushIntervalMs,
        maxBatchItems: MAX_BATCH_SCORES,
        maxBatchBytes,
        maxQueueBytes,
        concurrency: SCORE_CONCURRENCY,
      },
      send: protocol.sendScores,
      openSpool: openFolder("scores"),
      endpoint,
      diagnostics,
      onEvent,
    });
  }

  /** Puts a span that was offered on disk where the client is durable, now that its bytes are known. */
  journal(
    span: Pick<ReleasedSpan, "body" | "traceAttributes" | "isRoot">,
  ): SpoolTicket | undefined {
    return this.isDurable ? this.spans.journal(toSpanRecord(span)) : undefined;
  }

  /** Takes a span whose trace attributes are final. Its body is on the account already. */
  deliver(span: EncodedSpan, ticket: SpoolTicket | undefined): void {
    this.spans.account.grow(span.byteLength - span.bodyLength);
    span.ticket = ticket;
    this.spans.deliver(span);
  }

  /** The attributes of a trace have changed since its spans were written to disk. */
  rebind(traceId: string, traceAttributes: Buffer): void {
    if (this.isDurable) this.spans.bind(traceId, traceAttributes);
  }

  /** Puts a score that was offered on disk where the client is durable, and on its way. */
  score(body: Buffer): void {
    this.scores.account.grow(body.length);
    const ticket = this.isDurable ? this.scores.journal(toScoreRecord(body)) : undefined;
    this.scores.deliver(createScoreItem(body, ticket));
  }

  /** Counts an item from its end on; its bytes follow where they are known. */
  offer(signal: "spans" | "scores"): void {
    this[signal].account.offer(0);
  }

  /** See {@link Lane.adopt}. */
  async adopt(): Promise<void> {
    await Promise.all([this.spans.adopt(), this.scores.adopt()]);
  }

  /** See {@link Lane.drain}. */
  drain(wait: DrainWait): Promise<boolean> {
    const lanes = [this.spans, this.scores].filter(({ isDrained }) => !isDrained);
    return allTrue(lanes.map((lane) => lane.drain(wait)));
  }

  /** Ends the requests under way and starts no more. Resolves when they are counted. */
  async halt(): Promise<void> {
    const halted = [this.spans.halt(), this.scores.halt()];
    await this.transport.close();
    await Promise.all(halted);
  }

  /** See {@link Lane.expireDrains}. */
  expireDrains(): void {
    this.spans.expireDrains();
    this.scores.expireDrains();
  }

  /** See {@link Lane.close}. */
  close(reason: string): { kept: number; lost: number } {
    const spans = this.spans.close(reason);
    const scores = this.scores.close(reason);
    return { kept: spans.kept + scores.kept, lost: spans.lost + scores.lost };
  }

  stats(): TargetStats {
    const spans = this.spans.stats();
    const scores = this.scores.stats();
    const lastError = this.spans.lastError ?? this.scores.lastError;
    return {
      name: this.config.name,
      ...spans.counts,
      bytes: spans.bytes,
      reasons: spans.reasons,
      spooled: spans.spooled,
      scores: { ...scores.counts, reasons: scores.reasons },
      ...(lastError === undefined ? {} : { lastError }),
    };
  }
}

/** Folder of a target on disk: what was meant for one endpoint never goes to another. */
export function folderOf({ tracesUrl, publicKey }: TargetConfig): string {
  const host = new URL(tracesUrl).host.replace(/[^a-zA-Z0-9.-]/g, "-");
  const digest = createHash("sha256")
    .update(`${tracesUrl}\n${publicKey ?? ""}`)
    .digest("hex");
  return `${host}-${digest.slice(0, 8)}`;
}
