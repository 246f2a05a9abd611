import type { ObservationType } from "../attributes/observation-types";
import { PlayheadError } from "../diagnostics/errors";
import type {
  NameOrOptions,
  ObservationFields,
  ScoreFields,
  StartObservationOptions,
  TimeInput,
  TraceFields,
} from "./types";

/**
 * Ways to start an observation. On the client and at top level the new one becomes a child of the
 * active observation, or the root of a new trace where there is none; on an observation it becomes
 * that observation's child.
 *
 * `startAsCurrent…` makes it active: while `work` runs, and whatever it starts, or, without `work`,
 * until it is disposed of (`using span = startAsCurrentSpan("x")`). What `work` returns or throws
 * is passed on as it is; a rejection or a throw is recorded as an error.
 *
 * A block with `using` does not tell its disposable what it throws: call `recordError` in a `catch`,
 * or give it `work`.
 * @throws PlayheadError INVALID_ARGUMENT - where `work` is no function, or the name is missing
 */
export interface StartFunctions {
  /** Runs `work` in a span that is active meanwhile. */
  startAsCurrentSpan<Result>(
    nameOrOptions: NameOrOptions,
    work: (span: Observation) => Result,
  ): Result;
  startAsCurrentSpan(nameOrOptions: NameOrOptions): Observation;
  /** As `startAsCurrentSpan`, for a call of a model. */
  startAsCurrentGeneration<Result>(
    nameOrOptions: NameOrOptions,
    work: (generation: Observation) => Result,
  ): Result;
  startAsCurrentGeneration(nameOrOptions: NameOrOptions): Observation;
  /** As `startAsCurrentSpan`, for any type. */
  startAsCurrentObservation<Result>(
    options: StartObservationOptions,
    work: (observation: Observation) => Result,
  ): Result;
  startAsCurrentObservation(options: StartObservationOptions): Observation;

  /** Starts an observation that is not made active; you end it. */
  startSpan(nameOrOptions: NameOrOptions): Observation;
  /** As `startSpan`, for a call of a model. */
  startGeneration(nameOrOptions: NameOrOptions): Observation;
  /** As `startSpan`, for any type. */
  startObservation(nameOrOptions: string | StartObservationOptions): Observation;
  /** A point in time: has ended when this returns. */
  createEvent(nameOrOptions: NameOrOptions): Observation;
}

/**
 * One step of a trace: a handle on a span, with a type. It stays usable after it has ended, to
 * start children, but then no longer changes. No method throws, save for a missing function.
 */
export interface Observation extends StartFunctions, Disposable, AsyncDisposable {
  /** Span id, 16 hex digits. */
  readonly id: string;
  /** 32 hex digits. */
  readonly traceId: string;
  readonly type: ObservationType;
  readonly name: string;
  /** False where the trace is not recorded, it has ended, or tracing is disabled: nothing given to it is kept. */
  readonly isRecording: boolean;
  /** Sets fields; later values win. After the end it changes nothing, and that is said once. */
  update(fields: ObservationFields): this;
  /** Sets what the whole trace shares, at any time while its root is open; the last value wins. */
  updateTrace(fields: TraceFields): this;
  /** Ends it, once; a second call changes nothing. @param at - @default now */
  end(at?: TimeInput): void;
  /** Marks it as failed: level ERROR, the message, and the exception with its stack. */
  recordError(error: unknown): this;
  /** Attaches an evaluation to this observation. */
  score(score: ScoreFields): this;
  /** Attaches an evaluation to its trace. */
  scoreTrace(score: ScoreFields): this;
  /** Ends it and, where it was made current without `work`, restores what was active before. */
  [Symbol.dispose](): void;
  /** The same, for `await using`. Does not wait for delivery. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** The start functions over one primitive each, so that client and observation share them. */
export abstract class StartingPoint implements StartFunctions {
  /** Starts one that is not active. @internal */
  protected abstract start(type: ObservationType, options: NameOrOptions): Observation;
  /** Starts one that is active. @internal */
  protected abstract startActive<Result>(
    type: ObservationType,
    options: NameOrOptions,
    work: ((observation: Observation) => Result) | undefined,
  ): Result | Observation;

  startAsCurrentSpan<Result>(
    nameOrOptions: NameOrOptions,
    work: (span: Observation) => Result,
  ): Result;
  startAsCurrentSpan(nameOrOptions: NameOrOptions): Observation;
  startAsCurrentSpan<Result>(
    nameOrOptions: NameOrOptions,
    work?: (span: Observation) => Result,
  ): Result | Observation {
    return this.startActive("span", toOptions(nameOrOptions), requireWork(nameOrOptions, work));
  }

  startAsCurrentGeneration<Result>(
    nameOrOptions: NameOrOptions,
    work: (generation: Observation) => Result,
  ): Result;
  startAsCurrentGeneration(nameOrOptions: NameOrOptions): Observation;
  startAsCurrentGeneration<Result>(
    nameOrOptions: NameOrOptions,
    work?: (generation: Observation) => Result,
  ): Result | Observation {
    const options = toOptions(nameOrOptions);
    return this.startActive("generation", options, requireWork(nameOrOptions, work));
  }

  startAsCurrentObservation<Result>(
    options: StartObservationOptions,
    work: (observation: Observation) => Result,
  ): Result;
  startAsCurrentObservation(options: StartObservationOptions): Observation;
  startAsCurrentObservation<Result>(
    options: StartObservationOptions,
    work?: (observation: Observation) => Result,
  ): Result | Observation {
    return this.startActive(typeOf(options), toOptions(options), requireWork(options, work));
  }

  startSpan(nameOrOptions: NameOrOptions): Observation {
    return this.start("span", toOptions(nameOrOptions));
  }

  startGeneration(nameOrOptions: NameOrOptions): Observation {
    return this.start("generation", toOptions(nameOrOptions));
  }

  startObservation(nameOrOptions: string | StartObservationOptions): Observation {
    return this.start(typeOf(nameOrOptions), toOptions(nameOrOptions));
  }

  createEvent(nameOrOptions: NameOrOptions): Observation {
    const event = this.start("event", toOptions(nameOrOptions));
    event.end();
    return event;
  }
}

/** What is neither a name nor options gets a name that says so. */
function toOptions(nameOrOptions: NameOrOptions): NameOrOptions {
  const isOptions = typeof nameOrOptions === "object" && nameOrOptions !== null;
  return isOptions || typeof nameOrOptions === "string" ? nameOrOptions : "unnamed";
}

function typeOf(options: string | StartObservationOptions): ObservationType {
  try {
    return (typeof options === "object" ? options?.asType : undefined) ?? "span";
  } catch {
    return "span"; // a getter that throws must not reach the traced program
  }
}

/**
 * Refuses what would leave the caller's function unrun without a word.
 * @throws PlayheadError INVALID_ARGUMENT
 */
function requireWork<Work>(nameOrOptions: unknown, work: Work): Work {
  if (typeof nameOrOptions === "function") {
    throw new PlayheadError(
      "INVALID_ARGUMENT",
      "Expected a name or options first, got a function. Write startAsCurrentSpan(name, fn).",
    );
  }
  if (work === undefined || typeof work === "function") return work;
  throw new PlayheadError(
    "INVALID_ARGUMENT",
    `Expected a function second, got a value of type ${work === null ? "null" : typeof work}. Write startAsCurrentSpan({ name, ...fields }, fn).`,
  );
}
