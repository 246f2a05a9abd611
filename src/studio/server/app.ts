import { type Context, Hono } from "hono";
import { version } from "../../../package.json";
import { createPublicRoutes } from "../api/public-routes";
import { InvalidQueryError } from "../api/query";
import { createStudioRoutes } from "../api/studio-routes";
import { createUnservedRoutes } from "../api/unserved-routes";
import type { Store } from "../store/store";
import { unavailableReason } from "../store/unavailable";
import { createAdmitted } from "./back-pressure";
import { createCommentRoutes } from "./comment-routes";
import { createDeleteRoutes } from "./delete-routes";
import type { StudioEnvironment } from "./environment";
import type { EventHub } from "./event-hub";
import { createEventRoutes } from "./event-routes";
import { createFailures } from "./failures";
import {
  accessOf,
  isExpectedHost,
  isForeignFetch,
  isForeignOrigin,
  isOwnPage,
  type SenderHeaders,
} from "./guards";
import { createHandoverRoutes } from "./handover-routes";
import { createIngestRoutes } from "./ingest-routes";
import type { Intake } from "./intake";
import type { StudioKeys } from "./keys";
import { RETRY_WHEN_UNAVAILABLE_SECONDS } from "./limits";
import { createMediaRoutes } from "./media-routes";
import { createMediaUrls } from "./media-urls";
import { createModelRoutes, createStudioModelRoutes } from "./model-routes";
import { refuseOtherMethods } from "./other-methods";
import { createPageRoutes } from "./page-routes";
import { openedBy } from "./public-tokens";
import { createPublicationRoutes } from "./publication-routes";
import { createPublishedRoutes, PUBLISHED_PREFIX } from "./published-routes";
import { ClientClosedError } from "./read-body";
import { createScoreConfigRoutes } from "./score-config-routes";
import { createSessionFileRoutes } from "./session-file-routes";
import { createSignInRoutes, signInPath, signInTokenOf } from "./sign-in-routes";
import { createSignIns } from "./sign-ins";
import type { WriteQueue } from "./write-queue";

export interface AppOptions {
  readonly store: Store;
  readonly writes: WriteQueue;
  readonly intake: Intake;
  readonly events: EventHub;
  readonly host: string;
  readonly keys: StudioKeys | undefined;
  readonly pageDir: string;
  /** Told of an error that a request ended with; never of captured content. */
  readonly onError: (error: Error) => void;
  readonly now: () => number;
}

const HEALTH_PATH = "/api/public/health";
const INGESTION_PATH = "/api/public/ingestion";
/** Where the public key alone may write: scores are all that comes in there. */
const SCORE_PATHS = ["/api/public/scores", INGESTION_PATH];
/** What needs no keys: health, and what the sign-in page and the public page are made of. */
const OPEN_PATHS = [
  HEALTH_PATH,
  "/sign-in",
  "/assets/app.css",
  "/assets/app.js",
  "/favicon.svg",
  "/favicon.ico",
];
/** Where the token in the address is the permission, for whoever only reads. */
const PUBLISHED_PATHS = ["/public/", PUBLISHED_PREFIX];
/** Where programs write and read, with keys in each request. */
const PROGRAM_PATHS = ["/api/public/", "/v1/"];

/** All routes of the studio, behind the checks that every request passes. */
export function createApp(options: AppOptions): Hono<StudioEnvironment> {
  const { store, writes, intake, events, host, keys, pageDir, now } = options;
  const mediaUrls = createMediaUrls(now);
  const setup = { publicKey: keys?.publicKey ?? null };
  const signIns = createSignIns(now);
  const admitted = createAdmitted({ intake, writes, now });
  const app = new Hono<StudioEnvironment>();

  app.use(async (context, next) => {
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Referrer-Policy", "no-referrer");
    context.header("Cross-Origin-Resource-Policy", "same-origin");
    // What is not the page, and not told otherwise below, is data: nothing of it runs or is kept.
    context.header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    context.header("Cache-Control", "no-store");
    const sender = senderOf(context);
    if (!isExpectedHost(sender.host, host)) {
      const message = `Expected the Host header to be localhost, a loopback address or ${host}, got ${JSON.stringify(sender.host ?? "")}. Open the studio by its own address.`;
      return context.json({ message }, 403);
    }
    const isReading = context.req.method === "GET" || context.req.method === "HEAD";
    if (isForeignFetch(sender) || (!isReading && isForeignOrigin(sender.origin, sender.host))) {
      return context.json({ message: "Expected a request of this origin, got another one" }, 403);
    }
    return next();
  });

  app.use(async (context, next) => {
    const { path, method } = context.req;
    if (keys === undefined || OPEN_PATHS.includes(path)) return next();
    if (mediaUrls.isSigned(method, path, (name) => context.req.query(name))) return next();
    const isReading = method === "GET" || method === "HEAD";
    if (isReading && PUBLISHED_PATHS.some((prefix) => path.startsWith(prefix))) return next();
    const token = signInTokenOf(context, keys);
    if (token !== undefined && signIns.isOpen(token)) {
      if (isReading || isOwnPage(senderOf(context))) {
        context.set("signIn", token);
        return next();
      }
    }
    const authorization = context.req.header("authorization");
    const access = accessOf(authorization, keys);
    if (access.scope === "project") return next();
    const isProgram = PROGRAM_PATHS.some((prefix) => path.startsWith(prefix));
    if (access.scope === "scores" && isProgram) {
      if (SCORE_PATHS.includes(path) && method === "POST") return next();
      const message = "Access denied - insufficient permissions for this endpoint";
      return context.json({ message }, 403);
    }
    const isPage = isReading && !path.startsWith("/api/") && !isProgram;
    if (isPage && authorization === undefined) {
      const { pathname, search } = new URL(context.req.url);
      return context.redirect(signInPath(pathname + search), 303);
    }
    // No `WWW-Authenticate`: a browser would ask for keys in a window of its own.
    const message = access.scope === "none" ? access.message : "Invalid authorization header";
    const error = path === INGESTION_PATH ? { error: "UnauthorizedError" } : {};
    return context.json({ ...error, message }, 401);
  });

  if (keys !== undefined) {
    const failures = createFailures(now);
    const onSignOut = events.recheck;
    app.route("/", createSignInRoutes({ keys, signIns, failures, onSignOut }));
  }
  app.route("/", createIngestRoutes({ store, writes, admitted, now }));
  app.route("/", createDeleteRoutes({ store, admitted, onChange: events.publish }));
  app.route(
    "/api/public/media",
    createMediaRoutes({ media: store.media, urls: mediaUrls, admitted, now }),
  );
  app.route("/api/public/comments", createCommentRoutes({ store, admitted, now }));
  app.route("/api/public/score-configs", createScoreConfigRoutes({ store, admitted, now }));
  app.route("/api/public/models", createModelRoutes({ store, admitted, now }));
  app.route("/api/public", createPublicRoutes({ store, version }));
  app.route("/api/public", createUnservedRoutes());
  refuseOtherMethods(app, "/api/public/"); // after all that is served there
  app.route("/api/studio/events", createEventRoutes(events, signIns));
  app.route("/api/studio/models", createStudioModelRoutes({ store, admitted, now }));
  app.route("/api/studio", createSessionFileRoutes({ store, writes, admitted, pageDir }));
  app.route(
    "/api/studio/handover",
    createHandoverRoutes({ store, admitted, onError: options.onError }),
  );
  app.route("/api/studio", createStudioRoutes({ store, publish: events.publish, setup }));
  const hasKeys = keys !== undefined;
  app.route(
    "/api/studio/publications",
    createPublicationRoutes({ store, admitted, hasKeys, publish: events.publish, now }),
  );
  app.route(PUBLISHED_PREFIX, createPublishedRoutes({ store, now }));
  const isPublished = (token: string): boolean =>
    openedBy(token, store.publications, now()) !== undefined;
  app.route("/", createPageRoutes({ pageDir, lastEventId: events.lastEventId, isPublished }));

  app.notFound((context) =>
    context.json({ message: `No route for ${context.req.method} ${context.req.path}` }, 404),
  );
  app.onError((error, context) => {
    if (error instanceof InvalidQueryError) {
      return context.json({ message: error.message, error: error.issues }, 400);
    }
    if (!(error instanceof ClientClosedError)) options.onError(error);
    const reason = unavailableReason(error);
    if (reason !== undefined) {
      context.header("Retry-After", String(RETRY_WHEN_UNAVAILABLE_SECONDS));
      const message = `Not everything was stored, send it again: ${reason}`;
      return context.json({ message, error: "ServiceUnavailable" }, 503);
    }
    return context.json({ message: "Internal Server Error", error: "Internal Server Error" }, 500);
  });
  return app;
}

function senderOf(context: Context<StudioEnvironment>): SenderHeaders {
  return {
    origin: context.req.header("origin"),
    // Not from the request's URL, which may name a host of its own.
    host: context.env.incoming.headers.host,
    site: context.req.header("sec-fetch-site"),
    mode: context.req.header("sec-fetch-mode"),
    destination: context.req.header("sec-fetch-dest"),
  };
}
