import type { TargetConfig } from "../config/targets";
import { SPAN_CONCURRENCY } from "../export/target";
import { createTransport, type Transport } from "../export/transport";
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
/** Newest ingestion protocol of Langfuse, which puts spans where they are seen at once. */
const INGESTION_VERSION = "4";

/** The HTTP side of the configured endpoint. Spec: langfuse-contract, sections 0 and 1. */
export function createEndpointTransport(config: TargetConfig, timeoutMs: number): Transport {
  const { publicKey, secretKey, headers } = config;
  const credentials =
    publicKey !== undefined && secretKey !== undefined
      ? Buffer.from(`${publicKey}:${secretKey}`).toString("base64")
      : undefined;
  const authorization = credentials === undefined ? {} : { authorization: `Basic ${credentials}` };
  return createTransport({
    timeoutMs,
    connections: SPAN_CONCURRENCY,
    secrets: [secretKey ?? "", credentials ?? "", ...Object.values(headers)].filter(
      (text) => text.length >= MIN_SECRET_LENGTH,
    ),
    headers: {
      "user-agent": `${SDK_NAME}/${SDK_VERSION}`,
      "x-langfuse-sdk-name": SDK_NAME,
      "x-langfuse-sdk-version": SDK_VERSION,
      "x-langfuse-ingestion-version": INGESTION_VERSION,
      ...(publicKey === undefined ? {} : { "x-langfuse-public-key": publicKey }),
      ...authorization,
      ...lowerCaseNames(headers), // names differ by more than case, or both would be sent
    },
  });
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
