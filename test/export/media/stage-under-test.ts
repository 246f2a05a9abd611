import { createHash } from "node:crypto";
import { afterEach } from "vitest";
import type { MediaAttachment } from "../../../src/attributes/media-attachment";
import type { TargetConfig } from "../../../src/config/targets";
import { createDiagnostics } from "../../../src/diagnostics/logger";
import type { DeliveryEvent } from "../../../src/diagnostics/stats";
import {
  createMediaStage,
  type MediaStage,
  type MediaStageOptions,
} from "../../../src/export/media/media-stage";
import { createTransport, type Transport } from "../../../src/export/transport";
import { createLevelLog } from "../../support/level-log";
import { targetConfig } from "../../support/targets";

const transports: Transport[] = [];

afterEach(async () => {
  await Promise.all(transports.splice(0).map((transport) => transport.close()));
});

export interface StageUnderTest {
  readonly stage: MediaStage;
  readonly configs: readonly TargetConfig[];
  readonly events: readonly DeliveryEvent[];
  readonly lines: readonly string[];
  close(): Promise<void>;
}

export type Server = string | TargetConfig;

/** A stage that uploads to these servers over real sockets. */
export function createTestStage(
  servers: readonly Server[],
  options: Partial<Omit<MediaStageOptions, "targets">> = {},
): StageUnderTest {
  const { logger, lines } = createLevelLog();
  const events: DeliveryEvent[] = [];
  const configs = servers.map((one) =>
    typeof one === "string" ? targetConfig(one, { name: new URL(one).host }) : one,
  );
  const targets = configs.map((config) => {
    const headers = { authorization: "Basic a2V5cw==", "x-team": "blue" };
    const transport = createTransport({ headers, timeoutMs: 10_000, connections: 4 });
    transports.push(transport);
    return { config, transport };
  });
  const stage = createMediaStage({
    targets,
    timeoutMs: 10_000,
    maxBytes: 20 * 1024 * 1024,
    maxFieldBytes: 1024 * 1024,
    maxPendingBytes: 64 * 1024 * 1024,
    diagnostics: createDiagnostics(logger, "info"),
    onEvent: (event) => events.push(event),
    ...options,
  });
  const close = async (): Promise<void> => {
    await Promise.all(targets.map(({ transport }) => transport.close()));
  };
  return { stage, configs, events, lines, close };
}

/** A collector that takes spans alone. */
export function collector(url: string): TargetConfig {
  return targetConfig(url, {
    name: "collector",
    tracesUrl: `${url}/v1/traces`,
    ingestionUrl: undefined,
  });
}

let tokenCount = 0;

/** Media given as bytes; a test names only what it is about. */
export function attachmentOf(
  bytes: Uint8Array,
  fields: Partial<MediaAttachment> = {},
): MediaAttachment {
  tokenCount += 1;
  return {
    token: `##media-5f2c81d0-${tokenCount}##`,
    contentType: "image/png",
    source: "bytes",
    field: "input",
    load: () => bytes,
    original: undefined,
    ...fields,
  };
}

/** Media found as a data URI in a text. */
export function dataUriAttachment(bytes: Uint8Array): MediaAttachment {
  const original = `data:image/png;base64,${Buffer.from(bytes).toString("base64")}`;
  return attachmentOf(bytes, { source: "base64_data_uri", original });
}

export function idOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64url").slice(0, 22);
}

export function tagOf(bytes: Uint8Array, source = "bytes", type = "image/png"): string {
  return `@@@langfuseMedia:type=${type}|id=${idOf(bytes)}|source=${source}@@@`;
}
