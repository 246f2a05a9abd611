/*
 * The public names, in the order data takes: client → wrap → active → manual → current → scope →
 * scores → ids and links → delivery. See docs/architecture.md for the way from here to the wire.
 */

export type { ObservationLevel, ObservationType } from "./attributes/observation-types";
export { Media, type MediaInput } from "./capture/media/media";
export { getClient } from "./client/get-client";
export { Playhead } from "./client/playhead";
export {
  authCheck,
  bindContext,
  createEvent,
  createScore,
  flush,
  getCurrentObservation,
  getCurrentObservationId,
  getCurrentTraceId,
  getSessionUrl,
  getTraceUrl,
  observe,
  propagateAttributes,
  scoreCurrentSpan,
  scoreCurrentTrace,
  shutdown,
  startAsCurrentGeneration,
  startAsCurrentObservation,
  startAsCurrentSpan,
  startGeneration,
  startObservation,
  startSpan,
  stats,
  updateCurrentGeneration,
  updateCurrentSpan,
  updateCurrentTrace,
  withSession,
} from "./client/top-level";
export type { ExportCandidate } from "./config/export-candidate";
export type {
  Compression,
  MediaOptions,
  PlayheadOptions,
  Protocol,
  SpoolOptions,
  TargetOptions,
} from "./config/options";
export type {
  Mask,
  OutgoingException,
  OutgoingRecord,
  OutgoingScore,
  OutgoingSpan,
  OutgoingTrace,
  OutgoingTraceFields,
} from "./config/outgoing-record";
export type { RedactPattern, RedactPreset, RedactRule } from "./config/redact-rules";
export { PlayheadError, type PlayheadErrorCode } from "./diagnostics/errors";
export type { Logger, LogLevel } from "./diagnostics/logger";
export type {
  DeliveryCounts,
  DeliveryEvent,
  FlushReport,
  LossReasons,
  Stats,
  TargetStats,
} from "./diagnostics/stats";
export { createTraceId } from "./observation/create-trace-id";
export type { Observation, StartFunctions } from "./observation/observation";
export type {
  NameOrOptions,
  ObservationFields,
  PromptReference,
  PropagatedAttributes,
  ScoreFields,
  ScoreOptions,
  StartObservationOptions,
  StartOptions,
  TimeInput,
  TraceFields,
} from "./observation/types";
export type { Observe, ObserveDecorator, ObserveOptions } from "./observe/observe";
