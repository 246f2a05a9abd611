import { inTransaction } from "./in-transaction";
import type { Database } from "./open-database";

/** A key pair without its secret. */
export interface KeptKeys {
  readonly publicKey: string;
  /** SHA-256 of the secret key, in hex. */
  readonly secretHash: string;
}

export interface StoredKeys extends KeptKeys {
  /** They are demanded on loopback, too. */
  readonly isForLoopback: boolean;
}

/** The one key pair that the studio made for itself. All calls are synchronous. */
export interface KeyStore {
  get(): StoredKeys | undefined;
  /** Takes the place of the pair before. */
  put(keys: StoredKeys, createdUs: number): void;
  /** From now on the pair is for other addresses only. */
  openLoopback(): void;
}

export function createKeyStore(database: Database): KeyStore {
  const select = database.prepare(
    "SELECT public_key, secret_hash, is_for_loopback FROM studio_keys",
  );
  const clear = database.prepare("DELETE FROM studio_keys");
  const insert = database.prepare(
    "INSERT INTO studio_keys (public_key, secret_hash, is_for_loopback, created_us) VALUES (?, ?, ?, ?)",
  );
  const openLoopback = database.prepare("UPDATE studio_keys SET is_for_loopback = 0");
  return {
    get() {
      const row = select.get();
      if (row === undefined) return undefined;
      return {
        publicKey: String(row["public_key"]),
        secretHash: String(row["secret_hash"]),
        isForLoopback: row["is_for_loopback"] === 1,
      };
    },
    put({ publicKey, secretHash, isForLoopback }, createdUs) {
      inTransaction(database, () => {
        clear.run();
        insert.run(publicKey, secretHash, Number(isForLoopback), createdUs);
      });
    },
    openLoopback() {
      openLoopback.run();
    },
  };
}
