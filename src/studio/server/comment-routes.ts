import { randomUUID } from "node:crypto";
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import * as z from "zod/mini";
import { PROJECT_ID } from "../api/project";
import { notFound, numberedPage, offsetOf } from "../api/public-answers";
import { commentListQuery } from "../api/public-queries";
import type { PublicComment } from "../api/public-score-types";
import type { PublicPage } from "../api/public-types";
import { parseQuery } from "../api/query";
import {
  COMMENT_OBJECT_TYPES,
  type CommentObjectType,
  type CommentRecord,
} from "../store/comment-store";
import type { Store } from "../store/store";
import { isoMillis } from "../store/time-text";
import type { Admitted } from "./back-pressure";
import { readJsonBody } from "./json-body";

/** Longest comment, in characters. */
const MAX_CONTENT_LENGTH = 5_000;

const commentSchema = z.strictObject({
  // Of a key's own project in Langfuse, whatever stands here; the studio has one.
  projectId: z.string(),
  content: z.string().check(z.trim(), z.minLength(1), z.maxLength(MAX_CONTENT_LENGTH)),
  objectId: z.string(),
  objectType: z.enum(COMMENT_OBJECT_TYPES),
  authorUserId: z.nullish(z.string()),
  objectStartTime: z.nullish(z.string()),
});

export interface CommentRoutesOptions {
  readonly store: Store;
  readonly admitted: Admitted;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Comments, below `/api/public/comments`. Spec: langfuse-contract, section 5 */
export function createCommentRoutes({
  store,
  admitted,
  now,
}: CommentRoutesOptions): Hono<{ Bindings: HttpBindings }> {
  const routes = new Hono<{ Bindings: HttpBindings }>();

  routes.post("/", (context) =>
    admitted(context, async (admission) => {
      const read = await readJsonBody(context, admission, commentSchema);
      if ("refusal" in read) return read.refusal;
      const { content, objectId, objectType, authorUserId } = read.body;
      const missing = missingObject(store, objectType, objectId);
      if (missing !== undefined) return context.json(notFound(missing), 404);
      const id = randomUUID();
      store.comments.add({
        id,
        objectType,
        objectId,
        content,
        authorUserId: authorUserId ?? null,
        createdUs: now() * 1_000,
      });
      return context.json({ id });
    }),
  );

  routes.get("/", (context) => {
    const query = parseQuery(commentListQuery, context.req.queries());
    const page = store.comments.list({
      limit: query.limit,
      offset: offsetOf(query),
      objectType: query.objectType,
      objectId: query.objectId,
      authorUserId: query.authorUserId,
      fromUs: query.fromTimestamp,
      toUs: query.toTimestamp,
    });
    return context.json(
      numberedPage(page, query, publicComment) satisfies PublicPage<PublicComment>,
    );
  });

  routes.get("/:id", (context) => {
    const comment = store.comments.get(context.req.param("id"));
    return comment === undefined
      ? context.json(notFound("Comment not found within authorized project"), 404)
      : context.json(publicComment(comment));
  });

  return routes;
}

/** Why nothing can be said of an object; undefined when it is there. */
function missingObject(store: Store, type: CommentObjectType, id: string): string | undefined {
  const isThere = {
    TRACE: () => store.getTrace(id) !== undefined,
    OBSERVATION: () => store.traces.findObservation(id) !== undefined,
    SESSION: () => store.getSession(id) !== undefined,
    PROMPT: () => false, // the studio keeps none
  };
  return isThere[type]() ? undefined : `No ${type.toLowerCase()} with id ${id} in this project`;
}

function publicComment(comment: CommentRecord): PublicComment {
  const createdAt = isoMillis(comment.createdUs);
  return {
    id: comment.id,
    projectId: PROJECT_ID,
    createdAt,
    updatedAt: createdAt,
    objectType: comment.objectType,
    objectId: comment.objectId,
    content: comment.content,
    authorUserId: comment.authorUserId,
  };
}
