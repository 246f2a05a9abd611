import { TraceId } from "../attributes/ids";
import { reportDefect } from "../diagnostics/guard";
import { TRACE_ID_PATTERN } from "./create-trace-id";
import { decideSampling } from "./sampling";
import { TraceState } from "./trace-state";
import type { TraceFrame, Tracer } from "./tracer";
import type { NameOrOptions, StartOptions } from "./types";

/**
 * Begins a trace, for the observation that becomes its root.
 * @param frame - what is active there; its scope gives the trace its first values
 * @param epochMs - of the clock as it stands there
 */
export function startTrace(
  tracer: Tracer,
  options: NameOrOptions,
  frame: TraceFrame | undefined,
  epochMs: number,
): TraceState {
  const given = typeof options === "string" ? NO_TRACE_OPTIONS : readTraceOptions(tracer, options);
  const id = given.id ?? TraceId.random();
  return new TraceState({
    id,
    sampling: decideSampling(id, given.isWanted, tracer),
    epochMs,
    scope: frame?.scope,
  });
}

/** What the options of a root say of its trace. */
interface TraceOptions {
  readonly id: TraceId | undefined;
  readonly isWanted: boolean | undefined;
}

const NO_TRACE_OPTIONS: TraceOptions = { id: undefined, isWanted: undefined };

function readTraceOptions(tracer: Tracer, options: StartOptions): TraceOptions {
  const { traceId, sampled } = readGiven(tracer, options);
  if (traceId === undefined && sampled === undefined) return NO_TRACE_OPTIONS;
  return { id: readTraceId(traceId, tracer), isWanted: readSampled(sampled, tracer) };
}

type GivenOptions = Pick<StartOptions, "traceId" | "sampled">;
const NOTHING_GIVEN: GivenOptions = {};

/** Each for itself: one that throws when it is read does not cost the other. */
function readGiven({ diagnostics }: Tracer, options: StartOptions): GivenOptions {
  let traceId: string | undefined;
  let sampled: boolean | undefined;
  try {
    traceId = options.traceId;
  } catch (error) {
    reportDefect(diagnostics, error);
  }
  try {
    sampled = options.sampled;
  } catch (error) {
    reportDefect(diagnostics, error);
  }
  return traceId === undefined && sampled === undefined ? NOTHING_GIVEN : { traceId, sampled };
}

/** Says once that options which only the beginning of a trace takes change nothing on a child. */
export function refuseTraceOptions(
  tracer: Tracer,
  options: NameOrOptions,
  trace: TraceState,
): void {
  if (typeof options !== "string") refuseOptions(tracer, options, trace);
}

function refuseOptions(tracer: Tracer, options: StartOptions, trace: TraceState): void {
  const { traceId, sampled } = readGiven(tracer, options);
  if (traceId !== undefined && traceId !== trace.traceId) {
    tracer.diagnostics.warnOnce(
      "traceId of a child",
      "Ignoring traceId: the observation has a parent and belongs to the parent's trace.",
    );
  }
  if (sampled !== undefined) {
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
