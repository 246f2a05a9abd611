import { createHash, randomBytes } from "node:crypto";
import type { PublicationRecord, PublicationStore } from "../store/publication-store";

/** A token is a permission by itself: 256 random bits, which nobody can guess. */
export function createPublicToken(): string {
  return randomBytes(32).toString("base64url");
}

/** Plain SHA-256, for the reason that `hashedKeys` gives. */
export function publicTokenHash(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** @param nowMs - milliseconds since the epoch */
export function isOpenPublication(
  { expiresUs, revokedUs }: Pick<PublicationRecord, "expiresUs" | "revokedUs">,
  nowMs: number,
): boolean {
  return revokedUs === null && (expiresUs === null || expiresUs > nowMs * 1_000);
}

/**
 * What a token opens now; undefined for one that never was, has expired or was revoked. Found by
 * its hash, so the time of the search says nothing about the token.
 */
export function openedBy(
  token: string,
  publications: PublicationStore,
  nowMs: number,
): PublicationRecord | undefined {
  const found = publications.findByToken(publicTokenHash(token));
  return found !== undefined && isOpenPublication(found, nowMs) ? found : undefined;
}
