import { Conditions } from "./list-queries";
import type { Database, SqlRow } from "./open-database";
import type { Page } from "./store";

export const COMMENT_OBJECT_TYPES = ["TRACE", "OBSERVATION", "SESSION", "PROMPT"] as const;

export type CommentObjectType = (typeof COMMENT_OBJECT_TYPES)[number];

/** What a person wrote beside a trace, an observation or a session. */
export interface CommentRecord {
  readonly id: string;
  readonly objectType: CommentObjectType;
  readonly objectId: string;
  /** Markdown, as it came. */
  readonly content: string;
  readonly authorUserId: string | null;
  /** In microseconds. */
  readonly createdUs: number;
}

export interface CommentQuery {
  readonly limit: number;
  /** Rows to leave out at the top. */
  readonly offset: number;
  readonly objectType?: CommentObjectType | undefined;
  readonly objectId?: string | undefined;
  readonly authorUserId?: string | undefined;
  readonly fromUs?: number | undefined;
  readonly toUs?: number | undefined;
}

/** All calls are synchronous. Comments are never changed, and go with what they are about. */
export interface CommentStore {
  add(comment: CommentRecord): void;
  get(id: string): CommentRecord | undefined;
  /** Oldest first. */
  list(query: CommentQuery): Page<CommentRecord>;
}

export function createCommentStore(database: Database): CommentStore {
  const insert = database.prepare(`
    INSERT INTO comments (id, object_type, object_id, content, author_user_id, created_us)
    VALUES (?, ?, ?, ?, ?, ?)`);
  const select = database.prepare("SELECT * FROM comments WHERE id = ?");
  return {
    add({ id, objectType, objectId, content, authorUserId, createdUs }) {
      insert.run(id, objectType, objectId, content, authorUserId, createdUs);
    },

    get(id) {
      const row = select.get(id);
      return row === undefined ? undefined : commentFromRow(row);
    },

    list(query) {
      const conditions = new Conditions();
      conditions.equals("object_type", query.objectType);
      conditions.equals("object_id", query.objectId);
      conditions.equals("author_user_id", query.authorUserId);
      if (query.fromUs !== undefined) conditions.add("created_us >= ?", query.fromUs);
      if (query.toUs !== undefined) conditions.add("created_us < ?", query.toUs);
      const count = database
        .prepare(`SELECT count(*) AS count FROM comments ${conditions}`)
        .get(...conditions.values);
      const found = database
        .prepare(`SELECT * FROM comments ${conditions} ORDER BY created_us, id LIMIT ? OFFSET ?`)
        .all(...conditions.values, query.limit, query.offset);
      return { rows: found.map(commentFromRow), totalCount: Number(count?.["count"]) };
    },
  };
}

// The assertions hold because the table is STRICT and written only above.
export function commentFromRow(row: SqlRow): CommentRecord {
  return {
    id: row["id"] as string,
    objectType: row["object_type"] as CommentObjectType,
    objectId: row["object_id"] as string,
    content: row["content"] as string,
    authorUserId: row["author_user_id"] as string | null,
    createdUs: row["created_us"] as number,
  };
}
