import type { ObservationType } from "../attributes/observation-types";
import type { PlayheadOptions } from "../config/options";
import { type ResolvedConfig, resolveConfig } from "../config/resolve";
import { ContextStore } from "../context/context-store";
import { ASYNC_DISPOSE } from "../context/dispose-symbols";
import { PlayheadError } from "../diagnostics/errors";
import { callHook, guard } from "../diagnostics/guard";
import { createDiagnostics, type Diagnostics } from "../diagnostics/logger";
import type { DeliveryEvent, FlushReport, Stats } from "../diagnostics/stats";
import { droppedTopic, undeliverableTopic } from "../export/endpoint-health";
import type { Pipeline } from "../export/pipeline";
import type { Target } from "../export/target";
import { createClock } from "../observation/clock";
import { createTraceId } from "../observation/create-trace-id";
import { createFieldReader } from "../observation/field-reader";
import { KeepErrors } from "../observation/keep-errors";
import { NOOP_OBSERVATION } from "../observation/noop-observation";
import { type Observation, StartingPoint } from "../observation/observation";
import { serializeScore } from "../observation/scores";
import { startActiveHere, startObservationHere } from "../observation/start-observation";
import { widenScope } from "../observation/trace-state";
import type { Tracer } from "../observation/tracer";
import type {
  NameOrOptions,
  ObservationFields,
  PropagatedAttributes,
  ScoreFields,
  ScoreOptions,
  TraceFields,
} from "../observation/types";
import { createCallObserver } from "../observe/call-observer";
import { type CallObserver, createObserve, type Observe } from "../observe/observe";
import { createSessions } from "../sessions/create-sessions";
import type { Sessions } from "../sessions/types";
import { createPipeline } from "./create-pipeline";
import { createReadEndpoint, fetchProject, type Project } from "./endpoint";
import { registerClient, unregisterClient } from "./registry";

/** A server has done its own start-up by then, and a script that traces nothing is over. */
const ADOPT_AFTER_MS = 250;
/** How often it is looked for what other processes left on disk, which may have ended meanwhile. */
const ADOPT_EVERY_MS = 60_000;
/** Longest time `flush()` waits unless told otherwise, in milliseconds. */
const DEFAULT_FLUSH_TIMEOUT_MS = 10_000;

/**
 * A tracing client: starts observations, and delivers them to one endpoint.
 *
 * The first one made is what the top-level functions use (see `getClient`). It needs no global
 * OpenTelemetry setup, and registers none. Nothing it does throws into the traced program, except
 * that the constructor refuses invalid options.
 *
 * @example
 * const client = new Playhead({ baseUrl: "http://127.0.0.1:7717" });
 * await client.startAsCurrentSpan("handle-request", async (root) => {
 *   root.updateTrace({ sessionId: "chat-1" });
 * });
 * await client.flush();
 */
export class Playhead extends StartingPoint implements AsyncDisposable {
  readonly #config: ResolvedConfig;
  readonly #diagnostics: Diagnostics;
  /** The endpoint that links and `authCheck` are about. */
  readonly #primary: Target;
  readonly #pipeline: Pipeline;
  readonly #tracer: Tracer;
  readonly #callObserver: CallObserver | undefined;
  #project: Promise<Project | undefined> | undefined;
  #sessions: Sessions | undefined;
  #adoptTimer: NodeJS.Timeout | undefined;

  /** Wraps a function so that each call is an observation; see {@link Observe}. */
  readonly observe: Observe;

  /** @throws PlayheadError INVALID_OPTIONS - naming every option that is unknown or invalid */
  constructor(options: PlayheadOptions = {}) {
    super();
    const config = resolveConfig(options, process.env);
    this.#config = config;
    this.#diagnostics = createDiagnostics(config.logger, config.logLevel);
    for (const notice of config.notices) this.#diagnostics.warn(notice);
    const { pipeline, primary } = createPipeline(config, {
      diagnostics: this.#diagnostics,
      onEvent: this.#onEvent,
    });
    this.#primary = primary;
    this.#pipeline = pipeline;
    this.#tracer = {
      context: new ContextStore(),
      clock: createClock(),
      reader: createFieldReader(config, this.#diagnostics),
      sink: config.keepErrors
        ? new KeepErrors(this.#pipeline, config, this.#diagnostics)
        : this.#pipeline,
      diagnostics: this.#diagnostics,
      sampleRate: config.sampleRate,
      keepErrors: config.keepErrors,
      environment: config.environment,
      maxFieldBytes: config.maxFieldBytes,
      shouldExport: config.shouldExport,
    };
    this.#callObserver = config.enabled ? createCallObserver(this.#tracer, config) : undefined;
    this.observe = createObserve(() => this.#callObserver);
    if (!registerClient(this)) {
      this.#diagnostics.warn(
        "The top-level functions keep to the client that they made from the environment, since it has recorded spans. Make this one before them, or call its methods.",
      );
    }
    if (config.enabled) this.#adopt();
  }

  /** Public key, by which `getClient({ publicKey })` finds this client. */
  get publicKey(): string | undefined {
    return this.#config.publicKey;
  }

  /** Whether it traces at all. */
  get isEnabled(): boolean {
    return this.#config.enabled;
  }

  /** Address the client delivers to, without a slash at its end. */
  get baseUrl(): string {
    return this.#config.baseUrl;
  }

  /**
   * Reads sessions back: from the studio, from Langfuse 3 and from Langfuse 4.
   * @throws PlayheadError INVALID_ARGUMENT - where the endpoint only takes spans (`endpoint`)
   * @example
   * const { data } = await client.sessions.list({ userId: "ada" });
   * const session = await client.sessions.get("chat-1");
   */
  get sessions(): Sessions {
    this.#sessions ??= createSessions(createReadEndpoint(this.#primary.config));
    return this.#sessions;
  }

  /** The active observation of this client; undefined where none is. */
  getCurrentObservation(): Observation | undefined {
    return this.#tracer.context.current?.active;
  }

  /** 32 hex digits; undefined where no observation is active. */
  getCurrentTraceId(): string | undefined {
    return this.getCurrentObservation()?.traceId;
  }

  /** 16 hex digits; undefined where no observation is active. */
  getCurrentObservationId(): string | undefined {
    return this.getCurrentObservation()?.id;
  }

  /**
   * Sets what the current trace shares: session, user, tags and so on. Every span of the trace
   * carries it, those that have ended already too; the last value wins.
   */
  updateCurrentTrace(fields: TraceFields): void {
    this.#current("updateCurrentTrace")?.updateTrace(fields);
  }

  /** Sets fields of the active observation, whatever its type. */
  updateCurrentSpan(fields: ObservationFields): void {
    this.#current("updateCurrentSpan")?.update(fields);
  }

  /** As {@link Playhead.updateCurrentSpan}; reads better around a model call. */
  updateCurrentGeneration(fields: ObservationFields): void {
    this.#current("updateCurrentGeneration")?.update(fields);
  }

  /**
   * Gives attributes to everything started in `work`. Around a trace they are its first values,
   * which `updateTrace` may change; inside one they belong to the spans started in the scope and
   * beat the trace's there. Inside a trace the active observation takes them, too, unless its
   * trace has others.
   */
  propagateAttributes<Result>(attributes: PropagatedAttributes, work: () => Result): Result {
    requireFunction(work, "propagateAttributes(attributes, fn) or withSession(sessionId, fn)");
    if (!this.isEnabled) return work();
    const { context, reader, diagnostics } = this.#tracer;
    const current = context.current;
    // Directly inside a trace there is no scope yet; its tags are what those of the scope add to.
    const outer = current?.scope ?? { tags: current?.active?.trace.attributes.tags };
    const scope = guard(diagnostics, () => widenScope(outer, attributes, reader));
    if (scope === undefined) return work();
    current?.active?.lend(scope);
    return context.run({ active: current?.active, scope }, work);
  }

  /** Gives a session id to everything started in `work`; see {@link Playhead.propagateAttributes}. */
  withSession<Result>(sessionId: string, work: () => Result): Result {
    return this.propagateAttributes({ sessionId }, work);
  }

  /** @returns the function, which runs in the context that is current now whenever it is called */
  bindContext<Args extends unknown[], Result>(
    work: (...args: Args) => Result,
  ): (...args: Args) => Result {
    return this.#tracer.context.bind(work);
  }

  /** Attaches an evaluation to a trace, an observation or a session. Delivered like spans. */
  createScore(score: ScoreOptions): void {
    if (!this.isEnabled) return;
    guard(this.#diagnostics, () => {
      const json = serializeScore(score, this.#tracer);
      if (json !== undefined) this.#pipeline.score(json);
    });
  }

  /** Attaches an evaluation to the current trace. */
  scoreCurrentTrace(score: ScoreFields): void {
    this.#current("scoreCurrentTrace")?.scoreTrace(score);
  }

  /** Attaches an evaluation to the active observation. */
  scoreCurrentSpan(score: ScoreFields): void {
    this.#current("scoreCurrentSpan")?.score(score);
  }

  /** A trace id; the same seed gives the same id in every process. */
  createTraceId(seed?: string): string {
    return createTraceId(seed);
  }

  /**
   * Address of a trace's page.
   * @param traceId - @default the current trace
   * @returns undefined where there is no trace, or the endpoint does not say which project it is
   */
  async getTraceUrl(traceId = this.getCurrentTraceId()): Promise<string | undefined> {
    return traceId === undefined ? undefined : this.#pageUrl("traces", traceId);
  }

  /** Address of a session's page; undefined where the endpoint does not say which project it is. */
  async getSessionUrl(sessionId: string): Promise<string | undefined> {
    return this.#pageUrl("sessions", sessionId);
  }

  /**
   * Whether the endpoint takes this client's keys. Says in the log what is wrong when it does not.
   * For start-up and deployment checks; never rejects.
   */
  async authCheck(): Promise<boolean> {
    const answer = await fetchProject(this.#primary.config, this.#primary.transport);
    if ("project" in answer) return true;
    this.#diagnostics.warn(answer.problem);
    return false;
  }

  /**
   * Delivers everything that has ended before the call, also what waits for its trace's end, is
   * queued or in flight. Never rejects.
   * @param options.timeoutMs - resolves at the latest then; milliseconds from 0, @default 10000
   */
  async flush(options: { timeoutMs?: number | undefined } = {}): Promise<FlushReport> {
    const timeoutMs = options?.timeoutMs;
    const isTime = typeof timeoutMs === "number" && timeoutMs >= 0;
    return this.#pipeline.flush(isTime ? timeoutMs : DEFAULT_FLUSH_TIMEOUT_MS);
  }

  /**
   * Flushes within `shutdownTimeoutMs`, then refuses what ends later and closes its connections.
   * Unlike {@link Playhead.flush} it is final; calling it again returns the same report.
   */
  async shutdown(): Promise<FlushReport> {
    clearInterval(this.#adoptTimer);
    const report = await this.#pipeline.shutdown();
    unregisterClient(this);
    return report;
  }

  /** The account of everything that ended since the client was made. */
  stats(): Stats {
    return this.#pipeline.stats();
  }

  /** {@link Playhead.shutdown}, for `await using`. */
  async [ASYNC_DISPOSE](): Promise<void> {
    await this.shutdown();
  }

  /** Spans and scores on their way. @internal */
  get pendingCount(): number {
    const { pending, scores } = this.stats();
    return pending + scores.pending;
  }

  /** Spans and scores that ever ended. @internal */
  get offeredCount(): number {
    const { offered, scores } = this.stats();
    return offered + scores.offered;
  }

  /** The last flush of a program that ends; what goes wrong in it is one line. @internal */
  async flushBeforeExit(): Promise<FlushReport> {
    for (const { name } of this.#config.targets) {
      this.#diagnostics.hush(undeliverableTopic(name));
    }
    return this.#pipeline.flush(this.#config.shutdownTimeoutMs, true);
  }

  /** Lets go of an endpoint that has not answered by the end of the last flush. @internal */
  async interruptBeforeExit(): Promise<void> {
    await this.#pipeline.interrupt();
  }

  /** Puts what is pending on disk, and says what is lost. @internal */
  closeBeforeExit(): void {
    const reason = "process ended";
    // One line tells of all that is lost.
    this.#diagnostics.hush(droppedTopic("spans", reason));
    this.#diagnostics.hush(droppedTopic("scores", reason));
    for (const { config, kept, lost, lastError } of this.#pipeline.closeSync(reason)) {
      const { origin } = new URL(config.tracesUrl);
      if (kept > 0) {
        this.#diagnostics.warn(
          `${countOf(kept)} could not be delivered to ${origin} (${lastError ?? "no time left"}); kept in ${this.#config.spool?.dir} for the next start.`,
        );
      }
      if (lost > 0) {
        this.#diagnostics.warn(
          `The process ends with ${countOf(lost)} undelivered to ${origin}: ${lastError ?? "no time left; await flush() before process.exit()"}`,
        );
      }
    }
  }

  /** What observed functions run through; undefined where tracing is disabled. @internal */
  get callObserver(): CallObserver | undefined {
    return this.#callObserver;
  }

  protected override start(type: ObservationType, options: NameOrOptions): Observation {
    if (!this.isEnabled) return NOOP_OBSERVATION;
    return startObservationHere(this.#tracer, type, options);
  }

  protected override startActive<Result>(
    type: ObservationType,
    options: NameOrOptions,
    work: ((observation: Observation) => Result) | undefined,
  ): Result | Observation {
    if (!this.isEnabled) return work === undefined ? NOOP_OBSERVATION : work(NOOP_OBSERVATION);
    return startActiveHere(this.#tracer, type, options, work);
  }

  readonly #onEvent = (event: DeliveryEvent): void => {
    callHook(this.#diagnostics, () => this.#config.onError?.(event));
  };

  /** Delivers what earlier processes left, now and then. */
  #adopt(): void {
    if (this.#config.spool === undefined) return;
    const adopt = (): void => void this.#pipeline.adopt();
    setTimeout(adopt, ADOPT_AFTER_MS).unref();
    this.#adoptTimer = setInterval(adopt, ADOPT_EVERY_MS).unref();
  }

  /** The active observation; says once per function when there is none. */
  #current(caller: string): Observation | undefined {
    const active = this.getCurrentObservation();
    if (active === undefined && this.isEnabled) {
      this.#diagnostics.warnOnce(
        `${caller} outside`,
        `${caller}() outside of an observation changes nothing. Call it inside observe() or startAsCurrentSpan().`,
      );
    }
    return active;
  }

  /** Langfuse's own form of links, which the studio takes, too. */
  async #pageUrl(kind: "traces" | "sessions", id: string): Promise<string | undefined> {
    this.#project ??= fetchProject(this.#primary.config, this.#primary.transport).then((answer) => {
      if ("project" in answer) return answer.project;
      this.#diagnostics.warnOnce("project", answer.problem);
      this.#project = undefined; // asked again next time
      return undefined;
    });
    const project = await this.#project;
    if (project === undefined) return undefined;
    const { baseUrl } = this.#config;
    const segments = [project.id, kind, id].map((part) => encodeURIComponent(wellFormed(part)));
    return `${baseUrl}/project/${segments.join("/")}`;
  }
}

/** Half of a surrogate pair has no place in an address. */
function wellFormed(text: string): string {
  return Buffer.from(String(text)).toString();
}

/** @throws PlayheadError INVALID_ARGUMENT */
function requireFunction(work: unknown, usage: string): void {
  if (typeof work === "function") return;
  throw new PlayheadError(
    "INVALID_ARGUMENT",
    `Expected a function to run, got a value of type ${typeof work}. Write ${usage}.`,
  );
}

function countOf(items: number): string {
  return items === 1 ? "1 span or score" : `${items} spans and scores`;
}
