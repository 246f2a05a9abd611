import { type Context, Hono } from "hono";
import { observationQuery } from "../api/detail-routes";
import { publishedSession } from "../api/published-session";
import { idQuery, parseQuery } from "../api/query";
import { turnsQuery } from "../api/session-routes";
import type { PublicationRecord } from "../store/publication-store";
import type { Store } from "../store/store";
import type { StudioEnvironment } from "./environment";
import { answerMediaContent } from "./media-content";
import { openedBy } from "./public-tokens";

/** Where whoever has a public address reads, without keys. */
export const PUBLISHED_PREFIX = "/api/published/";

export interface PublishedRoutesOptions {
  readonly store: Store;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const GONE = { message: "Nothing is published at this address, or not any more" };
const MISSING = { message: "Nothing with this id in the published session" };

/**
 * The reads of one published session, below `/api/published/{token}`: those of `/api/studio` that the
 * page needs, with the same parameters, of that session alone.
 */
export function createPublishedRoutes({
  store,
  now,
}: PublishedRoutesOptions): Hono<StudioEnvironment> {
  const routes = new Hono<StudioEnvironment>();

  /** Answers 404, whatever is asked, for a token that opens nothing. */
  const opened =
    (
      answer: (
        context: Context<StudioEnvironment>,
        publication: PublicationRecord,
      ) => Response | object | undefined,
    ) =>
    (context: Context<StudioEnvironment>): Response => {
      const token = context.req.param("token") ?? "";
      const publication = openedBy(token, store.publications, now());
      if (publication === undefined) return context.json(GONE, 404);
      const found = answer(context, publication);
      if (found instanceof Response) return found;
      return found === undefined ? context.json(MISSING, 404) : context.json(found);
    };

  routes.get(
    "/:token/session-outline",
    opened((_context, publication) => publishedSession(publication, store).outline()),
  );
  routes.get(
    "/:token/session-figures",
    opened((_context, publication) => publishedSession(publication, store).figures()),
  );
  routes.get(
    "/:token/turns",
    opened((context, publication) => {
      const { id } = parseQuery(turnsQuery, context.req.queries());
      return publishedSession(publication, store).turns(typeof id === "string" ? [id] : id);
    }),
  );
  routes.get(
    "/:token/trace-outline",
    opened((context, publication) => {
      const { id } = parseQuery(idQuery, context.req.queries());
      return publishedSession(publication, store).traceOutline(id);
    }),
  );
  routes.get(
    "/:token/observation",
    opened((context, publication) => {
      const { traceId, id } = parseQuery(observationQuery, context.req.queries());
      return publishedSession(publication, store).observation(traceId, id);
    }),
  );
  routes.get(
    "/:token/media/:id/content",
    opened((context, publication) => {
      const id = context.req.param("id") ?? "";
      if (!publishedSession(publication, store).hasMedia(id)) return undefined;
      return answerMediaContent(context, store.media, { id, mayBeKept: false });
    }),
  );

  return routes;
}
