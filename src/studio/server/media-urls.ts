import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { mediaContentPath } from "../api/media-types";
import { MEDIA_URL_LIFETIME_MS } from "./limits";

export interface SignedUrl {
  /** Path and query on this server. */
  readonly path: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

type Method = "GET" | "PUT";

/**
 * Addresses that are a permission by themselves, for one file and one method: whoever uploads or
 * downloads sends no keys there, as with a storage of its own. Valid for an hour, and for this
 * process.
 */
export interface MediaUrls {
  sign(method: Method, id: string): SignedUrl;
  /** Whether an address is one that was signed for this method, and is still valid. */
  isSigned(method: string, path: string, query: (name: string) => string | undefined): boolean;
}

export function createMediaUrls(now: () => number): MediaUrls {
  const secret = randomBytes(32);
  const signatureOf = (method: string, path: string, expires: string): Buffer =>
    createHmac("sha256", secret).update(`${method}\n${path}\n${expires}`).digest();
  return {
    sign(method, id) {
      const expiresAt = now() + MEDIA_URL_LIFETIME_MS;
      const path = mediaContentPath(id);
      const signature = signatureOf(method, path, String(expiresAt)).toString("base64url");
      return { path: `${path}?expires=${expiresAt}&signature=${signature}`, expiresAt };
    },
    isSigned(method, path, query) {
      const [expires = "", signature = ""] = [query("expires"), query("signature")];
      if (!(Number(expires) > now())) return false;
      const given = Buffer.from(signature, "base64url");
      const expected = signatureOf(method === "HEAD" ? "GET" : method, path, expires);
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}
