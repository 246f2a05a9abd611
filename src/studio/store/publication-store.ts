import { REDACT_PRESETS, type RedactPreset } from "../../config/redact-rules";
import type { Actor } from "../api/publication-types";
import { parseJson } from "./json-text";
import { Conditions } from "./list-queries";
import type { Database, SqlRow } from "./open-database";
import type { Page } from "./store";

/** That a session can be read at an address of its own, or could. */
export interface PublicationRecord {
  readonly id: string;
  readonly sessionId: string;
  /** Presets by which every text that leaves is redacted. */
  readonly redact: readonly RedactPreset[];
  /** In microseconds, as are the other times. */
  readonly createdUs: number;
  readonly createdBy: Actor;
  /** Null: it does not expire. */
  readonly expiresUs: number | null;
  readonly revokedUs: number | null;
  readonly revokedBy: Actor | null;
}

export interface PublicationQuery {
  readonly limit: number;
  /** Rows to leave out at the top. */
  readonly offset: number;
  readonly sessionId?: string | undefined;
}

/** All calls are synchronous. Publications go with their session. */
export interface PublicationStore {
  /** @param tokenHash - SHA-256 of the token in the address, in hex */
  add(publication: PublicationRecord, tokenHash: string): void;
  get(id: string): PublicationRecord | undefined;
  /** Whether it is still open is for the caller to say. */
  findByToken(tokenHash: string): PublicationRecord | undefined;
  /** Newest first. */
  list(query: PublicationQuery): Page<PublicationRecord>;
  /** Of one that is revoked already, the first time and person stay. */
  revoke(id: string, revokedUs: number, revokedBy: Actor): void;
}

export function createPublicationStore(database: Database): PublicationStore {
  const insert = database.prepare(`
    INSERT INTO publications (
      id, token_hash, session_id, redact, created_us, created_by, expires_us, revoked_us, revoked_by
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const select = database.prepare("SELECT * FROM publications WHERE id = ?");
  const selectByToken = database.prepare("SELECT * FROM publications WHERE token_hash = ?");
  const revoke = database.prepare(`
    UPDATE publications SET revoked_us = ?, revoked_by = ? WHERE id = ? AND revoked_us IS NULL`);
  return {
    add(record, tokenHash) {
      insert.run(
        record.id,
        tokenHash,
        record.sessionId,
        JSON.stringify(record.redact),
        record.createdUs,
        JSON.stringify(record.createdBy),
        record.expiresUs,
        record.revokedUs,
        record.revokedBy === null ? null : JSON.stringify(record.revokedBy),
      );
    },
    get: (id) => publicationOf(select.get(id)),
    findByToken: (tokenHash) => publicationOf(selectByToken.get(tokenHash)),
    list({ limit, offset, sessionId }) {
      const conditions = new Conditions();
      conditions.equals("session_id", sessionId);
      const count = database
        .prepare(`SELECT count(*) AS count FROM publications ${conditions}`)
        .get(...conditions.values);
      const found = database
        .prepare(
          `SELECT * FROM publications ${conditions} ORDER BY created_us DESC, id LIMIT ? OFFSET ?`,
        )
        .all(...conditions.values, limit, offset);
      return { rows: found.map(publicationFromRow), totalCount: Number(count?.["count"]) };
    },
    revoke(id, revokedUs, revokedBy) {
      revoke.run(revokedUs, JSON.stringify(revokedBy), id);
    },
  };
}

function publicationOf(row: SqlRow | undefined): PublicationRecord | undefined {
  return row === undefined ? undefined : publicationFromRow(row);
}

// The assertions hold because the table is STRICT and written only above.
function publicationFromRow(row: SqlRow): PublicationRecord {
  return {
    id: row["id"] as string,
    sessionId: row["session_id"] as string,
    redact: REDACT_PRESETS.filter((preset) => presetsOf(row).includes(preset)),
    createdUs: row["created_us"] as number,
    createdBy: actorOf(row["created_by"] as string),
    expiresUs: row["expires_us"] as number | null,
    revokedUs: row["revoked_us"] as number | null,
    revokedBy: row["revoked_by"] === null ? null : actorOf(row["revoked_by"] as string),
  };
}

function presetsOf(row: SqlRow): readonly unknown[] {
  const presets = parseJson(String(row["redact"]));
  return Array.isArray(presets) ? presets : [];
}

function actorOf(json: string): Actor {
  const actor: unknown = JSON.parse(json);
  return actor as Actor; // written above, and nowhere else
}
