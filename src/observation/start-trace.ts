import { TraceId } from "../attributes/ids";
import { TRACE_ID_PATTERN } from "./create-trace-id";
import { givenSampled, givenTraceId } from "./given-options";
import { decideSampling } from "./sampling";
import { TraceState } from "./trace-state";
import type { TraceFrame, Tracer } from "./tracer";
import type { StartOptions } from "./types";

/**
 * Begins a trace, for the observation that becomes its root.
 * @param frame - what is active there; its scope gives the trace its first values
 */
export function startTrace(
  tracer: Tracer,
  options: StartOptions,
  frame: TraceFrame | undefined,
): TraceState {
  const id = readTraceId(givenTraceId(options, tracer.diagnostics), tracer) ?? TraceId.random();
  const wanted = readSampled(givenSampled(options, tracer.diagnostics), tracer);
  return new TraceState({
    id,
    sampling: decideSampling(id, wanted, tracer),
    epochMs: tracer.clock.anchor(),
    scope: frame?.scope,
  });
}

/** Says once that options which only the beginning of a trace takes change nothing on a child. */
export function refuseTraceOptions(tracer: Tracer, options: StartOptions, trace: TraceState): void {
  const given = givenTraceId(options, tracer.diagnostics);
  if (given !== undefined && given !== trace.traceId) {
    tracer.diagnostics.warnOnce(
      "traceId of a child",
      "Ignoring traceId: the observation has a parent and belongs to the parent's trace.",
    );
  }
  if (givenSampled(options, tracer.diagnostics) !== undefined) {
    tracer.diagnostics.warnOnce(
      "sampled of a child",
      "Ignoring sampled: the observation has a parent and shares the decision for its trace. Give it to the one that begins the trace.",
    );
  }
}

function readTraceId(given: unknown, tracer: Tracer): TraceId | undefined {
  if (given === undefined) return undefined;
  if (typeof given === "string" && TRACE_ID_PATTERN.test(given)) return TraceId.parse(given);
  return tracer.reader.refuse("traceId", "32 lower-case hex digits, not all zero", given);
}

function readSampled(given: unknown, tracer: Tracer): boolean | undefined {
  if (given === undefined || typeof given === "boolean") return given;
  return tracer.reader.refuse("sampled", "true or false", given);
}
