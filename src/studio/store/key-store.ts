import { inTransaction } from "./in-transaction";
import type { Database } from "./open-database";

/** A key pair without its secret. */
export interface KeptKeys {
  readonly publicKey: string;
  /** SHA-256 of the secret key, in hex. */
  readonly secretHash: string;
}

/** The one key pair that the studio made for itself. All calls are synchronous. */
export interface KeyStore {
  get(): KeptKeys | undefined;
  /** Takes the place of the pair before. */
  put(keys: KeptKeys, createdUs: number): void;
}

export function createKeyStore(database: Database): KeyStore {
  const select = database.prepare("SELECT public_key, secret_hash FROM studio_keys");
  const clear = database.prepare("DELETE FROM studio_keys");
  const insert = database.prepare(
    "INSERT INTO studio_keys (public_key, secret_hash, created_us) VALUES (?, ?, ?)",
  );
  return {
    get() {
      const row = select.get();
      if (row === undefined) return undefined;
      return { publicKey: String(row["public_key"]), secretHash: String(row["secret_hash"]) };
    },
    put({ publicKey, secretHash }, createdUs) {
      inTransaction(database, () => {
        clear.run();
        insert.run(publicKey, secretHash, createdUs);
      });
    },
  };
}
