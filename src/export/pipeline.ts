import type { BoundTrace, SpanRecord, SpanSink } from "../attributes/span-record";
import type { TraceAttributes } from "../attributes/trace-attributes";
import type { Diagnostics } from "../diagnostics/logger";
import type { DeliveryEvent, FlushReport, Stats } from "../diagnostics/stats";
import { Account } from "./account";
import { Delivery } from "./delivery";
import { createRequestEncoder, type RequestHead } from "./encode-request";
import { encodeSpan } from "./encode-span";
import { Hold } from "./hold";
import type { ReleasedSpan } from "./released-span";
import { send } from "./send";
import type { Transport } from "./transport";

/** Spans in requests at the same time. */
export const SPAN_CONCURRENCY = 4;
/** Scores go one per request. */
const SCORE_CONCURRENCY = 4;
/** Longest wait for requests that were ended to say so. */
const CLOSE_TIMEOUT_MS = 1_000;

export interface PipelineOptions {
  readonly tracesUrl: string;
  /** Undefined: the endpoint takes no scores (a plain OTLP collector). */
  readonly scoresUrl: string | undefined;
  readonly head: RequestHead;
  readonly flushIntervalMs: number;
  readonly maxBatchSpans: number;
  readonly maxBatchBytes: number;
  readonly maxQueueBytes: number;
  readonly holdMs: number;
  readonly maxHoldBytes: number;
  readonly shutdownTimeoutMs: number;
  readonly transport: Transport;
  readonly diagnostics: Diagnostics;
  /** Never throws. */
  readonly onEvent: (event: DeliveryEvent) => void;
}

/** A score as the body of `POST /api/public/scores`, already serialised. */
interface QueuedScore {
  readonly body: Buffer;
  readonly byteLength: number;
  readonly isRoot: true;
}

/**
 * The way out: encode → hold → queue → batch → send. Owns every span from its end to its
 * acknowledgement and keeps the books on it. Nothing here throws into the caller.
 */
export class Pipeline implements SpanSink {
  readonly #options: PipelineOptions;
  readonly #spanAccount = new Account();
  readonly #scoreAccount = new Account();
  readonly #hold: Hold;
  readonly #spans: Delivery<ReleasedSpan>;
  readonly #scores: Delivery<QueuedScore>;
  #shutdown: Promise<FlushReport> | undefined;

  constructor(options: PipelineOptions) {
    this.#options = options;
    const { transport, diagnostics, onEvent, tracesUrl, scoresUrl } = options;
    const encodeRequest = createRequestEncoder(options.head);
    this.#spans = new Delivery<ReleasedSpan>({
      signal: "spans",
      limits: {
        flushIntervalMs: options.flushIntervalMs,
        maxBatchItems: options.maxBatchSpans,
        maxBatchBytes: options.maxBatchBytes,
        maxQueueBytes: options.maxQueueBytes,
        concurrency: SPAN_CONCURRENCY,
      },
      send: (spans) =>
        send(transport, {
          url: tracesUrl,
          contentType: "application/x-protobuf",
          body: encodeRequest(spans),
        }),
      account: this.#spanAccount,
      diagnostics,
      onEvent,
    });
    this.#scores = new Delivery<QueuedScore>({
      signal: "scores",
      limits: {
        flushIntervalMs: options.flushIntervalMs,
        maxBatchItems: 1,
        maxBatchBytes: options.maxBatchBytes,
        maxQueueBytes: options.maxQueueBytes,
        concurrency: SCORE_CONCURRENCY,
      },
      send: async ([score]) =>
        score === undefined || scoresUrl === undefined
          ? { status: "rejected", code: "no address", reason: "this endpoint takes no scores" }
          : send(transport, { url: scoresUrl, contentType: "application/json", body: score.body }),
      account: this.#scoreAccount,
      diagnostics,
      onEvent,
    });
    this.#hold = new Hold(options, (span) => {
      this.#spanAccount.grow(span.byteLength - span.body.length);
      this.#spans.offer(span);
    });
  }

  /** Takes an ended span. Cost grows with its content, never with what is queued. */
  end(trace: BoundTrace, record: SpanRecord, fallback: TraceAttributes): void {
    const body = this.#encode(record);
    if (body === undefined) return;
    this.#spanAccount.offer(body.length);
    if (this.#shutdown !== undefined) {
      this.#refuse(this.#spanAccount, "spans", body.length);
      return;
    }
    this.#hold.add(trace, { body, isRoot: record.isRoot, own: record.own, fallback });
    if (trace.isOver) this.#hold.release(trace);
  }

  release(trace: BoundTrace): void {
    this.#hold.release(trace);
  }

  /** Takes a score as JSON text. */
  score(json: string): void {
    const body = Buffer.from(json);
    this.#scoreAccount.offer(body.length);
    if (this.#shutdown !== undefined) {
      this.#refuse(this.#scoreAccount, "scores", body.length);
      return;
    }
    this.#scores.offer({ body, byteLength: body.length, isRoot: true });
  }

  /**
   * Waits for everything that ended before the call, also what is held or in flight. Resolves at
   * the latest after `timeoutMs`; never rejects.
   */
  async flush(timeoutMs: number): Promise<FlushReport> {
    const startedAt = performance.now();
    this.#hold.releaseAll();
    const isComplete = await this.#drain(timeoutMs);
    return this.#report(isComplete, performance.now() - startedAt);
  }

  /** Flushes, then refuses what comes. The same promise each time. */
  shutdown(): Promise<FlushReport> {
    this.#shutdown ??= this.#flushAndClose();
    return this.#shutdown;
  }

  stats(): Stats {
    return {
      ...this.#spanAccount.counts,
      bytes: this.#spanAccount.bytes,
      reasons: this.#spanAccount.reasons,
      held: this.#hold.spanCount,
      scores: { ...this.#scoreAccount.counts, reasons: this.#scoreAccount.reasons },
    };
  }

  async #flushAndClose(): Promise<FlushReport> {
    const { isComplete, durationMs } = await this.flush(this.#options.shutdownTimeoutMs);
    this.#hold.releaseAll();
    this.#spans.dropPending("shut down");
    this.#scores.dropPending("shut down");
    await this.#options.transport.close();
    // What was in flight fails now; the report tells it.
    await this.#drain(CLOSE_TIMEOUT_MS);
    return this.#report(isComplete, durationMs);
  }

  /** @returns whether all that was pending settled within `timeoutMs` */
  async #drain(timeoutMs: number): Promise<boolean> {
    const deadline = new AbortController();
    const drains = [this.#spans.drain(deadline.signal), this.#scores.drain(deadline.signal)];
    const isComplete = await settlesWithin(Promise.all(drains), timeoutMs);
    deadline.abort(); // nobody waits any more
    return isComplete;
  }

  /** A span that cannot be encoded is rejected alone. */
  #encode(record: SpanRecord): Buffer | undefined {
    try {
      return encodeSpan(record);
    } catch (error) {
      const reason = `cannot be encoded (${error instanceof Error ? error.name : "unknown"})`;
      this.#spanAccount.offer(0);
      this.#spanAccount.settle("rejected", 0, reason);
      this.#options.onEvent({ kind: "rejected", signal: "spans", count: 1, reason });
      this.#options.diagnostics.warnOnce(`spans ${reason}`, `A span ${reason}.`);
      return undefined;
    }
  }

  #refuse(account: Account, signal: DeliveryEvent["signal"], byteLength: number): void {
    const reason = "after shutdown";
    account.settle("dropped", byteLength, reason);
    this.#options.onEvent({ kind: "dropped", signal, count: 1, reason });
    this.#options.diagnostics.warnOnce(
      `${signal} ${reason}`,
      `Dropping ${signal} that ended ${reason}(). Call it last.`,
    );
  }

  #report(isComplete: boolean, durationMs: number): FlushReport {
    const { bytes: _, held: __, ...counts } = this.stats();
    const lastError = this.#spans.lastError ?? this.#scores.lastError;
    return {
      ...counts,
      isComplete,
      durationMs,
      ...(lastError === undefined ? {} : { lastError }),
    };
  }
}

/** @returns whether `work` settled within `timeoutMs`; the timer keeps the process alive meanwhile */
function settlesWithin(work: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    // A longer delay would overflow and end at once.
    const timer = setTimeout(() => resolve(false), Math.min(timeoutMs, 2 ** 31 - 1));
    void work.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
