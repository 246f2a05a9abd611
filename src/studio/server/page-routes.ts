import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type Context, Hono } from "hono";
import type { StudioEnvironment } from "./environment";
import { ICON, ICON_URL } from "./icon";

/** Nothing but the page's own script and style, and media; no inline code, no frames, no other hosts. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
  "media-src 'self' data:; " +
  "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

interface Shell {
  /**
   * From where on the page listens to changes: what it fetches is at least as new. Absent at a public
   * address, where it listens to none.
   */
  readonly lastEventId?: string;
  /** Whether the reader can sign out. */
  readonly isSignedIn: boolean;
}

const shellOf = ({ lastEventId, isSignedIn }: Shell): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Playhead studio</title>
    <link rel="icon" href="${ICON_URL}" type="image/svg+xml">
    <link rel="stylesheet" href="/assets/app.css">
    <script type="module" src="/assets/app.js"></script>
  </head>
  <body${lastEventId === undefined ? "" : ` data-last-event-id="${lastEventId}"`}${isSignedIn ? " data-signed-in" : ""}>
    <div id="app"></div>
  </body>
</html>
`;

/** Each opens the same page, which reads its own address. The last is Langfuse's form of a link. */
const PAGE_PATHS = [
  "/",
  "/sessions",
  "/sessions/*",
  "/session",
  "/traces",
  "/traces/*",
  "/trace",
  "/models",
  "/compare",
  "/score-configs",
  "/project/*",
] as const;

/** Where whoever has the token reads a published session, and one of its traces. */
const PUBLIC_PAGE_PATHS = ["/public/:token", "/public/:token/trace"] as const;

const ASSETS = [
  ["app.js", "text/javascript; charset=utf-8"],
  ["app.css", "text/css; charset=utf-8"],
] as const;

/** Where the build puts the page: beside the bundle, or in `dist` when run from the sources. */
export function defaultPageDir(): string {
  const path = import.meta.url.endsWith(".ts") ? "../../../dist/page/" : "./page/";
  return fileURLToPath(new URL(path, import.meta.url));
}

export interface PageRoutesOptions {
  /** Folder with the built page. */
  readonly pageDir: string;
  readonly lastEventId: () => string;
  /** Whether a session is published under this token now. */
  readonly isPublished: (token: string) => boolean;
}

/** The page and its assets, read at request time so that a new build shows without a restart. */
export function createPageRoutes({
  pageDir,
  lastEventId,
  isPublished,
}: PageRoutesOptions): Hono<StudioEnvironment> {
  const routes = new Hono<StudioEnvironment>();
  for (const path of PAGE_PATHS) {
    routes.get(path, (context) => {
      context.header("Content-Security-Policy", CONTENT_SECURITY_POLICY);
      const isSignedIn = context.get("signIn") !== undefined;
      const shell = shellOf({ lastEventId: lastEventId(), isSignedIn });
      return answer(context, shell, "text/html; charset=utf-8");
    });
  }
  for (const path of PUBLIC_PAGE_PATHS) {
    routes.get(path, (context) => {
      context.header("Content-Security-Policy", CONTENT_SECURITY_POLICY);
      // An address that was passed on does not turn up in a search engine.
      context.header("X-Robots-Tag", "noindex, nofollow");
      // The page says the same in words where the token opens nothing.
      const status = isPublished(context.req.param("token")) ? 200 : 404;
      return context.html(shellOf({ isSignedIn: false }), status);
    });
  }
  routes.get("/favicon.svg", (context) => answer(context, ICON, "image/svg+xml"));
  routes.get("/favicon.ico", (context) => context.redirect("/favicon.svg", 308));
  for (const [name, contentType] of ASSETS) {
    routes.get(`/assets/${name}`, async (context) => {
      const content = await readAsset(`${pageDir}/${name}`);
      return content === undefined
        ? context.text(`The page is not built: ${name} is missing. Run: npm run build`, 404)
        : answer(context, content, contentType);
    });
  }
  return routes;
}

function answer(
  context: Context,
  content: string | Buffer<ArrayBuffer>,
  contentType: string,
): Response {
  const etag = `"${createHash("sha256").update(content).digest("base64url")}"`;
  const headers = { "Content-Type": contentType, ETag: etag, "Cache-Control": "no-cache" };
  return context.req.header("If-None-Match") === etag
    ? context.body(null, 304, headers)
    : context.body(content, 200, headers);
}

async function readAsset(path: string): Promise<Buffer<ArrayBuffer> | undefined> {
  try {
    // readFile makes a buffer of its own, never on shared memory.
    return (await readFile(path)) as Buffer<ArrayBuffer>;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
