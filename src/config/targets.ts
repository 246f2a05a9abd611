import type { ExportCandidate } from "./export-candidate";
import type { Compression, Protocol } from "./options";
import type { TargetInput } from "./schema";

/** Address of Langfuse Cloud (EU), the default of Langfuse's own SDKs. */
export const CLOUD_BASE_URL = "https://cloud.langfuse.com";
/** Where `playhead studio` listens by default. */
export const STUDIO_BASE_URL = "http://127.0.0.1:7717";

/** One endpoint, with the addresses that follow from what was given. */
export interface TargetConfig {
  readonly name: string;
  readonly publicKey: string | undefined;
  readonly secretKey: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly tracesUrl: string;
  /** Legacy batches, and scores; undefined where the endpoint is not Langfuse's. */
  readonly ingestionUrl: string | undefined;
  readonly protocol: Protocol;
  /** Requests with spans are compressed. */
  readonly isGzipWanted: boolean;
  readonly route: ((observation: ExportCandidate) => boolean) | undefined;
}

type Common = Omit<TargetInput, "name" | "route" | "protocol" | "compression"> & {
  readonly protocol: Protocol;
  readonly compression: Compression;
};

/** As `URL` writes them: IPv4 in its usual form, IPv6 in brackets and at its shortest. */
const LOOPBACK_HOST = /^(?:(?:.+\.)?localhost\.?|127(?:\.\d+){3}|\[::1\])$/;

/** Whether neither an address nor keys are given: the local studio is meant. */
export function isUnconfigured({
  baseUrl,
  endpoint,
  publicKey,
}: Pick<Common, "baseUrl" | "endpoint" | "publicKey">): boolean {
  return baseUrl === undefined && endpoint === undefined && publicKey === undefined;
}

/** The endpoints of a client: those listed, each completed by what is common, or the common one. */
export function resolveTargets(
  common: Common,
  listed: readonly TargetInput[] | undefined,
): readonly [TargetConfig, ...TargetConfig[]] {
  const [first = common, ...others] = listed ?? [common];
  return [resolveTarget(common, first), ...others.map((target) => resolveTarget(common, target))];
}

function resolveTarget(common: Common, given: TargetInput): TargetConfig {
  const isAddressed = given.baseUrl !== undefined || given.endpoint !== undefined;
  const { baseUrl: givenUrl, endpoint } = isAddressed ? given : common;
  // Keys and headers belong to an address: those of the common one must not go to another.
  const { publicKey, secretKey } = isAddressed || given.publicKey !== undefined ? given : common;
  const isStudio = isUnconfigured({ baseUrl: givenUrl, endpoint, publicKey });
  const fallback = isStudio ? STUDIO_BASE_URL : CLOUD_BASE_URL;
  const baseUrl = (givenUrl ?? fallback).replace(/\/+$/, "");
  const tracesUrl = endpoint ?? `${baseUrl}/api/public/otel/v1/traces`;
  return {
    name: given.name ?? new URL(endpoint ?? baseUrl).host,
    publicKey,
    secretKey,
    headers: isAddressed ? given.headers : { ...common.headers, ...given.headers },
    baseUrl,
    tracesUrl,
    ingestionUrl: endpoint === undefined ? `${baseUrl}/api/public/ingestion` : undefined,
    protocol: given.protocol ?? common.protocol,
    isGzipWanted: isGzipWanted(given.compression ?? common.compression, tracesUrl),
    route: given.route,
  };
}

/** On the way to the machine itself, compressing takes longer than sending. */
function isGzipWanted(compression: Compression, url: string): boolean {
  if (compression === "auto") return !LOOPBACK_HOST.test(new URL(url).hostname);
  return compression === "gzip";
}
