/**
 * Every attribute key that Playhead writes or reads. No key literal stands anywhere else.
 *
 * Spec: Langfuse's attribute mapping (https://langfuse.com/integrations/native/opentelemetry#property-mapping)
 * and OpenTelemetry's semantic conventions (https://opentelemetry.io/docs/specs/semconv/).
 */

/** Belong to the trace. In Langfuse's current data model each span of the trace carries them. */
export const TRACE_KEYS = {
  sessionId: "session.id",
  userId: "user.id",
  name: "langfuse.trace.name",
  tags: "langfuse.trace.tags",
  public: "langfuse.trace.public",
  /** Prefix: one attribute per top-level key of the metadata. */
  metadata: "langfuse.trace.metadata",
  /** Also an observation's own version; the observation's beats the trace's. */
  version: "langfuse.version",
  release: "langfuse.release",
  environment: "langfuse.environment",
} as const;

/** Belong to one observation. */
export const OBSERVATION_KEYS = {
  type: "langfuse.observation.type",
  input: "langfuse.observation.input",
  output: "langfuse.observation.output",
  /** Prefix: one attribute per top-level key; the bare key holds metadata that is not an object. */
  metadata: "langfuse.observation.metadata",
  level: "langfuse.observation.level",
  statusMessage: "langfuse.observation.status_message",
  model: "langfuse.observation.model.name",
  modelParameters: "langfuse.observation.model.parameters",
  usageDetails: "langfuse.observation.usage_details",
  costDetails: "langfuse.observation.cost_details",
  completionStartTime: "langfuse.observation.completion_start_time",
  promptName: "langfuse.observation.prompt.name",
  promptVersion: "langfuse.observation.prompt.version",
  /** True on the first span of ours in a trace: the logical root, whatever its parent is. */
  isAppRoot: "langfuse.internal.is_app_root",
} as const;

/** Ours alone. Spec: docs/capture.md */
export const PLAYHEAD_KEYS = {
  /** JSON list `[ms, characters, ms, characters, …]`: when the text of a stream came, since the observation's start. */
  streamTimeline: "playhead.stream.timeline",
} as const;

/** On the resource, once per request. Spec: https://opentelemetry.io/docs/specs/semconv/resource/ */
export const RESOURCE_KEYS = {
  serviceName: "service.name",
  sdkLanguage: "telemetry.sdk.language",
  sdkName: "telemetry.sdk.name",
  sdkVersion: "telemetry.sdk.version",
} as const;

/** An exception as a span event. Spec: https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-spans/ */
export const EXCEPTION_KEYS = {
  eventName: "exception",
  type: "exception.type",
  message: "exception.message",
  stacktrace: "exception.stacktrace",
} as const;
