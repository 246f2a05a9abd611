import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import * as z from "zod/mini";
import { REDACT_PRESETS } from "../../config/redact-rules";
import { pageParameters, text } from "../api/parameters";
import { offsetOf } from "../api/public-answers";
import type { Actor, NewPublication, Publication, PublicationList } from "../api/publication-types";
import { parseQuery } from "../api/query";
import type { ChangeEvent } from "../api/types";
import type { PublicationRecord } from "../store/publication-store";
import type { Store } from "../store/store";
import { isoMicros, parseIsoMicros } from "../store/time-text";
import { actorOf } from "./actor";
import type { Admitted } from "./back-pressure";
import type { StudioEnvironment } from "./environment";
import { readJsonBody } from "./json-body";
import { createPublicToken, isOpenPublication, publicTokenHash } from "./public-tokens";

const MAX_NAME_LENGTH = 100;
const actorName = z.string().check(z.trim(), z.maxLength(MAX_NAME_LENGTH));

const publicationSchema = z.strictObject({
  sessionId: z.string().check(z.minLength(1)),
  expiresAt: z.nullish(z.iso.datetime({ offset: true })),
  redact: z.optional(z.array(z.enum(REDACT_PRESETS)).check(z.maxLength(REDACT_PRESETS.length))),
  name: z.nullish(actorName),
});
const listQuery = z.object({ ...pageParameters, sessionId: text });
const revokeQuery = z.object({ name: z.optional(actorName) });

export interface PublicationRoutesOptions {
  readonly store: Store;
  readonly admitted: Admitted;
  /** Whether the studio demands keys. */
  readonly hasKeys: boolean;
  /** Tells all streams of a change. */
  readonly publish: (change: ChangeEvent) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Publishes sessions, and takes that back: below `/api/studio/publications`. */
export function createPublicationRoutes(
  options: PublicationRoutesOptions,
): Hono<StudioEnvironment> {
  const { store, admitted, hasKeys, publish, now } = options;
  const routes = new Hono<StudioEnvironment>();
  const view = (record: PublicationRecord): Publication => publicationView(record, now());
  const announce = (sessionId: string): void => publish({ sessionIds: [sessionId], traceIds: [] });

  routes.post("/", (context) =>
    admitted(context, async (admission) => {
      const read = await readJsonBody(context, admission, publicationSchema);
      if ("refusal" in read) return read.refusal;
      const { sessionId, expiresAt, redact = [], name } = read.body;
      const expiresUs = expiresAt == null ? null : (parseIsoMicros(expiresAt) ?? null);
      if (expiresUs !== null && expiresUs <= now() * 1_000) {
        const message = `Expected expiresAt in the future, got ${expiresAt}`;
        return context.json({ message }, 400);
      }
      const session = store.getSession(sessionId);
      if (session === undefined) return context.json({ message: "No session with this id" }, 404);
      const token = createPublicToken();
      const record: PublicationRecord = {
        id: randomUUID(),
        sessionId: session.id,
        redact: REDACT_PRESETS.filter((preset) => redact.includes(preset)),
        createdUs: now() * 1_000,
        createdBy: actorOf(context, { name, hasKeys }),
        expiresUs,
        revokedUs: null,
        revokedBy: null,
      };
      store.publications.add(record, publicTokenHash(token));
      announce(session.id);
      const answer = { publication: view(record), path: `/public/${token}` };
      return context.json(answer satisfies NewPublication, 201);
    }),
  );

  routes.get("/", (context) => {
    const query = parseQuery(listQuery, context.req.queries());
    const { limit, sessionId } = query;
    const page = store.publications.list({ limit, offset: offsetOf(query), sessionId });
    const list: PublicationList = { data: page.rows.map(view), totalCount: page.totalCount };
    return context.json(list);
  });

  routes.delete("/:id", (context) => {
    const { name } = parseQuery(revokeQuery, context.req.queries());
    const by: Actor = actorOf(context, { name, hasKeys });
    const id = context.req.param("id");
    store.publications.revoke(id, now() * 1_000, by);
    const record = store.publications.get(id);
    if (record === undefined) return context.json({ message: "No publication with this id" }, 404);
    announce(record.sessionId);
    return context.json(view(record) satisfies Publication);
  });

  return routes;
}

function publicationView(record: PublicationRecord, nowMs: number): Publication {
  return {
    id: record.id,
    sessionId: record.sessionId,
    createdAt: isoMicros(record.createdUs),
    createdBy: record.createdBy,
    expiresAt: record.expiresUs === null ? null : isoMicros(record.expiresUs),
    revokedAt: record.revokedUs === null ? null : isoMicros(record.revokedUs),
    revokedBy: record.revokedBy,
    redact: record.redact,
    isOpen: isOpenPublication(record, nowMs),
  };
}
