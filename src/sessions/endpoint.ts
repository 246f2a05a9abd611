import { PlayheadError } from "../diagnostics/errors";
import { askPatiently } from "./ask-patiently";

/** Where to read, and as whom. */
export interface ReadEndpoint {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** With the authorization. */
  readonly headers: Readonly<Record<string, string>>;
  /** For one request, in milliseconds. */
  readonly timeoutMs: number;
}

export type Parameters = Readonly<Record<string, string | number | undefined>>;

export interface JsonAnswer {
  readonly status: number;
  /** Undefined where it is not JSON. */
  readonly body: unknown;
}

/**
 * One GET, whatever the answer is. Where the endpoint asks to come back later (429, 503 with
 * `Retry-After`), it is asked again then.
 * @throws (rejects) PlayheadError ENDPOINT_UNREACHABLE, ENDPOINT_REFUSED
 */
export async function ask(
  endpoint: ReadEndpoint,
  path: string,
  parameters: Parameters = {},
): Promise<JsonAnswer> {
  const url = new URL(endpoint.baseUrl + path);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  const response = await askPatiently(() => request(endpoint, url));
  const { status } = response;
  if (status === 401 || status === 403) throw refused(endpoint, status);
  return { status, body: await bodyOf(endpoint, response) };
}

/**
 * The body of an answer with status 200.
 * @throws (rejects) PlayheadError, as {@link ask}, and ENDPOINT_UNEXPECTED for any other answer
 */
export async function read(
  endpoint: ReadEndpoint,
  path: string,
  parameters: Parameters = {},
): Promise<unknown> {
  const { status, body } = await ask(endpoint, path, parameters);
  if (status === 200 && body !== undefined) return body;
  throw unexpected(endpoint, path, status);
}

export function unexpected(endpoint: ReadEndpoint, path: string, status: number): PlayheadError {
  const got = status === 200 ? "something that is not JSON" : `HTTP ${status}`;
  return new PlayheadError(
    "ENDPOINT_UNEXPECTED",
    `Expected JSON from ${endpoint.baseUrl}${path}, got ${got}. Check that the address is a Langfuse-compatible server: npx playhead doctor`,
  );
}

/** Where a list would be read without end. */
export function endless({ baseUrl }: ReadEndpoint, path: string): PlayheadError {
  return new PlayheadError(
    "ENDPOINT_UNEXPECTED",
    `Expected the next page of ${baseUrl}${path}, got the same one again.`,
  );
}

async function request(endpoint: ReadEndpoint, url: URL): Promise<Response> {
  try {
    return await fetch(url, {
      headers: endpoint.headers,
      redirect: "manual", // another server must not get the keys
      signal: AbortSignal.timeout(endpoint.timeoutMs),
    });
  } catch (error) {
    throw unreachable(endpoint, error);
  }
}

async function bodyOf(endpoint: ReadEndpoint, response: Response): Promise<unknown> {
  let text: string;
  try {
    text = await response.text();
  } catch (error) {
    throw unreachable(endpoint, error);
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // HTML, as proxies send it: the status says what is to be said
  }
}

function unreachable(endpoint: ReadEndpoint, error: unknown): PlayheadError {
  return new PlayheadError(
    "ENDPOINT_UNREACHABLE",
    `Cannot reach ${endpoint.baseUrl}: ${failureOf(error)}. Check the address (LANGFUSE_BASE_URL), or start the studio: npx playhead studio`,
    { cause: error },
  );
}

/** Node's code of what failed below `fetch`, else its words. */
export function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return "request failed";
  if (error.name === "TimeoutError") return "no answer in time";
  const cause: unknown = error.cause;
  if (cause instanceof Error) {
    const { code } = cause as NodeJS.ErrnoException; // optional there, so undefined at worst
    // A host with two addresses fails with an AggregateError whose message is empty.
    return code ?? (cause.message || cause.name);
  }
  return error.message || error.name;
}

function refused({ baseUrl, headers }: ReadEndpoint, status: number): PlayheadError {
  return new PlayheadError(
    "ENDPOINT_REFUSED",
    "authorization" in headers
      ? `${baseUrl} refuses the keys (HTTP ${status}). Check LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY, and that they belong to this address.`
      : `${baseUrl} demands keys, and none were sent (HTTP ${status}). Set LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY, and LANGFUSE_BASE_URL to this address: keys of the environment go nowhere else.`,
  );
}
