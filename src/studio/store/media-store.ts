import { mediaIdsIn } from "./media-references";
import type { Database, Statement } from "./open-database";

/** A file as it was announced, by whoever is about to upload it. */
export interface MediaAnnouncement {
  /** The first 22 characters of the hash, in URL-safe base64. */
  readonly id: string;
  /** SHA-256 of the content, in base64 with padding. */
  readonly hash: string;
  readonly contentType: string;
  /** Length of the content in bytes. */
  readonly contentLength: number;
}

export interface MediaRecord extends MediaAnnouncement {
  /** When its content came, in microseconds; null until then. */
  readonly uploadedUs: number | null;
}

export interface MediaPlace {
  readonly traceId: string;
  readonly observationId: string | null;
  readonly field: string;
}

/** A place of a trace, and the file that stands there. */
export interface MediaPlaceInTrace extends MediaPlace {
  readonly mediaId: string;
}

/** Files that observations refer to, each content once. All calls are synchronous and idempotent. */
export interface MediaStore {
  /** Remembers a file and where it stands. One whose content is there stays as it is. */
  announce(media: MediaAnnouncement, place: MediaPlace): MediaRecord;
  /** Notes the files that a text refers to: announced or not, earlier or later. */
  noteReferences(text: string, place: MediaPlace): void;
  /** Keeps the content of an announced file; a second time changes nothing. */
  putContent(id: string, content: Uint8Array, uploadedUs: number): void;
  get(id: string): MediaRecord | undefined;
  /** Undefined until it is uploaded. */
  contentOf(id: string): Uint8Array | undefined;
  /** Oldest first. */
  placesOf(id: string): readonly MediaPlace[];
  /** Announced ones, and those that its texts refer to; oldest first. */
  placesInTrace(traceId: string): readonly MediaPlaceInTrace[];
}

const COLUMNS = "id, hash, content_type, content_length, uploaded_us";

export function createMediaStore(database: Database): MediaStore {
  const announce = database.prepare(`
    INSERT INTO media (id, hash, content_type, content_length) VALUES (?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET hash = excluded.hash, content_type = excluded.content_type,
      content_length = excluded.content_length
    WHERE uploaded_us IS NULL`);
  const place = database.prepare(`
    INSERT OR IGNORE INTO media_places (media_id, trace_id, observation_id, field)
    VALUES (?, ?, ?, ?)`);
  const putContent = database.prepare(
    "UPDATE media SET content = ?, uploaded_us = ? WHERE id = ? AND uploaded_us IS NULL",
  );
  const select = database.prepare(`SELECT ${COLUMNS} FROM media WHERE id = ?`);
  const selectContent = database.prepare("SELECT content FROM media WHERE id = ?");
  const selectPlaces = database.prepare(
    "SELECT trace_id, observation_id, field FROM media_places WHERE media_id = ? ORDER BY rowid",
  );
  const selectPlacesInTrace = database.prepare(
    "SELECT media_id, observation_id, field FROM media_places WHERE trace_id = ? ORDER BY rowid",
  );

  const get = (id: string): MediaRecord | undefined => recordOf(select, id);
  return {
    announce(media, { traceId, observationId, field }) {
      announce.run(media.id, media.hash, media.contentType, media.contentLength);
      // Null is never equal to null: the empty id keeps a place from being noted twice.
      place.run(media.id, traceId, observationId ?? "", field);
      return get(media.id) ?? { ...media, uploadedUs: null };
    },
    noteReferences(text, { traceId, observationId, field }) {
      for (const id of mediaIdsIn(text)) place.run(id, traceId, observationId ?? "", field);
    },
    putContent(id, content, uploadedUs) {
      putContent.run(content, uploadedUs, id);
    },
    get,
    contentOf(id) {
      const content = selectContent.get(id)?.["content"];
      return content instanceof Uint8Array ? content : undefined;
    },
    placesOf: (id) =>
      selectPlaces.all(id).map((row) => ({
        traceId: String(row["trace_id"]),
        observationId: String(row["observation_id"]) || null,
        field: String(row["field"]),
      })),
    placesInTrace: (traceId) =>
      selectPlacesInTrace.all(traceId).map((row) => ({
        mediaId: String(row["media_id"]),
        traceId,
        observationId: String(row["observation_id"]) || null,
        field: String(row["field"]),
      })),
  };
}

function recordOf(select: Statement, id: string): MediaRecord | undefined {
  const row = select.get(id);
  if (row === undefined) return undefined;
  const uploadedUs = row["uploaded_us"];
  return {
    id: String(row["id"]),
    hash: String(row["hash"]),
    contentType: String(row["content_type"]),
    contentLength: Number(row["content_length"]),
    uploadedUs: typeof uploadedUs === "number" ? uploadedUs : null,
  };
}
