import type { Logger, LogLevel } from "../diagnostics/logger";
import type { DeliveryEvent } from "../diagnostics/stats";
import type { ExportCandidate } from "./export-candidate";

/**
 * Options of `new Playhead()`. Precedence: option, then environment variable, then default;
 * `undefined` and `""` mean "not given". An unknown or invalid option throws `INVALID_OPTIONS`; an
 * invalid environment variable is warned about and ignored.
 */
export interface PlayheadOptions {
  /** Langfuse public key. Env: LANGFUSE_PUBLIC_KEY. */
  publicKey?: string | undefined;
  /** Langfuse secret key. Env: LANGFUSE_SECRET_KEY. */
  secretKey?: string | undefined;
  /**
   * Address of a Langfuse-compatible server. Env: LANGFUSE_BASE_URL, LANGFUSE_HOST, LANGFUSE_BASEURL.
   * @default `https://cloud.langfuse.com` with keys; without, the local studio, `http://127.0.0.1:7717`
   */
  baseUrl?: string | undefined;
  /**
   * Whole address for OTLP traces, for a server that is not Langfuse (an OpenTelemetry collector).
   * Beats `baseUrl` for traces; scores are not sent then. Env: PLAYHEAD_ENDPOINT.
   */
  endpoint?: string | undefined;
  /** More headers for each request. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Longest time one request may take, in milliseconds. Env: LANGFUSE_TIMEOUT (seconds). @default 10000 */
  timeoutMs?: number | undefined;

  /**
   * Whether to trace at all. Env: LANGFUSE_TRACING_ENABLED.
   * @default true; false with NODE_ENV=production and neither keys nor address
   */
  enabled?: boolean | undefined;
  /** Share of traces recorded, 0 to 1; decided by the trace id. Env: LANGFUSE_SAMPLE_RATE. @default 1 */
  sampleRate?: number | undefined;
  /** E.g. "production": up to 40 of a-z, 0-9, - and _. Env: LANGFUSE_TRACING_ENVIRONMENT. */
  environment?: string | undefined;
  /** Version of your application. Env: LANGFUSE_RELEASE. */
  release?: string | undefined;

  /** Longest time an ended span waits for its batch, in milliseconds. Env: LANGFUSE_FLUSH_INTERVAL (seconds). @default 1000 */
  flushIntervalMs?: number | undefined;
  /** Spans in one request at most. Env: LANGFUSE_FLUSH_AT. @default 512 */
  maxBatchSpans?: number | undefined;
  /** Bytes in one request at most, before compression. Env: PLAYHEAD_MAX_BATCH_BYTES. @default 2097152 (2 MiB) */
  maxBatchBytes?: number | undefined;
  /** Bytes that may wait for delivery; beyond, spans are dropped and counted. Env: PLAYHEAD_MAX_QUEUE_BYTES. @default 67108864 (64 MiB) */
  maxQueueBytes?: number | undefined;
  /** Longest time an ended span waits for the attributes of its trace, in milliseconds. Env: PLAYHEAD_HOLD_MS. @default 60000 */
  holdMs?: number | undefined;
  /** Bytes that may wait for the attributes of their traces; beyond, the oldest trace goes. Env: PLAYHEAD_MAX_HOLD_BYTES. @default 16777216 (16 MiB) */
  maxHoldBytes?: number | undefined;
  /** Longest time `shutdown()` and the end of the process wait for delivery, in milliseconds. Env: PLAYHEAD_SHUTDOWN_TIMEOUT_MS. @default 5000 */
  shutdownTimeoutMs?: number | undefined;

  /** Whether `observe()` records arguments. Env: LANGFUSE_OBSERVE_DECORATOR_IO_CAPTURE_ENABLED. @default true */
  captureInput?: boolean | undefined;
  /** Whether `observe()` records results. Env: LANGFUSE_OBSERVE_DECORATOR_IO_CAPTURE_ENABLED. @default true */
  captureOutput?: boolean | undefined;
  /** Bytes of one field (input, output, one metadata key) at most; more is cut, with a mark. Env: PLAYHEAD_MAX_FIELD_BYTES. @default 1048576 (1 MiB) */
  maxFieldBytes?: number | undefined;
  /** Decides per ended observation whether it leaves; one that throws counts as "yes". */
  shouldExport?: ((observation: ExportCandidate) => boolean) | undefined;

  /** Told when something was lost or the endpoint cannot be reached. What it throws is ignored. */
  onError?: ((event: DeliveryEvent) => void) | undefined;
  /** Where the SDK's own messages go. @default console */
  logger?: Logger | undefined;
  /** Least severe message that is written. Env: LANGFUSE_LOG_LEVEL; LANGFUSE_DEBUG=true means "debug". @default "warn" */
  logLevel?: LogLevel | undefined;
}
