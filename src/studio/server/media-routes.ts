import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import type { PublicMedia, PublicMediaUpload } from "../api/public-types";
import { parseMediaAnnouncement, problemsOfReport } from "../ingest/media-body";
import type { MediaStore } from "../store/media-store";
import { isoMillis } from "../store/time-text";
import { type Admitted, readAdmitted } from "./back-pressure";
import type { Admission } from "./intake";
import { MAX_MEDIA_BYTES } from "./limits";
import { answerMediaContent, MEDIA_NOT_FOUND } from "./media-content";
import type { MediaUrls } from "./media-urls";

export interface MediaRoutesOptions {
  readonly media: MediaStore;
  readonly urls: MediaUrls;
  readonly admitted: Admitted;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

type Environment = { Bindings: HttpBindings };

const LIMIT = `${MAX_MEDIA_BYTES / (1024 * 1024)} MiB`;

/** Files beside the traces, below `/api/public/media`. Spec: langfuse-contract, section 6 */
export function createMediaRoutes({
  media,
  urls,
  admitted,
  now,
}: MediaRoutesOptions): Hono<Environment> {
  const routes = new Hono<Environment>();

  routes.post("/", (context) =>
    admitted(context, async (admission) => {
      const text = await readText(context, admission);
      if (text === undefined) return context.json({ message: "Body is too large" }, 413);
      const parsed = parseMediaAnnouncement(text);
      if (!parsed.isValid) {
        return context.json({ message: "Invalid request data", error: parsed.issues }, 400);
      }
      if (parsed.media.contentLength > MAX_MEDIA_BYTES) {
        const message = `Expected a file of at most ${LIMIT}, got ${parsed.media.contentLength} bytes`;
        return context.json({ message }, 413);
      }
      const { id, uploadedUs } = media.announce(parsed.media, parsed.place);
      const uploadUrl = uploadedUs === null ? originOf(context) + urls.sign("PUT", id).path : null;
      return context.json({ mediaId: id, uploadUrl } satisfies PublicMediaUpload, 201);
    }),
  );

  routes.get("/:id", (context) => {
    const record = media.get(context.req.param("id"));
    if (record === undefined || record.uploadedUs === null)
      return context.json(MEDIA_NOT_FOUND, 404);
    const { path, expiresAt } = urls.sign("GET", record.id);
    return context.json({
      mediaId: record.id,
      contentType: record.contentType,
      contentLength: record.contentLength,
      uploadedAt: isoMillis(record.uploadedUs),
      url: originOf(context) + path,
      urlExpiry: new Date(expiresAt).toISOString(),
    } satisfies PublicMedia);
  });

  // Whether a file is there is known here already: the report is checked, not kept.
  routes.patch("/:id", (context) =>
    admitted(context, async (admission) => {
      if (media.get(context.req.param("id")) === undefined)
        return context.json(MEDIA_NOT_FOUND, 404);
      const text = await readText(context, admission);
      if (text === undefined) return context.json({ message: "Body is too large" }, 413);
      const issues = problemsOfReport(text);
      if (issues.length > 0) {
        return context.json({ message: "Invalid request data", error: issues }, 400);
      }
      return context.json({ message: "OK" });
    }),
  );

  routes.put("/:id/content", (context) =>
    admitted(context, async (admission) => {
      const { path, method } = context.req;
      if (!urls.isSigned(method, path, (name) => context.req.query(name))) {
        const message = "Expected the address that POST /api/public/media gave, within an hour";
        return context.json({ message }, 403);
      }
      const record = media.get(context.req.param("id"));
      if (record === undefined) return context.json(MEDIA_NOT_FOUND, 404);
      const limits = { isGzipped: false, maxBytes: MAX_MEDIA_BYTES };
      const read = await readAdmitted(context, admission, limits);
      if (read.status !== "read") return context.json({ message: `File exceeds ${LIMIT}` }, 413);
      const problem = await mismatchOf(read.body, record);
      if (problem !== undefined) return context.json({ message: problem }, 400);
      // Once more with the same bytes changes nothing: an answer may have been lost on its way.
      media.putContent(record.id, read.body, now() * 1_000);
      return context.body(null, 200);
    }),
  );

  routes.get("/:id/content", (context) =>
    answerMediaContent(context, media, { id: context.req.param("id"), mayBeKept: true }),
  );

  return routes;
}

/** Undefined for a body that no request of this kind has. */
async function readText(
  context: Context<Environment>,
  admission: Admission,
): Promise<string | undefined> {
  const limits = { isGzipped: false, maxBytes: 64 * 1_024 };
  const read = await readAdmitted(context, admission, limits);
  return read.status === "read" ? read.body.toString() : undefined;
}

/** What is wrong with a content, if anything is. */
async function mismatchOf(
  content: Buffer,
  { contentLength, hash }: { contentLength: number; hash: string },
): Promise<string | undefined> {
  if (content.length !== contentLength) {
    return `Expected the ${contentLength} bytes that were announced, got ${content.length}`;
  }
  // Web types ask for memory that is not shared; hashing only reads it.
  const digest = await crypto.subtle.digest("SHA-256", content as Buffer<ArrayBuffer>);
  const isExpected = Buffer.from(digest).toString("base64") === hash;
  return isExpected ? undefined : "Expected a content with the hash that was announced";
}

/** As the client addresses this server; a proxy before it may speak TLS. */
function originOf(context: Context<Environment>): string {
  const { host } = new URL(context.req.url);
  const isTls = context.req.header("x-forwarded-proto") === "https";
  return `${isTls ? "https" : "http"}://${host}`;
}
