import type { BoundTrace, SpanRecord, SpanSink } from "../attributes/span-record";
import { layTraceAttributes, type TraceAttributes } from "../attributes/trace-attributes";
import type { ExportCandidate } from "../config/export-candidate";
import type { TargetConfig } from "../config/targets";
import { callHook } from "../diagnostics/guard";
import type { Diagnostics } from "../diagnostics/logger";
import type { DeliveryEvent, FlushReport, Stats } from "../diagnostics/stats";
import { encodeSpan, encodeTraceAttributes } from "./encode-span";
import { type HeldSpan, Hold } from "./hold";
import { createScoreEvent } from "./ingestion/score-event";
import { traceIdOf } from "./span-lane";
import type { SpoolTicket } from "./spool/spool";
import { sumStats } from "./sum-stats";
import type { Target } from "./target";

export interface PipelineOptions {
  /** At least one. */
  readonly targets: readonly Target[];
  readonly holdMs: number;
  readonly maxHoldBytes: number;
  readonly shutdownTimeoutMs: number;
  readonly diagnostics: Diagnostics;
  /** Never throws. */
  readonly onEvent: (event: DeliveryEvent) => void;
}

/** What became of a target's items when it was closed. */
export interface ClosedTarget {
  readonly config: TargetConfig;
  readonly lastError: string | undefined;
  /** On disk, for the next start. */
  readonly kept: number;
  readonly lost: number;
}

/** A target that a held span goes to, and the span's place on that target's disk. */
interface Passage {
  readonly target: Target;
  readonly ticket: SpoolTicket | undefined;
}

const NOTHING = Buffer.alloc(0);

/**
 * The way out: encode → hold → per target: queue → batch → send. Owns every span from its end to
 * its acknowledgement. Nothing here throws into the caller.
 */
export class Pipeline implements SpanSink {
  readonly #options: PipelineOptions;
  readonly #hold: Hold<readonly Passage[]>;
  /** To every target, none of which writes to disk at once: what most spans take. */
  readonly #plainPassages: readonly Passage[];
  readonly #hasRoutes: boolean;
  readonly #isDurable: boolean;
  #shutdown: Promise<FlushReport> | undefined;
  #isTelling = false;

  constructor(options: PipelineOptions) {
    this.#options = options;
    const { targets } = options;
    this.#plainPassages = targets.map((target) => ({ target, ticket: undefined }));
    this.#hasRoutes = targets.some(({ config }) => config.route !== undefined);
    this.#isDurable = targets.some(({ isDurable }) => isDurable);
    this.#hold = new Hold(options, {
      bind: (spans, traceAttributes) => this.#rebind(spans, traceAttributes),
      release: (span, passages) => {
        for (const { target, ticket } of passages) target.deliver(span, ticket);
      },
    });
  }

  /** Takes an ended span. Cost grows with its content, never with what is queued. */
  end(trace: BoundTrace, record: SpanRecord, fallback: TraceAttributes): void {
    const targets = this.#hasRoutes ? this.#targetsFor(record) : this.#options.targets;
    const body = this.#encode(record, targets);
    if (body !== undefined) {
      const extra = this.#admit(targets, body, trace, record, fallback);
      if (this.#shutdown !== undefined) this.#refuse("spans");
      else this.#hold.add(trace, { body, isRoot: record.isRoot, own: record.own, fallback, extra });
    }
    if (trace.isOver) this.#hold.release(trace);
  }

  release(trace: BoundTrace): void {
    this.#hold.release(trace);
  }

  /** Takes a score as JSON text. Its time is now. */
  score(json: string): void {
    const event = createScoreEvent(json, Date.now());
    if (event === undefined) return; // serializeScore always gives it an id
    const body = Buffer.from(JSON.stringify(event));
    if (this.#shutdown !== undefined) {
      for (const { scores } of this.#options.targets) refuseOn(scores.account, body.length);
      this.#refuse("scores");
      return;
    }
    for (const target of this.#options.targets) target.score(body);
  }

  /** Begins to deliver what earlier processes left on disk. */
  async adopt(): Promise<void> {
    if (this.#shutdown !== undefined) return;
    await Promise.all(this.#options.targets.map((target) => target.adopt()));
  }

  /**
   * Waits for everything that ended before the call, also what is held, in flight or on disk.
   * Resolves at the latest after `timeoutMs`; never rejects.
   * @param leavesOnFailure - do not wait for a failing endpoint where the disk keeps what is left
   */
  async flush(timeoutMs: number, leavesOnFailure = false): Promise<FlushReport> {
    const startedAt = performance.now();
    this.#hold.releaseAll();
    const isComplete = await this.#drain(timeoutMs, leavesOnFailure);
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
    this.#hold.releaseAll();
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

  /** @returns whether everything that was pending is settled within `timeoutMs` */
  async #drain(timeoutMs: number, leavesOnFailure: boolean): Promise<boolean> {
    const { targets } = this.#options;
    const deadlineAt = performance.now() + timeoutMs;
    const drained = targets.map((target) => target.drain({ deadlineAt, leavesOnFailure }));
    const isComplete = await allWithin(drained, timeoutMs);
    for (const target of targets) target.expireDrains();
    return isComplete;
  }

  #targetsFor(record: SpanRecord): readonly Target[] {
    const candidate: ExportCandidate = {
      name: record.name,
      type: record.type,
      level: record.level ?? "DEFAULT",
      traceId: record.traceId,
      id: record.spanId,
      parentId: record.parentSpanId,
      durationMs: record.endMs - record.startMs,
    };
    const { targets, diagnostics } = this.#options;
    return targets.filter(({ config: { route } }) => {
      if (route === undefined) return true;
      // A predicate that fails keeps the span: better one too many than one lost.
      return callHook(diagnostics, () => route(candidate)) !== false;
    });
  }

  /** A span that cannot be encoded is rejected alone. */
  #encode(record: SpanRecord, targets: readonly Target[]): Buffer | undefined {
    if (targets.length === 0) return undefined;
    try {
      return encodeSpan(record);
    } catch (error) {
      const reason = `cannot be encoded (${error instanceof Error ? error.name : "unknown"})`;
      for (const { spans } of targets) {
        spans.account.offer(0);
        spans.account.settle("rejected", 0, reason);
      }
      this.#options.onEvent({ kind: "rejected", signal: "spans", count: 1, reason });
      this.#options.diagnostics.warnOnce(`spans ${reason}`, `A span ${reason}.`);
      return undefined;
    }
  }

  /** Puts a span on the account of each target, and on disk where the client is durable. */
  #admit(
    targets: readonly Target[],
    body: Buffer,
    trace: BoundTrace,
    { isRoot, own }: SpanRecord,
    fallback: TraceAttributes,
  ): readonly Passage[] {
    if (this.#shutdown !== undefined) {
      for (const { spans } of targets) refuseOn(spans.account, body.length);
      return [];
    }
    const traceAttributes = this.#isDurable
      ? encodeTraceAttributes(layTraceAttributes(fallback, trace.attributes), own)
      : NOTHING;
    const tickets = targets.map((target) => target.admit({ body, traceAttributes, isRoot }));
    if (!this.#isDurable && targets === this.#options.targets) return this.#plainPassages;
    return targets.map((target, index) => ({ target, ticket: tickets[index] }));
  }

  #rebind(spans: readonly HeldSpan<readonly Passage[]>[], traceAttributes: Buffer): void {
    const [first] = spans;
    if (!this.#isDurable || first === undefined) return;
    const traceId = traceIdOf(first);
    for (const target of this.#options.targets) target.rebind(traceId, traceAttributes);
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
    const { targets, held: _, ...counts } = this.stats();
    const { offered, delivered, scores } = counts;
    const lastError = targets.find((target) => target.lastError !== undefined)?.lastError;
    return {
      ...counts,
      isComplete,
      isAllDelivered: delivered === offered && scores.delivered === scores.offered,
      durationMs: Math.round(durationMs * 10) / 10,
      ...(lastError === undefined ? {} : { lastError }),
    };
  }
}

/** What a timer can wait; a longer delay would overflow and end at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;
const AFTER_SHUTDOWN = "after shutdown";

function refuseOn(
  account: { offer(bytes: number): void; settle(o: "dropped", b: number, r: string): void },
  byteLength: number,
): void {
  account.offer(byteLength);
  account.settle("dropped", byteLength, AFTER_SHUTDOWN);
}

/** @returns whether all are true within `timeoutMs`; the timer keeps the process alive meanwhile */
function allWithin(all: readonly Promise<boolean>[], timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), Math.min(timeoutMs, MAX_TIMER_MS));
    void Promise.all(all).then((results) => {
      clearTimeout(timer);
      resolve(results.every(Boolean));
    });
  });
}
