import { PlayheadError } from "../diagnostics/errors";
import { printableLine } from "../diagnostics/printable-text";
import { askPatiently } from "../sessions/ask-patiently";
import { failureOf } from "../sessions/endpoint";
import { fieldsOf, textOf } from "../sessions/json-fields";
import type { StudioAddress } from "./studio-address";

/** What is asked, beside the path. */
export interface StudioRequest {
  /** @default "GET" */
  readonly method?: "GET" | "POST";
  /** Beside those that the address has. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly signal?: AbortSignal;
}

/**
 * One request to a studio. The answer may be any but a refusal (401, 403).
 * @param path - below its address
 * @throws (rejects) PlayheadError ENDPOINT_UNREACHABLE, also where `signal` ended it, ENDPOINT_REFUSED
 */
export async function askStudio(
  studio: StudioAddress,
  path: string,
  { headers = {}, ...request }: StudioRequest = {},
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(studio.url + path, {
      ...request,
      headers: { ...headers, ...studio.headers },
      redirect: "manual", // another server must not get the keys
    });
  } catch (cause) {
    throw new PlayheadError(
      "ENDPOINT_UNREACHABLE",
      `Expected a studio at ${studio.url}, got no answer. The reason: ${failureOf(cause)}. Start the studio: npx playhead studio`,
      { cause },
    );
  }
  const { status } = response;
  // For 403 there are other reasons than the keys, which the studio gives.
  if (status === 403) throw await unexpectedAnswer(studio, response, "ENDPOINT_REFUSED");
  if (status !== 401) return response;
  const what =
    "authorization" in studio.headers ? "refuses the keys" : "demands keys, and none are given";
  throw new PlayheadError(
    "ENDPOINT_REFUSED",
    `The studio at ${studio.url} ${what} (HTTP ${status}). ${studio.keysAdvice}`,
  );
}

/**
 * As {@link askStudio}; where the studio puts it off, again when it says.
 * @param request - made for each attempt: a time limit is one of the attempt
 */
export function askStudioPatiently(
  studio: StudioAddress,
  path: string,
  request: () => StudioRequest,
): Promise<Response> {
  return askPatiently(() => askStudio(studio, path, request()));
}

/** An answer came, but not all of it. */
export function brokenOff({ url }: StudioAddress, cause?: unknown): PlayheadError {
  return new PlayheadError(
    "ENDPOINT_UNREACHABLE",
    `The studio at ${url} broke off. Run it again to go on: nothing is doubled.`,
    { cause },
  );
}

/** What an answer that is not a good one says, as an error. */
export async function unexpectedAnswer(
  { url }: StudioAddress,
  response: Response,
  code: "ENDPOINT_UNEXPECTED" | "ENDPOINT_REFUSED" = "ENDPOINT_UNEXPECTED",
): Promise<PlayheadError> {
  const message = (await messageOf(response)) ?? "no reason that a studio gives";
  return new PlayheadError(
    code,
    `The studio at ${url} answered ${response.status}: ${message.replace(/\.$/, "")}.`,
  );
}

/** @returns the words of a studio's error, on one line, null where the answer is none */
export async function messageOf(response: Response): Promise<string | null> {
  try {
    const words = textOf(fieldsOf(await response.json())["message"]);
    return words === null ? null : printableLine(words);
  } catch {
    return null; // no JSON: no studio
  }
}
