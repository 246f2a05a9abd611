import { createHash, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import type { KeptKeys } from "../store/key-store";

/** A key pair as its user has it. */
export interface KeyPair {
  readonly publicKey: string;
  readonly secretKey: string;
}

/** What is compared with the keys of a request: nothing of the studio holds the secret itself. */
export type StudioKeys = KeptKeys;

/** A new pair, in the form of Langfuse's own. The secret has 192 random bits. */
export function createKeyPair(): KeyPair {
  return {
    publicKey: `pk-lf-${randomUUID()}`,
    secretKey: `sk-lf-${randomBytes(24).toString("hex")}`,
  };
}

/**
 * Plain SHA-256, where a password would need scrypt: a slow hash protects words that can be guessed,
 * and of 192 random bits none can be. It is computed for every request, so a slow one would cost
 * each of them 50 ms. Keys that the user chose are never written down, hashed or not.
 */
export function hashedKeys({ publicKey, secretKey }: KeyPair): StudioKeys {
  return { publicKey, secretHash: digest(secretKey).toString("hex") };
}

/** Takes the same time wherever the texts differ. */
export function isSecretKey(given: string, keys: StudioKeys): boolean {
  return timingSafeEqual(digest(given), Buffer.from(keys.secretHash, "hex"));
}

/** Takes the same time wherever the texts differ. */
export function isPublicKey(given: string, keys: StudioKeys): boolean {
  return timingSafeEqual(digest(given), digest(keys.publicKey));
}

/** Of one length for every text. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
