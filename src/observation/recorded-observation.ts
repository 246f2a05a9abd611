import { OBSERVATION_TYPES, type ObservationType } from "../attributes/observation-types";
import type { SpanRecord } from "../attributes/span-record";
import type { TraceAttributes } from "../attributes/trace-attributes";
import { layTraceAttributes, NO_TRACE_ATTRIBUTES } from "../attributes/trace-attributes";
import { callHook, guard } from "../diagnostics/guard";
import { applyFields } from "./apply-fields";
import { describeException } from "./describe-exception";
import { createSpanId, createTraceId, TRACE_ID_PATTERN } from "./ids";
import { type Observation, StartingPoint } from "./observation";
import { runActive } from "./run-active";
import { isSampled } from "./sampling";
import { serializeScore } from "./scores";
import { TraceState } from "./trace-state";
import type { TraceFrame, Tracer } from "./tracer";
import type { ObservationFields, ScoreFields, StartOptions, TimeInput, TraceFields } from "./types";

/** Types that are calls of a model: the first part of their answer is the first token. */
const MODEL_TYPES: ReadonlySet<ObservationType> = new Set(["generation", "embedding"]);

/**
 * Starts an observation: a child of `parent`, or the root of a new trace.
 * @param frame - what is active where it starts; its scope counts for the new observation
 */
export function startObservation(
  tracer: Tracer,
  type: ObservationType,
  options: StartOptions,
  parent: RecordedObservation | undefined,
  frame: TraceFrame | undefined = tracer.context.current,
): RecordedObservation {
  const knownType = OBSERVATION_TYPES.includes(type) ? type : "span";
  if (knownType !== type) {
    tracer.reader.refuse("asType", `one of ${OBSERVATION_TYPES.join(", ")}`, type);
  }
  if (parent === undefined) {
    const trace = startTrace(tracer, options, frame);
    return new RecordedObservation(
      tracer,
      trace,
      undefined,
      knownType,
      NO_TRACE_ATTRIBUTES,
      options,
    );
  }
  const traceId = guard(tracer.diagnostics, () => options.traceId);
  if (traceId !== undefined && traceId !== parent.traceId) {
    tracer.diagnostics.warnOnce(
      "traceId of a child",
      "Ignoring traceId: the observation has a parent and belongs to the parent's trace.",
    );
  }
  const own = scopeWithin(parent.trace, frame) ?? NO_TRACE_ATTRIBUTES;
  return new RecordedObservation(tracer, parent.trace, parent.id, knownType, own, options);
}

function startTrace(
  tracer: Tracer,
  options: StartOptions,
  frame: TraceFrame | undefined,
): TraceState {
  const given = guard(tracer.diagnostics, () => options.traceId);
  const traceId = readTraceId(given, tracer) ?? createTraceId();
  return new TraceState({
    traceId,
    isSampled: isSampled(traceId, tracer.sampleRate),
    epochMs: tracer.clock.anchor(),
    scope: frame?.scope,
  });
}

function readTraceId(given: unknown, tracer: Tracer): string | undefined {
  if (given === undefined) return undefined;
  if (typeof given === "string" && TRACE_ID_PATTERN.test(given)) return given;
  return tracer.reader.refuse("traceId", "32 lower-case hex digits, not all zero", given);
}

/** The scope that counts for a span of `trace` started in `frame`, beyond the trace's own first values. */
function scopeWithin(
  trace: TraceState,
  frame: TraceFrame | undefined,
): TraceAttributes | undefined {
  if (frame?.scope === undefined || frame.scope === trace.initialScope) return undefined;
  const isOfOtherTrace = frame.active !== undefined && frame.active.trace !== trace;
  return isOfOtherTrace ? undefined : frame.scope;
}

/** A span being recorded, or standing in for one where the trace is not sampled. */
export class RecordedObservation extends StartingPoint implements Observation {
  readonly id: string;
  readonly trace: TraceState;
  readonly type: ObservationType;
  readonly #tracer: Tracer;
  readonly #record: SpanRecord;
  /** Trace attributes that scopes gave while this was active: for want of better. */
  #fallback: TraceAttributes = NO_TRACE_ATTRIBUTES;
  #hasEnded = false;
  /** Restores the context, where it was made current without `work`. */
  #leave: (() => void) | undefined;

  constructor(
    tracer: Tracer,
    trace: TraceState,
    parentSpanId: string | undefined,
    type: ObservationType,
    own: TraceAttributes,
    options: StartOptions,
  ) {
    super();
    this.#tracer = tracer;
    this.id = createSpanId();
    this.trace = trace;
    this.type = type;
    const startTime = guard(tracer.diagnostics, () => options.startTime);
    const given = startTime === undefined ? undefined : tracer.reader.time("startTime", startTime);
    const startMs = given === undefined ? tracer.clock.now() : given - trace.epochMs;
    this.#record = createRecord(this, parentSpanId, startMs, own);
    guard(tracer.diagnostics, () => {
      if (this.isRecording) applyFields(this.#record, options, tracer.reader);
      else this.#record.name = String(options.name);
    });
  }

  get traceId(): string {
    return this.trace.traceId;
  }

  get name(): string {
    return this.#record.name;
  }

  get isRecording(): boolean {
    return this.trace.isSampled && !this.#hasEnded;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  update(fields: ObservationFields): this {
    if (this.#hasEnded) {
      this.#tracer.diagnostics.warnOnce(
        "update after end",
        "update() after end() changes nothing: an observation is encoded when it ends. Update it before.",
      );
    } else if (this.trace.isSampled && isObject(fields)) {
      guard(this.#tracer.diagnostics, () => applyFields(this.#record, fields, this.#tracer.reader));
    }
    return this;
  }

  updateTrace(fields: TraceFields): this {
    if (!this.trace.isSampled || !isObject(fields)) return this;
    if (this.trace.isOver) {
      this.#tracer.diagnostics.warnOnce(
        "updateTrace after end",
        "updateTrace() after the trace's root has ended reaches only spans that end from now on. Call it before.",
      );
    }
    guard(this.#tracer.diagnostics, () => this.trace.update(fields, this.#tracer.reader));
    return this;
  }

  recordError(error: unknown): this {
    if (this.#hasEnded || !this.trace.isSampled) return this;
    guard(this.#tracer.diagnostics, () => {
      const { clock, reader } = this.#tracer;
      const exception = describeException(error, clock.now(), reader);
      this.#record.level = "ERROR";
      this.#record.statusMessage = exception.message;
      this.#record.exceptions = [...(this.#record.exceptions ?? []), exception];
    });
    return this;
  }

  end(at?: TimeInput): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    guard(this.#tracer.diagnostics, () => this.#end(at));
  }

  score(score: ScoreFields): this {
    return this.#score(score, { traceId: this.traceId, observationId: this.id });
  }

  scoreTrace(score: ScoreFields): this {
    return this.#score(score, { traceId: this.traceId });
  }

  [Symbol.dispose](): void {
    this.end();
    this.#leave?.();
    this.#leave = undefined;
  }

  /** A scope opened while this is active lends it its values. @internal */
  lend(scope: TraceAttributes): void {
    if (!this.#hasEnded) this.#fallback = layTraceAttributes(this.#fallback, scope);
  }

  /** Milliseconds since its start. @internal */
  get elapsedMs(): number {
    return this.#tracer.clock.now() - this.#record.startMs;
  }

  /** When its streamed result came: the first part, and the text over time. @internal */
  setStream({ firstMs, timeline }: { firstMs: number; timeline: string | undefined }): void {
    if (this.#hasEnded) return;
    const record = this.#record;
    record.streamTimeline = timeline;
    if (MODEL_TYPES.has(this.type)) record.completionStartMs ??= record.startMs + firstMs;
  }

  /** The frame that makes this active. @internal */
  frame(): TraceFrame {
    const current = this.#tracer.context.current;
    return { active: this, scope: scopeWithin(this.trace, current) };
  }

  protected override start(type: ObservationType, options: StartOptions): Observation {
    return startObservation(this.#tracer, type, options, this);
  }

  protected override startActive<Result>(
    type: ObservationType,
    options: StartOptions,
    work: ((observation: Observation) => Result) | undefined,
  ): Result | Observation {
    return activate(this.#tracer, startObservation(this.#tracer, type, options, this), work);
  }

  /** Makes this current until it is disposed of. @internal */
  enter(): this {
    this.#leave ??= this.#tracer.context.enter(this.frame());
    return this;
  }

  #end(at: TimeInput | undefined): void {
    const { clock, reader, sink } = this.#tracer;
    const { trace } = this;
    const record = this.#record;
    const isRoot = record.isRoot;
    if (isRoot) trace.isOver = true;
    if (!trace.isSampled) return;
    const given = at === undefined ? undefined : reader.time("end time", at);
    const now = record.type === "event" ? record.startMs : clock.now();
    const endMs = given === undefined ? now : given - trace.epochMs;
    record.endMs = Math.max(record.startMs, endMs);
    if (isRoot) {
      record.input = trace.input ?? record.input;
      record.output = trace.output ?? record.output;
    }
    if (this.#mayLeave()) sink.end(trace, record, this.#fallback);
    else if (isRoot) sink.release(trace);
  }

  /** A filter that fails keeps the observation: better one too many than one lost. */
  #mayLeave(): boolean {
    const { shouldExport, diagnostics } = this.#tracer;
    if (shouldExport === undefined) return true;
    const record = this.#record;
    const answer = callHook(diagnostics, () =>
      shouldExport({
        name: record.name,
        type: record.type,
        level: record.level ?? "DEFAULT",
        traceId: this.traceId,
        id: this.id,
        parentId: record.parentSpanId,
        durationMs: record.endMs - record.startMs,
      }),
    );
    return answer !== false;
  }

  #score(score: ScoreFields, target: { traceId: string; observationId?: string }): this {
    if (!this.trace.isSampled) return this;
    guard(this.#tracer.diagnostics, () => {
      const json = serializeScore({ ...score, ...target }, this.#tracer);
      if (json !== undefined) this.#tracer.sink.score(json);
    });
    return this;
  }
}

/**
 * Makes an observation active: for `work` and all it starts, ending it when that is settled, or,
 * without `work`, until it is disposed of.
 */
export function activate<Result>(
  tracer: Tracer,
  observation: RecordedObservation,
  work: ((observation: Observation) => Result) | undefined,
): Result | Observation {
  if (work === undefined) return observation.enter();
  return runActive(tracer, observation, () => work(observation));
}

function createRecord(
  observation: { id: string; trace: TraceState; type: ObservationType },
  parentSpanId: string | undefined,
  startMs: number,
  own: TraceAttributes,
): SpanRecord {
  return {
    traceId: observation.trace.traceId,
    spanId: observation.id,
    parentSpanId,
    isParentRemote: false,
    isRoot: parentSpanId === undefined,
    type: observation.type,
    epochMs: observation.trace.epochMs,
    startMs,
    endMs: startMs,
    name: "unnamed",
    input: undefined,
    output: undefined,
    metadata: undefined,
    metadataText: undefined,
    level: undefined,
    statusMessage: undefined,
    model: undefined,
    modelParameters: undefined,
    usageDetails: undefined,
    costDetails: undefined,
    completionStartMs: undefined,
    streamTimeline: undefined,
    promptName: undefined,
    promptVersion: undefined,
    exceptions: undefined,
    own,
  };
}

function isObject(fields: unknown): boolean {
  return typeof fields === "object" && fields !== null;
}
