import { createHash, randomBytes } from "node:crypto";
import { MAX_SIGN_INS, SIGN_IN_LIFETIME_MS } from "./limits";

/**
 * Readers who have signed in on the page. Kept by this process alone: when the studio starts anew,
 * with new keys or the same, everybody signs in again.
 */
export interface SignIns {
  /** @returns what the reader's cookie holds: 256 random bits, unknown to this list */
  open(): string;
  /** False for one that was never opened, is closed, or has expired. */
  isOpen(token: string): boolean;
  close(token: string): void;
}

/** @param now - milliseconds since the epoch */
export function createSignIns(now: () => number): SignIns {
  /** When each expires, by the hash of its token, oldest first. */
  const expiries = new Map<string, number>();
  const keyOf = (token: string): string => createHash("sha256").update(token).digest("base64");
  return {
    open() {
      const token = randomBytes(32).toString("base64url");
      expiries.set(keyOf(token), now() + SIGN_IN_LIFETIME_MS);
      const [oldest] = expiries.keys();
      if (expiries.size > MAX_SIGN_INS && oldest !== undefined) expiries.delete(oldest);
      return token;
    },
    isOpen(token) {
      const key = keyOf(token);
      const expiresAt = expiries.get(key);
      if (expiresAt === undefined) return false;
      if (expiresAt > now()) return true;
      expiries.delete(key);
      return false;
    },
    close(token) {
      expiries.delete(keyOf(token));
    },
  };
}
