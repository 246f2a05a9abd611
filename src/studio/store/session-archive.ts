import { type CommentRecord, commentFromRow } from "./comment-store";
import type { MediaPlace } from "./media-store";
import type { Database } from "./open-database";

/** A file that the traces of a session refer to, and where they do. */
export interface SessionMedia {
  readonly id: string;
  /** By trace, observation and field. */
  readonly places: readonly MediaPlace[];
}

/** What a session file needs beside the reads of the store. All calls are synchronous. */
export interface SessionArchive {
  /** Comments on the session, its traces and their observations, oldest first. */
  commentsOf(sessionId: string): readonly CommentRecord[];
  /** Announced files, uploaded or not, by id. */
  mediaOf(sessionId: string): readonly SessionMedia[];
  /** Puts a comment back; one of the same id stays as it is. */
  restoreComment(comment: CommentRecord): void;
}

export function createSessionArchive(database: Database): SessionArchive {
  const comments = database.prepare(`
    SELECT * FROM comments WHERE object_type = 'SESSION' AND object_id = ?1
    UNION
    SELECT comments.* FROM traces
      JOIN comments ON object_type = 'TRACE' AND object_id = traces.id
      WHERE traces.session_id = ?1
    UNION
    SELECT comments.* FROM traces
      JOIN observations ON observations.trace_id = traces.id
      JOIN comments ON object_type = 'OBSERVATION' AND object_id = observations.id
      WHERE traces.session_id = ?1
    ORDER BY created_us, id`);
  const places = database.prepare(`
    SELECT media_places.* FROM traces
      JOIN media_places ON media_places.trace_id = traces.id
      JOIN media ON media.id = media_places.media_id
      WHERE traces.session_id = ?
    ORDER BY media_places.media_id, media_places.trace_id, observation_id, field`);
  const insertComment = database.prepare(`
    INSERT INTO comments (id, object_type, object_id, content, author_user_id, created_us)
    VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`);
  return {
    commentsOf: (sessionId) => comments.all(sessionId).map(commentFromRow),
    mediaOf(sessionId) {
      const byId = new Map<string, MediaPlace[]>();
      for (const row of places.all(sessionId)) {
        const id = String(row["media_id"]);
        const place: MediaPlace = {
          traceId: String(row["trace_id"]),
          observationId: String(row["observation_id"]) || null,
          field: String(row["field"]),
        };
        const known = byId.get(id);
        if (known === undefined) byId.set(id, [place]);
        else known.push(place);
      }
      return [...byId].map(([id, of]) => ({ id, places: of }));
    },
    restoreComment({ id, objectType, objectId, content, authorUserId, createdUs }) {
      insertComment.run(id, objectType, objectId, content, authorUserId, createdUs);
    },
  };
}
