import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { version } from "../../../package.json";
import { createPublicRoutes } from "../api/public-routes";
import { InvalidQueryError } from "../api/query";
import { createStudioRoutes } from "../api/studio-routes";
import type { Store } from "../store/store";
import type { EventHub } from "./event-hub";
import { accessOf, isExpectedHost, isForeignOrigin, type StudioKeys } from "./guards";
import { createIngestRoutes } from "./ingest-routes";
import { createMediaRoutes } from "./media-routes";
import { createMediaUrls } from "./media-urls";
import { createPageRoutes } from "./page-routes";
import { ClientClosedError } from "./read-body";

export interface AppOptions {
  readonly store: Store;
  readonly events: EventHub;
  readonly host: string;
  readonly keys: StudioKeys | undefined;
  readonly pageDir: string;
  /** Told of an error that a request ended with; never of captured content. */
  readonly onError: (error: Error) => void;
  readonly now: () => number;
}

type Environment = { Bindings: HttpBindings };

const HEALTH_PATH = "/api/public/health";
const INGESTION_PATH = "/api/public/ingestion";
/** Where the public key alone may write: scores are all that comes in there. */
const SCORE_PATHS = ["/api/public/scores", INGESTION_PATH];

/** All routes of the studio, behind the checks that every request passes. */
export function createApp(options: AppOptions): Hono<Environment> {
  const { store, events, host, keys, now } = options;
  const mediaUrls = createMediaUrls(now);
  const setup = { publicKey: keys?.publicKey ?? null };
  const app = new Hono<Environment>();

  app.use(async (context, next) => {
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Referrer-Policy", "no-referrer");
    const hostHeader = context.env.incoming.headers.host;
    if (!isExpectedHost(hostHeader, host)) {
      const message = `Expected the Host header to be localhost, a loopback address or ${host}, got ${JSON.stringify(hostHeader ?? "")}. Open the studio by its own address.`;
      return context.json({ message }, 403);
    }
    const isReading = context.req.method === "GET" || context.req.method === "HEAD";
    if (!isReading && isForeignOrigin(context.req.header("origin"), hostHeader)) {
      return context.json({ message: "Expected a request of this origin, got another one" }, 403);
    }
    return next();
  });

  app.use(async (context, next) => {
    const { path, method } = context.req;
    if (path === HEALTH_PATH) return next();
    if (mediaUrls.isSigned(method, path, (name) => context.req.query(name))) return next();
    const access = accessOf(context.req.header("authorization"), keys);
    const isIngest = path.startsWith("/api/public/") || path.startsWith("/v1/");
    if (access.scope === "project") return next();
    if (access.scope === "scores" && isIngest) {
      if (SCORE_PATHS.includes(path) && method === "POST") return next();
      const message = "Access denied - insufficient permissions for this endpoint";
      return context.json({ message }, 403);
    }
    // A browser asks for the keys where it gets this challenge; programs know what they send.
    if (!isIngest) context.header("WWW-Authenticate", 'Basic realm="playhead studio"');
    const message = access.scope === "none" ? access.message : "Invalid authorization header";
    const error = path === INGESTION_PATH ? { error: "UnauthorizedError" } : {};
    return context.json({ ...error, message }, 401);
  });

  app.route("/", createIngestRoutes({ store, onChange: events.publish, now }));
  app.route("/api/public/media", createMediaRoutes({ media: store.media, urls: mediaUrls, now }));
  app.route("/api/public", createPublicRoutes({ store, version }));
  app.route("/api/studio", createStudioRoutes({ store, subscribe: events.subscribe, setup }));
  app.route("/", createPageRoutes(options.pageDir));

  app.notFound((context) =>
    context.json({ message: `No route for ${context.req.method} ${context.req.path}` }, 404),
  );
  app.onError((error, context) => {
    if (error instanceof InvalidQueryError) {
      return context.json({ message: error.message, error: error.issues }, 400);
    }
    if (!(error instanceof ClientClosedError)) options.onError(error);
    return context.json({ message: "Internal Server Error", error: "Internal Server Error" }, 500);
  });
  return app;
}
