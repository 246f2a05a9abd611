import { createHash, timingSafeEqual } from "node:crypto";
import { isIPv4 } from "node:net";

/** Both set, or none: then everything on loopback is open. */
export interface StudioKeys {
  readonly publicKey: string;
  readonly secretKey: string;
}

/** What a request's `Authorization` header allows. */
export type Access =
  | { readonly scope: "project" }
  /** The public key alone: may create scores. */
  | { readonly scope: "scores" }
  | { readonly scope: "none"; readonly message: string };

const INVALID_CREDENTIALS = "Invalid credentials. Confirm that you've configured the correct host.";

/** Spec: section "Auth" of the Langfuse API. Deviation: the public key must be right as well. */
export function accessOf(authorization: string | undefined, keys: StudioKeys | undefined): Access {
  if (keys === undefined) return { scope: "project" };
  if (authorization === undefined) return { scope: "none", message: "No authorization header" };
  const [scheme = "", credentials = ""] = authorization.split(" ", 2);
  switch (scheme.toLowerCase()) {
    case "basic": {
      const expected = `${keys.publicKey}:${keys.secretKey}`;
      const given = Buffer.from(credentials, "base64").toString();
      return isSame(given, expected)
        ? { scope: "project" }
        : { scope: "none", message: INVALID_CREDENTIALS };
    }
    case "bearer":
      return isSame(credentials, keys.publicKey)
        ? { scope: "scores" }
        : { scope: "none", message: INVALID_CREDENTIALS };
    default:
      return { scope: "none", message: "Invalid authorization header" };
  }
}

/** Takes the same time whatever differs: compares digests, which are of one length. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
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

/** The name in a `Host` header, without port and brackets, in lower case. */
function hostName(header: string | undefined): string | undefined {
  if (header === undefined || !URL.canParse(`http://${header}`)) return undefined;
  return new URL(`http://${header}`).hostname.replace(/^\[(.*)\]$/, "$1");
}
