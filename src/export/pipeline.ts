import { textLengthOf } from "../attributes/record-size";
import type { BoundTrace, SpanRecord, SpanSink } from "../attributes/span-record";
import { NO_TRACE_ATTRIBUTES, type TraceAttributes } from "../attributes/trace-attributes";
import type { TargetConfig } from "../config/targets";
import type { DeliveryEvent, FlushReport, Stats } from "../diagnostics/stats";
import { allTrue, allWithin } from "./all-within";
import { encodeTraceAttributes } from "./encode-span";
import type { EncodedSpan } from "./encoded-span";
import { Hold } from "./hold";
import type { ScoreBody } from "./ingestion/ingestion-event";
import { createScoreEvent } from "./ingestion/score-event";
import { Intake, type IntakeOptions } from "./intake";
import { PendingWork } from "./pending-work";
import { layAllOnce } from "./redaction/lay-once";
import type { Redaction } from "./redaction/redaction";
import { traceIdOf } from "./span-lane";
import { stamp, stampFrom } from "./stamp";
import { sumStats } from "./sum-stats";
import type { Target } from "./target";

export interface PipelineOptions extends IntakeOptions {
  readonly holdMs: number;
  readonly maxHoldBytes: number;
  readonly shutdownTimeoutMs: number;
}

/** What became of a target's items when it was closed. */
export interface ClosedTarget {
  readonly config: TargetConfig;
  readonly lastError: string | undefined;
  /** On disk, for the next start. */
  readonly kept: number;
  readonly lost: number;
}

/** Of a last flush's time: what waits for a mask or an upload has to be sent after it. */
const LAST_WAIT_SHARE = 0.5;

/**
 * The way out: prepare (media, redaction) → encode → hold → stamp → per target: queue → batch →
 * send. Owns every span from its end to its acknowledgement. Nothing here throws into the caller.
 */
export class Pipeline implements SpanSink {
  readonly #options: PipelineOptions;
  readonly #hold: Hold<EncodedSpan>;
  readonly #intake: Intake;
  /** Targets that write to disk at once. */
  readonly #durable: readonly Target[];
  /** What waits for a mask or an upload: spans, scores, the attributes of released traces. */
  readonly #waiting: PendingWork;
  #shutdown: Promise<FlushReport> | undefined;
  #isTelling = false;

  constructor(options: PipelineOptions) {
    this.#options = options;
    this.#waiting = new PendingWork(options.maxHoldBytes, options.diagnostics);
    this.#hold = new Hold(options, (spans, attributes) => this.#release(spans, attributes));
    this.#intake = new Intake(options, this.#hold, this.#waiting);
    this.#durable = options.targets.filter(({ isDurable }) => isDurable);
  }

  /** Takes an ended span. Cost grows with its content, never with what is queued. */
  end(trace: BoundTrace, record: SpanRecord, fallback: TraceAttributes): void {
    if (this.#shutdown === undefined) this.#intake.take(trace, record, fallback);
    else this.#refuseSpan(record);
    if (trace.isOver) this.#hold.release(trace);
  }

  release(trace: BoundTrace): void {
    this.#hold.release(trace);
  }

  /** Takes a score as JSON text. Its time is now. */
  score(json: string): void {
    const { redaction, targets } = this.#options;
    const event = createScoreEvent(json, Date.now());
    if (event === undefined) return; // serializeScore always gives it an id
    if (this.#shutdown !== undefined) {
      for (const { scores } of targets) refuseOn(scores.account, Buffer.byteLength(json));
      this.#refuse("scores");
      return;
    }
    for (const target of targets) target.offer("scores");
    const deliver = (body: ScoreBody): void => {
      const bytes = Buffer.from(JSON.stringify({ ...event, body }));
      for (const target of targets) target.score(bytes);
    };
    const cleaned = redaction?.score(event.body) ?? event.body;
    if (!(cleaned instanceof Promise)) deliver(cleaned);
    else {
      this.#waiting.add(cleaned, json.length, (body) =>
        deliver(body ?? redaction?.failScore(event.body) ?? event.body),
      );
    }
  }

  /** Begins to deliver what earlier processes left on disk. */
  async adopt(): Promise<void> {
    if (this.#shutdown !== undefined) return;
    await Promise.all(this.#options.targets.map((target) => target.adopt()));
  }

  /**
   * Waits for everything that ended before the call, also what is held, in flight or on disk.
   * Resolves at the latest after `timeoutMs`; never rejects.
   * @param leavesOnFailure - do not wait for a failing endpoint where the disk keeps what is left, and
   * for masks and uploads only so long that there is time to send what waits for them
   */
  async flush(timeoutMs: number, leavesOnFailure = false): Promise<FlushReport> {
    const startedAt = performance.now();
    const deadlineAt = startedAt + timeoutMs;
    this.#hold.releaseAll();
    const drains = [this.#drain(deadlineAt, leavesOnFailure)];
    if (!this.#waiting.isEmpty) drains.push(this.#drainWaiting(deadlineAt, leavesOnFailure));
    const isComplete = await allTrue(drains);
    return this.#report(isComplete, performance.now() - startedAt);
  }

  /** Flushes, then refuses what comes. The same promise each time. */
  shutdown(): Promise<FlushReport> {
    this.#shutdown ??= this.#flushAndClose();
    return this.#shutdown;
  }

  /** Ends the requests on their way without settling anything; see `Transport.interrupt`. */
  async interrupt(): Promise<void> {
    await Promise.all(this.#options.targets.map(({ transport }) => transport.interrupt()));
  }

  /**
   * What cannot wait: the process exits now. Puts everything on disk where there is one, and drops
   * the rest.
   */
  closeSync(reason: string): readonly ClosedTarget[] {
    this.#expireWaiting();
    return this.#options.targets.map((target) => {
      const { lastError } = target.stats();
      return { config: target.config, lastError, ...target.close(reason) };
    });
  }

  stats(): Stats {
    const targets = this.#options.targets.map((target) => target.stats());
    return { ...sumStats(targets), held: this.#hold.spanCount, targets };
  }

  async #flushAndClose(): Promise<FlushReport> {
    const { isComplete, durationMs } = await this.flush(this.#options.shutdownTimeoutMs, true);
    await Promise.all(this.#options.targets.map((target) => target.halt()));
    this.closeSync("shut down");
    return this.#report(isComplete, durationMs);
  }

  /** What waits for masks and uploads, then its traces' attributes, and then delivery. */
  async #drainWaiting(deadlineAt: number, leavesOnFailure: boolean): Promise<boolean> {
    const settle = async (): Promise<boolean> => {
      await this.#waiting.idle();
      if (performance.now() >= deadlineAt) return false; // nobody flushes any more
      this.#hold.releaseAll();
      await this.#waiting.idle();
      return true;
    };
    const leftMs = deadlineAt - performance.now();
    const isSettled = await allWithin(
      [settle()],
      leavesOnFailure ? leftMs * LAST_WAIT_SHARE : leftMs,
    );
    if (!isSettled) {
      if (!leavesOnFailure) return false;
      this.#expireWaiting();
    }
    return this.#drain(deadlineAt, leavesOnFailure);
  }

  /** Lets everything go on, without masks and uploads that have not answered. */
  #expireWaiting(): void {
    this.#waiting.expireAll();
    this.#hold.releaseAll();
    this.#waiting.expireAll(); // their traces' attributes
  }

  /** @returns whether everything that was pending is settled by then */
  async #drain(deadlineAt: number, leavesOnFailure: boolean): Promise<boolean> {
    const { targets } = this.#options;
    const drained = targets.map((target) => target.drain({ deadlineAt, leavesOnFailure }));
    const isComplete = await allWithin(drained, deadlineAt - performance.now());
    for (const target of targets) target.expireDrains();
    return isComplete;
  }

  /** Lets released spans go on when the attributes of their trace are what may leave. */
  #release(spans: readonly EncodedSpan[], traceAttributes: TraceAttributes): void {
    const { redaction } = this.#options;
    if (redaction !== undefined) {
      this.#releaseClean(spans, traceAttributes, redaction);
      return;
    }
    stampFrom(spans, traceAttributes);
    this.#deliver(spans, traceAttributes);
  }

  #releaseClean(
    spans: readonly EncodedSpan[],
    traceAttributes: TraceAttributes,
    redaction: Redaction,
  ): void {
    const fallbacks = spans.map(({ binding }) => binding.fallback);
    const attributes = [traceAttributes, ...layAllOnce(fallbacks, traceAttributes)];
    const goOn = ([
      ofTrace = NO_TRACE_ATTRIBUTES,
      ...ofSpans
    ]: readonly TraceAttributes[]): void => {
      stamp(spans, (_, index) => ofSpans[index] ?? NO_TRACE_ATTRIBUTES);
      this.#deliver(spans, ofTrace);
    };
    const answers = attributes.map((one) => redaction.trace(one));
    if (isKnown(answers)) goOn(answers);
    else {
      const byteLength = spans.reduce((sum, { bodyLength }) => sum + bodyLength, 0);
      this.#waiting.add(Promise.all(answers), byteLength, (cleaned) =>
        goOn(cleaned ?? attributes.map((one) => redaction.failTrace(one))),
      );
    }
  }

  /** @param traceAttributes - that what is on disk of the trace is given, too */
  #deliver(spans: readonly EncodedSpan[], traceAttributes: TraceAttributes): void {
    if (this.#durable.length > 0) this.#rebind(spans, traceAttributes);
    for (let at = 0; at < spans.length; at += 1) spans[at]?.depart();
  }

  /** What is on disk of the trace learns its attributes. */
  #rebind([first]: readonly EncodedSpan[], traceAttributes: TraceAttributes): void {
    if (first === undefined) return;
    const bytes = encodeTraceAttributes(traceAttributes, NO_TRACE_ATTRIBUTES);
    for (const target of this.#durable) target.rebind(traceIdOf(first), bytes);
  }

  #refuseSpan(record: SpanRecord): void {
    const targets = this.#intake.targetsFor(record);
    for (const { spans } of targets) refuseOn(spans.account, textLengthOf(record));
    if (targets.length > 0) this.#refuse("spans");
  }

  #refuse(signal: DeliveryEvent["signal"]): void {
    const reason = AFTER_SHUTDOWN;
    if (!this.#isTelling) {
      this.#isTelling = true; // whoever is told may trace, and so end another span
      this.#options.onEvent({ kind: "dropped", signal, count: 1, reason });
      this.#isTelling = false;
    }
    this.#options.diagnostics.warnOnce(
      `${signal} ${reason}`,
      `Dropping ${signal} that ended ${reason}(). Call it last.`,
    );
  }

  #report(isComplete: boolean, durationMs: number): FlushReport {
    const targets = this.#options.targets.map((target) => target.stats());
    const books = sumStats(targets);
    const { offered, delivered, scores } = books;
    const lastError = targets.find((target) => target.lastError !== undefined)?.lastError;
    return {
      ...books,
      isComplete,
      isAllDelivered: delivered === offered && scores.delivered === scores.offered,
      durationMs: Math.round(durationMs * 10) / 10,
      ...(lastError === undefined ? {} : { lastError }),
    };
  }
}

function isKnown<T>(answers: readonly (T | Promise<T>)[]): answers is readonly T[] {
  return !answers.some((answer) => answer instanceof Promise);
}

const AFTER_SHUTDOWN = "after shutdown";

function refuseOn(
  account: { offer(bytes: number): void; settle(o: "dropped", b: number, r: string): void },
  byteLength: number,
): void {
  account.offer(byteLength);
  account.settle("dropped", byteLength, AFTER_SHUTDOWN);
}
