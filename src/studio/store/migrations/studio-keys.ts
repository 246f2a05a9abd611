/** The pair that the studio made for itself, if it made one: never more than one row. */
export const CREATE_STUDIO_KEYS = `
  CREATE TABLE studio_keys (
    public_key TEXT PRIMARY KEY,
    -- SHA-256 of the secret key, in hex.
    secret_hash TEXT NOT NULL,
    created_us INTEGER NOT NULL
  ) STRICT;
`;

/** Whether the pair is demanded on loopback as well, where none is by default. */
export const ADD_STUDIO_KEYS_ON_LOOPBACK = `
  ALTER TABLE studio_keys ADD COLUMN is_for_loopback INTEGER NOT NULL DEFAULT 0;
`;
