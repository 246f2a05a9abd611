import { SpanId } from "../attributes/ids";
import type { ObservationType } from "../attributes/observation-types";
import type { SpanRecord } from "../attributes/span-record";
import {
  layTraceAttributes,
  NO_TRACE_ATTRIBUTES,
  type TraceAttributes,
} from "../attributes/trace-attributes";
import { toExportCandidate } from "../config/export-candidate";
import type { Entry } from "../context/context-store";
import { ASYNC_DISPOSE, DISPOSE } from "../context/dispose-symbols";
import { callHook, guard, reportDefect } from "../diagnostics/guard";
import { applyFields } from "./apply-fields";
import { createRecord } from "./create-record";
import { describeException } from "./describe-exception";
import { type Observation, StartingPoint } from "./observation";
import { replaceMedia } from "./record-media";
import { serializeScore } from "./scores";
import type { TraceState } from "./trace-state";
import { scopeWithin, type TraceFrame, type Tracer } from "./tracer";
import type {
  NameOrOptions,
  ObservationFields,
  ScoreFields,
  TimeInput,
  TraceFields,
} from "./types";

/**
 * Errors of one observation beyond this change its status only.
 * Spec: https://opentelemetry.io/docs/specs/otel/trace/sdk/#span-limits (EventCountLimit)
 */
const MAX_EXCEPTIONS = 128;

/** How an observation begins. */
export interface RecordedStart {
  readonly trace: TraceState;
  readonly parentSpanId: SpanId | undefined;
  readonly type: ObservationType;
  /** Trace attributes that are the span's own. */
  readonly own: TraceAttributes;
  /** A name stands for options with nothing else. */
  readonly options: NameOrOptions;
  /** When it starts, unless the options say otherwise; in milliseconds since the trace's `epochMs`. */
  readonly nowMs: number;
}

/** What a result tells of itself. */
interface ResultFacts {
  /** When the first part of a stream came, in milliseconds since the start. */
  readonly firstMs: number | undefined;
  /** See PLAYHEAD_KEYS.streamTimeline. */
  readonly timeline: string | undefined;
  readonly model: string | undefined;
  readonly usageDetails: Readonly<Record<string, number>> | undefined;
}

/**
 * A span being recorded, or standing in for one where the trace is not recorded. How it starts
 * children is the business of `start-observation.ts`.
 */
export abstract class RecordedObservation extends StartingPoint implements Observation {
  readonly trace: TraceState;
  readonly type: ObservationType;
  protected readonly tracer: Tracer;
  readonly #record: SpanRecord;
  /** Trace attributes that scopes gave while this was active: for want of better. */
  #fallback: TraceAttributes = NO_TRACE_ATTRIBUTES;
  #hasEnded = false;
  /** Until the end. */
  #lastError: unknown;
  /** Where it was made current without `work`. */
  #entry: Entry | undefined;

  constructor(tracer: Tracer, { trace, parentSpanId, type, own, options, nowMs }: RecordedStart) {
    super();
    this.tracer = tracer;
    this.trace = trace;
    this.type = type;
    this.#record = createRecord({
      traceId: trace.id,
      spanId: SpanId.random(),
      parentSpanId,
      type,
      epochMs: trace.epochMs,
      startMs: readStart(tracer, trace, options) ?? nowMs,
      own,
    });
    try {
      const record = this.#record;
      if (typeof options === "string")
        record.name = tracer.reader.string("name", options) ?? record.name;
      else if (trace.isRecorded) applyFields(record, options, tracer.reader);
      else record.name = String(options.name);
    } catch (error) {
      reportDefect(tracer.diagnostics, error);
    }
  }

  get id(): string {
    return this.#record.spanId.hex;
  }

  /** @internal */
  get spanId(): SpanId {
    return this.#record.spanId;
  }

  get traceId(): string {
    return this.trace.traceId;
  }

  get name(): string {
    return this.#record.name;
  }

  get isRecording(): boolean {
    return this.trace.isRecorded && !this.#hasEnded;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  update(fields: ObservationFields): this {
    if (this.#hasEnded) {
      this.tracer.diagnostics.warnOnce(
        "update after end",
        "update() after end() changes nothing: an observation is encoded when it ends. Update it before.",
      );
    } else if (this.trace.isRecorded && isObject(fields)) {
      try {
        applyFields(this.#record, fields, this.tracer.reader);
      } catch (error) {
        reportDefect(this.tracer.diagnostics, error);
      }
    }
    return this;
  }

  updateTrace(fields: TraceFields): this {
    if (!this.trace.isRecorded || !isObject(fields)) return this;
    if (this.trace.isOver) {
      this.tracer.diagnostics.warnOnce(
        "updateTrace after end",
        "updateTrace() after the trace's root has ended reaches only spans that end from now on. Call it before.",
      );
    }
    try {
      this.trace.update(fields, this.tracer.reader);
    } catch (error) {
      reportDefect(this.tracer.diagnostics, error);
    }
    return this;
  }

  recordError(error: unknown): this {
    if (this.#hasEnded || !this.trace.isRecorded) return this;
    guard(this.tracer.diagnostics, () => {
      const { clock, reader } = this.tracer;
      const exception = describeException(error, clock.now(), reader);
      this.#record.level = "ERROR";
      this.#record.statusMessage = exception.message;
      this.#record.exceptions ??= [];
      const { exceptions } = this.#record;
      // One that is recorded in a catch and thrown again comes here twice.
      const isKnown = isObject(error) && error === this.#lastError;
      if (!isKnown && exceptions.length < MAX_EXCEPTIONS) exceptions.push(exception);
      this.#lastError = error;
    });
    return this;
  }

  end(at?: TimeInput): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#lastError = undefined;
    try {
      this.#end(at);
    } catch (error) {
      reportDefect(this.tracer.diagnostics, error);
    }
  }

  score(score: ScoreFields): this {
    return this.#score(score, { traceId: this.traceId, observationId: this.id });
  }

  scoreTrace(score: ScoreFields): this {
    return this.#score(score, { traceId: this.traceId });
  }

  // Reading the method is what `using` does first: it tells in which function it stands.
  get [DISPOSE](): () => void {
    this.#entry?.bind();
    return this.#dispose;
  }

  get [ASYNC_DISPOSE](): () => Promise<void> {
    this.#entry?.bind();
    return this.#disposeAsync;
  }

  /** A scope opened while this is active lends it its values. @internal */
  lend(scope: TraceAttributes): void {
    if (!this.#hasEnded) this.#fallback = layTraceAttributes(this.#fallback, scope);
  }

  /** Milliseconds since its start. @internal */
  get elapsedMs(): number {
    return this.tracer.clock.now() - this.#record.startMs;
  }

  /** The first part of what it answers is the first token. @internal */
  get isModelCall(): boolean {
    return this.type === "generation" || this.type === "embedding";
  }

  /** What its result tells of itself; what the user said beats it. @internal */
  setResult({ firstMs, timeline, model, usageDetails }: ResultFacts): void {
    if (this.#hasEnded) return;
    const record = this.#record;
    record.streamTimeline = timeline;
    if (!this.isModelCall) return;
    if (firstMs !== undefined) record.completionStartMs ??= record.startMs + firstMs;
    record.model ??= this.tracer.reader.string("model", model);
    record.usageDetails ??= this.tracer.reader.counts(usageDetails);
  }

  /** The frame that makes this active. @param current - what is current @internal */
  frame(current: TraceFrame | undefined): TraceFrame {
    return { active: this, scope: scopeWithin(this.trace, current) };
  }

  /** Makes this current until it is disposed of. @param current - what is current @internal */
  enter(current: TraceFrame | undefined): this {
    if (this.#entry !== undefined) return this;
    this.#entry = this.tracer.context.enter(this.frame(current), current);
    return this;
  }

  #dispose(): void {
    this.end();
    if (this.#entry?.leave() !== "left before one within") return;
    this.tracer.diagnostics.warnOnce(
      "left before one within",
      "An observation that was made current without a function was disposed of before one that was made current inside it. Dispose of the inner one first, as `using` does; where functions run at the same time, give startAsCurrentSpan() a function.",
    );
  }

  /** Nothing waits for delivery: that is what `flush()` is for. */
  async #disposeAsync(): Promise<void> {
    this.#dispose();
  }

  #end(at: TimeInput | undefined): void {
    const { clock, reader, sink } = this.tracer;
    const { trace } = this;
    const record = this.#record;
    const isRoot = record.isRoot;
    if (isRoot) trace.isOver = true;
    if (!trace.isRecorded) return;
    const given = at === undefined ? undefined : reader.time("end time", at);
    const now = record.type === "event" ? record.startMs : clock.now();
    const endMs = given === undefined ? now : given - trace.epochMs;
    record.endMs = Math.max(record.startMs, endMs);
    if (isRoot && trace.input !== undefined) this.#takeContent("input", trace.input);
    if (isRoot && trace.output !== undefined) this.#takeContent("output", trace.output);
    if (this.#mayLeave()) sink.end(trace, record, this.#fallback);
    else if (isRoot) sink.release(trace);
  }

  /** The root shows what was set for its trace. */
  #takeContent(name: "input" | "output", text: string): void {
    const record = this.#record;
    record[name] = text;
    const media = this.trace.media?.filter(({ field }) => field === name);
    record.media = replaceMedia(record.media, name, media);
  }

  /** A filter that fails keeps the observation: better one too many than one lost. */
  #mayLeave(): boolean {
    const { shouldExport, diagnostics } = this.tracer;
    if (shouldExport === undefined) return true;
    const candidate = toExportCandidate(this.#record);
    const answer = callHook(diagnostics, () => shouldExport(candidate));
    return answer !== false;
  }

  #score(score: ScoreFields, target: { traceId: string; observationId?: string }): this {
    if (!this.trace.isRecorded) return this;
    guard(this.tracer.diagnostics, () => {
      const json = serializeScore({ ...score, ...target }, this.tracer);
      if (json !== undefined) this.tracer.sink.score(json, this.trace);
    });
    return this;
  }
}

/** What the options say of the start, in milliseconds since the trace's `epochMs`. */
function readStart(
  { diagnostics, reader }: Tracer,
  { epochMs }: TraceState,
  options: NameOrOptions,
): number | undefined {
  if (typeof options === "string") return undefined;
  let startTime: TimeInput | undefined;
  try {
    startTime = options.startTime;
  } catch (error) {
    reportDefect(diagnostics, error);
  }
  const given = startTime === undefined ? undefined : reader.time("startTime", startTime);
  return given === undefined ? undefined : given - epochMs;
}

function isObject(fields: unknown): boolean {
  return typeof fields === "object" && fields !== null;
}
