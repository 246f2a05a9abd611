import { isIPv4 } from "node:net";
import { isPublicKey, isSecretKey, type StudioKeys } from "./keys";

/** What a request's `Authorization` header allows. */
export type Access =
  | { readonly scope: "project" }
  /** The public key alone: may create scores. */
  | { readonly scope: "scores" }
  | { readonly scope: "none"; readonly message: string };

const INVALID_CREDENTIALS = "Invalid credentials. Confirm that you've configured the correct host.";

/** Spec: section "Auth" of the Langfuse API. Deviation: the public key must be right as well. */
export function accessOf(authorization: string | undefined, keys: StudioKeys): Access {
  if (authorization === undefined) return { scope: "none", message: "No authorization header" };
  const [scheme = "", credentials = ""] = authorization.split(" ", 2);
  switch (scheme.toLowerCase()) {
    case "basic": {
      const [, publicKey = "", secretKey = ""] =
        /^([^:]*):(.*)$/s.exec(Buffer.from(credentials, "base64").toString()) ?? [];
      // Both are compared, always: the time says nothing about which one was wrong.
      const matches = [isPublicKey(publicKey, keys), isSecretKey(secretKey, keys)];
      return matches.every(Boolean)
        ? { scope: "project" }
        : { scope: "none", message: INVALID_CREDENTIALS };
    }
    case "bearer":
      return isPublicKey(credentials, keys)
        ? { scope: "scores" }
        : { scope: "none", message: INVALID_CREDENTIALS };
    default:
      return { scope: "none", message: "Invalid authorization header" };
  }
}

export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  return name === "localhost" || name === "::1" || (isIPv4(name) && name.startsWith("127."));
}

/** Listens on every address: no one name to expect in `Host`. */
function isWildcardHost(host: string): boolean {
  return host === "0.0.0.0" || host === "::" || host === "[::]";
}

/**
 * Whether a `Host` header names this server. A page of a foreign site that resolves its own name
 * to 127.0.0.1 (DNS rebinding) sends that name here. On a wildcard address every name is taken:
 * there keys are required, and such a page has none.
 */
export function isExpectedHost(header: string | undefined, configuredHost: string): boolean {
  if (isWildcardHost(configuredHost)) return true;
  const name = hostName(header);
  return (
    name !== undefined &&
    (isLoopbackHost(name) || name === configuredHost.toLowerCase().replace(/^\[(.*)\]$/, "$1"))
  );
}

/**
 * Whether a request comes from a page of another origin. Programs send no `Origin`; browsers do
 * with every request that changes something.
 */
export function isForeignOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return false;
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  return url === undefined || url.host !== host?.toLowerCase();
}

/** Headers by which a browser says who asks; programs send none of them. */
export interface SenderHeaders {
  readonly origin: string | undefined;
  readonly host: string | undefined;
  /** `Sec-Fetch-Site`; browsers leave it out on plain HTTP beyond loopback. */
  readonly site: string | undefined;
  /** `Sec-Fetch-Mode` */
  readonly mode: string | undefined;
  /** `Sec-Fetch-Dest` */
  readonly destination: string | undefined;
}

/**
 * Whether a page of another site fetches something, which it could not read but could measure. A
 * link that somebody follows is none of that.
 */
export function isForeignFetch({ site, mode, destination }: SenderHeaders): boolean {
  if (site === undefined || site === "same-origin" || site === "none") return false;
  return !(mode === "navigate" && destination === "document");
}

/**
 * Whether the page of the studio itself sends a request. What a browser adds by itself, the cookie
 * of a signed-in reader, changes something only then.
 */
export function isOwnPage({ origin, host, site }: SenderHeaders): boolean {
  return origin === undefined ? site === "same-origin" : !isForeignOrigin(origin, host);
}

/** The name in a `Host` header, without port and brackets, in lower case. */
function hostName(header: string | undefined): string | undefined {
  if (header === undefined || !URL.canParse(`http://${header}`)) return undefined;
  return new URL(`http://${header}`).hostname.replace(/^\[(.*)\]$/, "$1");
}
