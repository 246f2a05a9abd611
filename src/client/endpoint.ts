import type { TargetConfig } from "../config/targets";
import { PlayheadError } from "../diagnostics/errors";
import { SPAN_CONCURRENCY } from "../export/target";
import { createTransport, type Transport } from "../export/transport";
import type { ReadEndpoint } from "../sessions/endpoint";
import { SDK_NAME, SDK_VERSION } from "./version";

/** A project, as the endpoint names it. */
export interface Project {
  readonly id: string;
  readonly name: string;
}

export type ProjectAnswer =
  | { readonly project: Project }
  /** Why it could not be read, and what to check. */
  | { readonly problem: string };

/** Shorter values would take words out of a server's message. */
const MIN_SECRET_LENGTH = 6;
/** For one request that reads, in milliseconds: a page of observations takes longer than a batch. */
const READ_TIMEOUT_MS = 60_000;
/** Newest ingestion protocol of Langfuse, which puts spans where they are seen at once. */
const INGESTION_VERSION = "4";

/** The HTTP side of the configured endpoint. Spec: langfuse-contract, sections 0 and 1. */
export function createEndpointTransport(config: TargetConfig, timeoutMs: number): Transport {
  const { secretKey, headers } = config;
  return createTransport({
    timeoutMs,
    connections: SPAN_CONCURRENCY,
    secrets: [secretKey ?? "", credentialsOf(config) ?? "", ...Object.values(headers)].filter(
      (text) => text.length >= MIN_SECRET_LENGTH,
    ),
    headers: endpointHeaders(config),
  });
}

/** What each request to the endpoint carries, the authorization included; names in lower case. */
export function endpointHeaders(config: TargetConfig): Readonly<Record<string, string>> {
  const { publicKey, headers } = config;
  const credentials = credentialsOf(config);
  return {
    "user-agent": `${SDK_NAME}/${SDK_VERSION}`,
    "x-langfuse-sdk-name": SDK_NAME,
    "x-langfuse-sdk-version": SDK_VERSION,
    "x-langfuse-ingestion-version": INGESTION_VERSION,
    ...(publicKey === undefined ? {} : { "x-langfuse-public-key": publicKey }),
    ...(credentials === undefined ? {} : { authorization: `Basic ${credentials}` }),
    ...lowerCaseNames(headers), // names differ by more than case, or both would be sent
  };
}

function credentialsOf({ publicKey, secretKey }: TargetConfig): string | undefined {
  if (publicKey === undefined || secretKey === undefined) return undefined;
  return Buffer.from(`${publicKey}:${secretKey}`).toString("base64");
}

/**
 * The endpoint, for reading.
 * @throws PlayheadError INVALID_ARGUMENT - where it only takes spans
 */
export function createReadEndpoint(config: TargetConfig): ReadEndpoint {
  if (config.ingestionUrl === undefined) {
    throw new PlayheadError(
      "INVALID_ARGUMENT",
      "Expected a Langfuse-compatible address (baseUrl, LANGFUSE_BASE_URL) to read from, got an OTLP endpoint, which only takes spans",
    );
  }
  const { baseUrl } = config;
  return { baseUrl, headers: endpointHeaders(config), timeoutMs: READ_TIMEOUT_MS };
}

function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

/** Asks which project the keys belong to. Spec: langfuse-contract, section 5 (`GET /projects`). */
export async function fetchProject(
  config: TargetConfig,
  transport: Transport,
): Promise<ProjectAnswer> {
  const url = `${config.baseUrl}/api/public/projects`;
  const answer = await transport.get(url);
  if ("failure" in answer) {
    return {
      problem: `Cannot reach ${config.baseUrl}: ${answer.failure}. Check baseUrl (LANGFUSE_BASE_URL), or start the studio: npx playhead studio`,
    };
  }
  if (answer.status === 401 || answer.status === 403) {
    return {
      problem: `${config.baseUrl} refuses the keys (HTTP ${answer.status}). Check publicKey and secretKey (LANGFUSE_PUBLIC_KEY, LANGFUSE_SECRET_KEY), and that they belong to this address.`,
    };
  }
  const project = answer.status === 200 ? readProject(answer.text) : undefined;
  if (project !== undefined) return { project };
  return {
    problem: `Expected a project from ${url}, got HTTP ${answer.status}. Check that baseUrl (LANGFUSE_BASE_URL) is a Langfuse-compatible server.`,
  };
}

function readProject(text: string): Project | undefined {
  try {
    const body: unknown = JSON.parse(text);
    const [first] = (body as { data: Partial<Project>[] }).data; // checked below; throws where it is not so
    const { id, name } = first ?? {};
    if (typeof id === "string" && typeof name === "string") return { id, name };
  } catch {
    // Not JSON, or not of this shape: the caller says what was expected.
  }
  return undefined;
}
