import { DEFAULT_STUDIO_HOST, DEFAULT_STUDIO_PORT } from "../studio/server";
import { UsageError } from "./command";

/** A running studio that a command speaks to, and the keys for it. */
export interface StudioAddress {
  /** Without a trailing slash. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The options by which commands name a running studio. */
export const STUDIO_FLAGS = {
  url: { type: "string" },
  "public-key": { type: "string" },
  "secret-key": { type: "string" },
} as const;

const DEFAULT_URL = `http://${DEFAULT_STUDIO_HOST}:${DEFAULT_STUDIO_PORT}`;

/** For the help text of a command. */
export const STUDIO_FLAGS_HELP = `  --url <address>       The studio (default PLAYHEAD_STUDIO_URL, or ${DEFAULT_URL})
  --public-key <key>    Keys of a studio that demands some
  --secret-key <key>    (or PLAYHEAD_STUDIO_PUBLIC_KEY and PLAYHEAD_STUDIO_SECRET_KEY)
`;

/** @throws UsageError for what is no address, and for one key without the other */
export function readStudioAddress(
  values: Readonly<Partial<Record<keyof typeof STUDIO_FLAGS, string | undefined>>>,
  env: NodeJS.ProcessEnv,
): StudioAddress {
  const given = values.url ?? (env["PLAYHEAD_STUDIO_URL"] || DEFAULT_URL);
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`Expected --url like ${DEFAULT_URL}, got ${JSON.stringify(given)}`);
  }
  const isGiven = values["public-key"] !== undefined || values["secret-key"] !== undefined;
  const publicKey = isGiven ? values["public-key"] : env["PLAYHEAD_STUDIO_PUBLIC_KEY"];
  const secretKey = isGiven ? values["secret-key"] : env["PLAYHEAD_STUDIO_SECRET_KEY"];
  if (Boolean(publicKey) !== Boolean(secretKey)) {
    throw new UsageError("Expected both keys, or none, got one");
  }
  const pair = Buffer.from(`${publicKey}:${secretKey}`).toString("base64");
  return {
    url: (url.origin + url.pathname).replace(/\/+$/, ""),
    headers: publicKey ? { authorization: `Basic ${pair}` } : {},
  };
}

/** The studio did not do what it was asked. The message is for the user. */
export class StudioRequestError extends Error {
  override readonly name = "StudioRequestError";
}

/**
 * One request to the studio.
 * @param path - below its address
 * @throws StudioRequestError for no answer, and for any but a good one
 */
export async function askStudio(
  { url, headers }: StudioAddress,
  path: string,
  options: RequestInit & { readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url + path, { ...options, headers: { ...options.headers, ...headers } });
  } catch (cause) {
    const message = `Expected a studio at ${url}, got no answer. Start one with: npx playhead studio`;
    throw new StudioRequestError(message, { cause });
  }
  if (response.ok) return response;
  const message = await messageOf(response);
  const hint = response.status === 401 ? " Give its keys with --public-key and --secret-key." : "";
  throw new StudioRequestError(
    `The studio at ${url} answered ${response.status}: ${message}.${hint}`,
  );
}

async function messageOf(response: Response): Promise<string> {
  const text = await response.text();
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null && "message" in body) {
      return String(body.message).replace(/\.$/, "");
    }
  } catch {
    // not JSON: no studio, most likely
  }
  return "no reason that a studio gives";
}
