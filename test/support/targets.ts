import type { TargetConfig } from "../../src/config/targets";
import { createDiagnostics } from "../../src/diagnostics/logger";
import type { DeliveryEvent } from "../../src/diagnostics/stats";
import type { RequestHead } from "../../src/export/encode-request";
import { Pipeline, type PipelineOptions } from "../../src/export/pipeline";
import { Target, type TargetLimits, type TargetOptions } from "../../src/export/target";
import { createTransport } from "../../src/export/transport";
import { createLevelLog } from "./level-log";

const HEAD: RequestHead = {
  serviceName: undefined,
  environment: undefined,
  release: undefined,
  sdkName: "playhead",
  sdkVersion: "0.1.0",
};

/** A Langfuse at this address, asked in OTLP. */
export function targetConfig(baseUrl: string, fields: Partial<TargetConfig> = {}): TargetConfig {
  return {
    name: "langfuse",
    publicKey: undefined,
    secretKey: undefined,
    headers: {},
    baseUrl,
    tracesUrl: `${baseUrl}/api/public/otel/v1/traces`,
    ingestionUrl: `${baseUrl}/api/public/ingestion`,
    protocol: "otlp",
    isGzipWanted: true,
    route: undefined,
    ...fields,
  };
}

export interface PipelineSetup {
  readonly configs: readonly TargetConfig[];
  readonly limits?: Partial<TargetLimits>;
  readonly spool?: TargetOptions["spool"];
  readonly options?: Partial<Omit<PipelineOptions, "targets">>;
}

export interface PipelineUnderTest {
  readonly pipeline: Pipeline;
  readonly targets: readonly Target[];
  readonly events: readonly DeliveryEvent[];
  readonly lines: readonly string[];
}

/** A pipeline that sends over real sockets, in large batches and only when flushed. */
export function createTestPipeline({
  configs,
  limits = {},
  spool,
  options = {},
}: PipelineSetup): PipelineUnderTest {
  const { logger, lines } = createLevelLog();
  const events: DeliveryEvent[] = [];
  const diagnostics = createDiagnostics(logger, "info");
  const onEvent = (event: DeliveryEvent): void => void events.push(event);
  const targets = configs.map(
    (config) =>
      new Target({
        config,
        limits: {
          flushIntervalMs: 60_000,
          maxBatchSpans: 512,
          maxBatchBytes: 2_097_152,
          maxQueueBytes: 67_108_864,
          maxFieldBytes: 1_048_576,
          ...limits,
        },
        spool,
        head: HEAD,
        transport: createTransport({ headers: {}, timeoutMs: 10_000, connections: 4 }),
        isOnly: configs.length === 1,
        diagnostics,
        onEvent,
      }),
  );
  const pipeline = new Pipeline({
    targets,
    holdMs: 60_000,
    maxHoldBytes: 16_777_216,
    shutdownTimeoutMs: 5_000,
    redaction: undefined,
    media: undefined,
    diagnostics,
    onEvent,
    ...options,
  });
  return { pipeline, targets, events, lines };
}
