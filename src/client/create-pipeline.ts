import { createTextRedactor } from "../capture/redact/redact-text";
import type { ResolvedConfig } from "../config/resolve";
import type { TargetConfig } from "../config/targets";
import type { Diagnostics } from "../diagnostics/logger";
import type { DeliveryEvent } from "../diagnostics/stats";
import { createMediaStage, type MediaStage } from "../export/media/media-stage";
import { Pipeline } from "../export/pipeline";
import { createRedaction } from "../export/redaction/redaction";
import { Target } from "../export/target";
import { createEndpointTransport } from "./endpoint";
import { SDK_NAME, SDK_VERSION } from "./version";

interface Listeners {
  readonly diagnostics: Diagnostics;
  /** Never throws. */
  readonly onEvent: (event: DeliveryEvent) => void;
}

/** Wires the way out of one client, as configured. */
export function createPipeline(
  config: ResolvedConfig,
  listeners: Listeners,
): { pipeline: Pipeline; primary: Target } {
  const targets = config.targets.map((target) => createTarget(target, config, listeners));
  const pipeline = new Pipeline({
    ...config,
    ...listeners,
    targets,
    redaction: createRedaction({
      ...config,
      mask: config.mask,
      redactText: config.redact.length === 0 ? undefined : createTextRedactor(config.redact),
      diagnostics: listeners.diagnostics,
    }),
    media: createMedia(targets, config, listeners),
  });
  return { pipeline, primary: targets[0] as Target }; // the configuration has at least one
}

function createTarget(
  target: TargetConfig,
  config: ResolvedConfig,
  { diagnostics, onEvent }: Listeners,
): Target {
  return new Target({
    config: target,
    limits: config,
    spool: config.enabled ? config.spool : undefined,
    head: {
      serviceName: process.env["OTEL_SERVICE_NAME"],
      environment: config.environment,
      release: config.release,
      sdkName: SDK_NAME,
      sdkVersion: SDK_VERSION,
    },
    isOnly: config.targets.length === 1,
    transport: createEndpointTransport(target, config.timeoutMs),
    diagnostics,
    onEvent,
  });
}

function createMedia(
  targets: readonly Target[],
  config: ResolvedConfig,
  listeners: Listeners,
): MediaStage | undefined {
  if (config.media === undefined) return undefined;
  const { maxFieldBytes, maxQueueBytes } = config;
  return createMediaStage({
    ...listeners,
    ...config.media,
    targets,
    maxFieldBytes,
    maxPendingBytes: maxQueueBytes,
  });
}
