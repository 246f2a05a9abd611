import { TraceId } from "../attributes/ids";
import { guard } from "../diagnostics/guard";
import { TRACE_ID_PATTERN } from "./create-trace-id";
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
  const given = guard(tracer.diagnostics, () => options.traceId);
  const id = readTraceId(given, tracer) ?? TraceId.random();
  const wanted = readSampled(
    guard(tracer.diagnostics, () => options.sampled),
    tracer,
  );
  return new TraceState({
    id,
    sampling: decideSampling(id, wanted, tracer),
    epochMs: tracer.clock.anchor(),
    scope: frame?.scope,
  });
}

/** Says once that options which only the beginning of a trace takes change nothing on a child. */
export function refuseTraceOptions(tracer: Tracer, options: StartOptions, trace: TraceState): void {
  const given = guard(tracer.diagnostics, () => options.traceId);
  if (given !== undefined && given !== trace.traceId) {
    tracer.diagnostics.warnOnce(
      "traceId of a child",
      "Ignoring traceId: the observation has a parent and belongs to the parent's trace.",
    );
  }
  if (guard(tracer.diagnostics, () => options.sampled) !== undefined) {
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
