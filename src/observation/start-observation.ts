import { OBSERVATION_TYPES, type ObservationType } from "../attributes/observation-types";
import { NO_TRACE_ATTRIBUTES } from "../attributes/trace-attributes";
import type { Observation } from "./observation";
import { RecordedObservation } from "./recorded-observation";
import { runActive } from "./run-active";
import { makesPromise } from "./settle/promise";
import { refuseTraceOptions, startTrace } from "./start-trace";
import { scopeWithin, type TraceFrame, type Tracer } from "./tracer";
import type { NameOrOptions } from "./types";

/**
 * Starts an observation: a child of `parent`, or the root of a new trace.
 * @param frame - what is current where it starts; its scope counts for the new observation
 */
export function startObservation(
  tracer: Tracer,
  type: ObservationType,
  options: NameOrOptions,
  parent: RecordedObservation | undefined,
  frame: TraceFrame | undefined,
): RecordedObservation {
  const knownType = OBSERVATION_TYPES.includes(type) ? type : "span";
  if (knownType !== type) {
    tracer.reader.refuse("asType", `one of ${OBSERVATION_TYPES.join(", ")}`, type);
  }
  if (parent === undefined) {
    const nowMs = tracer.clock.anchor();
    const trace = startTrace(tracer, options, frame, tracer.clock.epochMs);
    return new StartedObservation(tracer, {
      trace,
      parentSpanId: undefined,
      type: knownType,
      own: NO_TRACE_ATTRIBUTES,
      options,
      nowMs,
    });
  }
  const { trace } = parent;
  refuseTraceOptions(tracer, options, trace);
  return new StartedObservation(tracer, {
    trace,
    parentSpanId: parent.spanId,
    type: knownType,
    own: scopeWithin(trace, frame) ?? NO_TRACE_ATTRIBUTES,
    options,
    nowMs: tracer.clock.now(),
  });
}

/** Starts a child of what is active, or the root of a new trace where nothing is. */
export function startObservationHere(
  tracer: Tracer,
  type: ObservationType,
  options: NameOrOptions,
): RecordedObservation {
  const frame = tracer.context.current; // once: asking may cost more than the rest
  return startObservation(tracer, type, options, frame?.active, frame);
}

/** As {@link startObservationHere}, and makes it active. */
export function startActiveHere<Result>(
  tracer: Tracer,
  type: ObservationType,
  options: NameOrOptions,
  work: ((observation: Observation) => Result) | undefined,
): Result | Observation {
  const frame = tracer.context.current; // once, as above
  const observation = startObservation(tracer, type, options, frame?.active, frame);
  return activate(tracer, observation, work, frame);
}

/**
 * Makes an observation active: for `work` and all it starts, ending it when that is settled, or,
 * without `work`, until it is disposed of.
 * @param current - what is current
 */
function activate<Result>(
  tracer: Tracer,
  observation: RecordedObservation,
  work: ((observation: Observation) => Result) | undefined,
  current: TraceFrame | undefined,
): Result | Observation {
  if (work === undefined) return observation.enter(current);
  return runActive(tracer, observation, () => work(observation), current, makesPromise(work));
}

/** What is recorded, and starts children. */
class StartedObservation extends RecordedObservation {
  protected override start(type: ObservationType, options: NameOrOptions): Observation {
    return startObservation(this.tracer, type, options, this, this.tracer.context.current);
  }

  protected override startActive<Result>(
    type: ObservationType,
    options: NameOrOptions,
    work: ((observation: Observation) => Result) | undefined,
  ): Result | Observation {
    const { current } = this.tracer.context;
    const observation = startObservation(this.tracer, type, options, this, current);
    return activate(this.tracer, observation, work, current);
  }
}
