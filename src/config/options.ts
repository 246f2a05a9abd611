import type { Logger, LogLevel } from "../diagnostics/logger";
import type { DeliveryEvent } from "../diagnostics/stats";
import type { ExportCandidate } from "./export-candidate";
import type { Mask } from "./outgoing-record";
import type { RedactRule } from "./redact-rules";

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
  /**
   * Whether traces that `sampleRate` leaves out are delivered all the same when one of their
   * observations fails (level `ERROR`). Costs the recording of every trace. @default false
   */
  keepErrors?: boolean | undefined;
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
  /**
   * Keeps on disk what cannot be delivered, until this process or the next one can: what does not
   * fit into the queue, and what is left when the process ends. `true` for the defaults, `false`
   * for none. Env: PLAYHEAD_SPOOL_DIR (switches it on, in that folder).
   * @default on, except with NODE_ENV=production or NODE_ENV=test
   */
  spool?: boolean | SpoolOptions | undefined;
  /** Which protocol the endpoint speaks. @default "auto": OTLP, and the legacy batch where the server has no OTLP path */
  protocol?: Protocol | undefined;
  /**
   * Whether requests with spans are compressed: "gzip" (level 1, on a thread beside yours), "none", or
   * "auto": gzip, except to a loopback address, where it costs more than it saves. The legacy batch and
   * uploads go as they are. Env: PLAYHEAD_COMPRESSION. @default "auto"
   */
  compression?: Compression | undefined;
  /** Several endpoints at once, instead of the one above; each with a queue of its own. */
  targets?: readonly TargetOptions[] | undefined;
  /** Longest time `shutdown()` and the end of the process wait for delivery, in milliseconds. Env: PLAYHEAD_SHUTDOWN_TIMEOUT_MS. @default 5000 */
  shutdownTimeoutMs?: number | undefined;

  /** Whether `observe()` records arguments. Env: LANGFUSE_OBSERVE_DECORATOR_IO_CAPTURE_ENABLED. @default true */
  captureInput?: boolean | undefined;
  /** Whether `observe()` records results. Env: LANGFUSE_OBSERVE_DECORATOR_IO_CAPTURE_ENABLED. @default true */
  captureOutput?: boolean | undefined;
  /** Bytes of one field (input, output, one metadata key) at most; more is cut, with a mark. Env: PLAYHEAD_MAX_FIELD_BYTES. @default 1048576 (1 MiB) */
  maxFieldBytes?: number | undefined;
  /**
   * What is taken out of every text before it leaves, by presets and patterns of your own. Runs
   * before `mask`. @default none
   */
  redact?: readonly RedactRule[] | undefined;
  /**
   * Gets every record that would leave (spans, the attributes of traces, scores), with all of its
   * texts, and returns it masked. One that throws, returns something else or takes longer than
   * `maskTimeoutMs` leaves `[masking failed]` in place of each text.
   */
  mask?: Mask | undefined;
  /** Longest time of one call of an async `mask`, in milliseconds. @default 1000 */
  maskTimeoutMs?: number | undefined;
  /**
   * Whether pictures, recordings and files in inputs, outputs and metadata are uploaded on their own,
   * a reference in their place; `false` leaves them where they are, within `maxFieldBytes`.
   * Env: LANGFUSE_MEDIA_UPLOAD_ENABLED. @default true
   */
  media?: boolean | MediaOptions | undefined;
  /** Decides per ended observation whether it leaves; one that throws counts as "yes". */
  shouldExport?: ((observation: ExportCandidate) => boolean) | undefined;

  /** Told when something was lost or the endpoint cannot be reached. What it throws is ignored. */
  onError?: ((event: DeliveryEvent) => void) | undefined;
  /** Where the SDK's own messages go. @default console */
  logger?: Logger | undefined;
  /** Least severe message that is written. Env: LANGFUSE_LOG_LEVEL; LANGFUSE_DEBUG=true means "debug". @default "warn" */
  logLevel?: LogLevel | undefined;
}

/** Spans as OTLP, or as Langfuse's legacy batch. */
export type Protocol = "auto" | "otlp" | "ingestion";

/** Whether requests with spans are compressed; see {@link PlayheadOptions.compression}. */
export type Compression = "auto" | "gzip" | "none";

export interface SpoolOptions {
  /** Folder, made when it is needed. Env: PLAYHEAD_SPOOL_DIR. @default ".playhead/spool" */
  dir?: string | undefined;
  /** Bytes on disk at most; beyond, spans are dropped and counted. @default 268435456 (256 MiB) */
  maxBytes?: number | undefined;
  /**
   * Write each span to disk when it ends, and each score when it is given, before they are sent: a
   * process that is killed loses none of them. @default false
   */
  durable?: boolean | undefined;
}

export interface MediaOptions {
  /** Bytes of one file at most; a larger one is recorded by its length alone. @default 20971520 (20 MiB) */
  maxBytes?: number | undefined;
  /** Longest time an observation waits for its uploads, in milliseconds; then they stand inline. @default 10000 */
  timeoutMs?: number | undefined;
}

/**
 * One of several endpoints. What it does not say is as in {@link PlayheadOptions}, but for keys and
 * headers of one with a `baseUrl` or `endpoint` of its own: those go to no other address.
 */
export interface TargetOptions {
  /** Names it in messages and `stats()`. @default its host */
  name?: string | undefined;
  publicKey?: string | undefined;
  secretKey?: string | undefined;
  baseUrl?: string | undefined;
  endpoint?: string | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
  protocol?: Protocol | undefined;
  compression?: Compression | undefined;
  /** Which observations it gets. @default all */
  route?: ((observation: ExportCandidate) => boolean) | undefined;
}
