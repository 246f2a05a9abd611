import { type ResolvedConfig, resolveConfig } from "../config/resolve";
import { CLOUD_BASE_URL } from "../config/targets";
import { PlayheadError } from "../diagnostics/errors";
import { UsageError } from "./command";

/** Flags of each command that asks the endpoint of applications, a studio or not. */
export const ENDPOINT_FLAGS = {
  url: { type: "string" },
  "public-key": { type: "string" },
  "secret-key": { type: "string" },
} as const;

export const ENDPOINT_HELP = `  --url <address>       Endpoint (default LANGFUSE_BASE_URL; without it and without keys the local studio)
  --public-key <key>    Keys (default LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY; with --url those
  --secret-key <key>    of the environment count only where LANGFUSE_BASE_URL is not another address)`;

type Values = {
  readonly [Name in keyof typeof ENDPOINT_FLAGS]?: string | undefined;
};

/** What the user calls the options in what is said of them. */
export interface EndpointNames {
  readonly baseUrl: string;
  readonly publicKey: string;
  readonly secretKey: string;
}

export const OWN_NAMES: EndpointNames = {
  baseUrl: "--url",
  publicKey: "--public-key",
  secretKey: "--secret-key",
};

/**
 * The endpoint of flags and environment.
 * @throws UsageError - for values that make no sense
 */
export function endpointConfig(
  { url, "public-key": publicKey, "secret-key": secretKey }: Values,
  environment: Readonly<Record<string, string | undefined>> = process.env,
  names: EndpointNames = OWN_NAMES,
): ResolvedConfig {
  const isOther = url !== undefined && url !== "" && isOtherAddress(url, environment);
  try {
    return resolveConfig(
      // Whoever asks by hand means to, also where tracing is switched off.
      { enabled: true, baseUrl: url, publicKey, secretKey },
      isOther ? withoutEndpoint(environment) : environment,
    );
  } catch (error) {
    if (!(error instanceof PlayheadError)) throw error;
    const message = error.message.replace(
      /\b(baseUrl|publicKey|secretKey)\b/g,
      // One of the three, by the pattern.
      (option) => names[option as keyof EndpointNames],
    );
    throw new UsageError(message, { cause: error });
  }
}

const ADDRESS_VARIABLES = ["LANGFUSE_BASE_URL", "LANGFUSE_BASEURL", "LANGFUSE_HOST"] as const;
const ENDPOINT_VARIABLES: readonly string[] = [
  ...ADDRESS_VARIABLES,
  "LANGFUSE_PUBLIC_KEY",
  "LANGFUSE_SECRET_KEY",
  "PLAYHEAD_ENDPOINT",
];

/** Whether the environment's keys belong elsewhere: they must not go to this address then. */
function isOtherAddress(
  url: string,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  const known =
    ADDRESS_VARIABLES.map((name) => environment[name]).find(Boolean) ??
    // Without an address keys mean Langfuse Cloud.
    (environment["LANGFUSE_PUBLIC_KEY"] ? CLOUD_BASE_URL : url);
  return originOf(known) !== originOf(url);
}

function withoutEndpoint(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  const kept = Object.entries(environment).filter(([name]) => !ENDPOINT_VARIABLES.includes(name));
  return Object.fromEntries(kept);
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}
