import { endpointHeaders } from "../client/endpoint";
import { STUDIO_BASE_URL } from "../config/targets";
import { UsageError } from "./command";
import { type EndpointNames, endpointConfig } from "./endpoint-flags";
import { STUDIO_VARIABLES } from "./studio-variables";

/** A running studio that a command speaks to, and what shows it the keys. */
export interface StudioAddress {
  /** Without a slash at its end. */
  readonly url: string;
  /** With the authorization, where there are keys; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** What to do where the studio refuses the keys: a sentence. */
  readonly keysAdvice: string;
}

/** For help texts: what holds where the options are not given. */
export const STUDIO_URL_DEFAULT = `default ${STUDIO_VARIABLES.baseUrl}, or ${STUDIO_BASE_URL}`;
export const STUDIO_KEY_VARIABLES = `${STUDIO_VARIABLES.publicKey} and ${STUDIO_VARIABLES.secretKey}`;

/** What the options of a command gave. */
export type GivenStudio = { readonly [Part in keyof EndpointNames]?: string | undefined };

/** What the options are called; a command without options for keys has them from the environment alone. */
export type StudioOptionNames = Pick<EndpointNames, "baseUrl"> & Partial<EndpointNames>;

/**
 * The studio that the options name, else the environment, else the local one. Keys come in pairs, both
 * from the options or both from the environment.
 * @throws UsageError for what is no address, and for one key without the other
 */
export function readStudioAddress(
  given: GivenStudio,
  options: StudioOptionNames,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): StudioAddress {
  if (given.baseUrl === "") {
    throw new UsageError(`Expected ${options.baseUrl} to be an http or https address, got ""`);
  }
  const fromEnvironment = environment[STUDIO_VARIABLES.baseUrl];
  const isByOption = given.publicKey !== undefined || given.secretKey !== undefined;
  const keys = isByOption
    ? { publicKey: given.publicKey || undefined, secretKey: given.secretKey || undefined }
    : {
        publicKey: environment[STUDIO_VARIABLES.publicKey] || undefined,
        secretKey: environment[STUDIO_VARIABLES.secretKey] || undefined,
      };
  const keyNames = { ...STUDIO_VARIABLES, ...(isByOption ? options : {}) };
  if ((keys.publicKey === undefined) !== (keys.secretKey === undefined)) {
    const missing = keyNames[keys.publicKey === undefined ? "publicKey" : "secretKey"];
    throw new UsageError(`Expected both keys, or none, got one: ${missing} is missing`);
  }
  const [target] = endpointConfig(
    {
      url: given.baseUrl ?? (fromEnvironment || STUDIO_BASE_URL),
      "public-key": keys.publicKey,
      "secret-key": keys.secretKey,
    },
    {}, // what applications send to is another matter
    {
      ...keyNames,
      baseUrl: given.baseUrl === undefined ? STUDIO_VARIABLES.baseUrl : options.baseUrl,
    },
  ).targets;
  return { url: target.baseUrl, headers: endpointHeaders(target), keysAdvice: adviceOf(options) };
}

function adviceOf({ publicKey, secretKey }: StudioOptionNames): string {
  return publicKey === undefined || secretKey === undefined
    ? `Check ${STUDIO_KEY_VARIABLES}.`
    : `Give its keys with ${publicKey} and ${secretKey}. Without these they are ${STUDIO_KEY_VARIABLES}.`;
}
