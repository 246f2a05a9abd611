/**
 * Addresses at which a session can be read without keys. A revoked one stays, as the record of who
 * opened what and when; it goes with its session.
 */
export const PUBLICATIONS = `
  CREATE TABLE publications (
    id TEXT PRIMARY KEY,
    -- SHA-256 of the token in the address, in hex.
    token_hash TEXT NOT NULL UNIQUE,
    session_id TEXT NOT NULL,
    -- JSON: names of the presets by which texts are redacted.
    redact TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    -- JSON, as is revoked_by.
    created_by TEXT NOT NULL,
    expires_us INTEGER,
    revoked_us INTEGER,
    revoked_by TEXT
  ) STRICT;
  CREATE INDEX publications_of_session ON publications (session_id, created_us, id);

  -- What comes later under the id of a session that is gone is nobody's wish to publish.
  CREATE TRIGGER publications_of_session_go AFTER DELETE ON sessions BEGIN
    DELETE FROM publications WHERE session_id = OLD.id;
  END;
`;
