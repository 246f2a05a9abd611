import { readFile } from "node:fs/promises";
import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import * as z from "zod/mini";
import { REDACT_PRESETS } from "../../config/redact-rules";
import { MAX_IMPORT_BYTES, MAX_IMPORT_SIGNS, type SessionImport } from "../api/import-types";
import { absentWhenEmpty, commaList } from "../api/parameters";
import { parseQuery } from "../api/query";
import type { BuiltPage } from "../export-html/write-html";
import { hasMoreJsonSigns } from "../ingest/json-signs";
import { countsOf, importSession } from "../session-file/import-session";
import { InvalidSessionFileError, readSessionFile } from "../session-file/read-session-file";
import { EXPORT_FORMATS, exportSession, REDACTED_FORMATS } from "../session-file/session-export";
import { storedSession } from "../session-file/stored-session";
import type { Store } from "../store/store";
import { type Admitted, readAdmitted } from "./back-pressure";
import { streamOf } from "./text-stream";
import type { WriteQueue } from "./write-queue";

export interface SessionFileRoutesOptions {
  readonly store: Store;
  readonly writes: WriteQueue;
  readonly admitted: Admitted;
  /** Folder with the built page. */
  readonly pageDir: string;
}

type Environment = { Bindings: HttpBindings };

const exportQuery = z.object({
  id: z.string().check(z.minLength(1)),
  format: z._default(z.enum(EXPORT_FORMATS), "json"),
  redact: z._default(absentWhenEmpty(commaList(z.enum(REDACT_PRESETS))), []),
});

async function readBuiltPage(pageDir: string): Promise<BuiltPage> {
  const [script, style] = await Promise.all(
    ["app.js", "app.css"].map((name) => readFile(`${pageDir}/${name}`, "utf8")),
  );
  return { script: script ?? "", style: style ?? "" };
}

const MOST_AT_ONCE = `${MAX_IMPORT_BYTES / (1024 * 1024)} MiB and ${MAX_IMPORT_SIGNS / 1e6} million objects, lists and members of them`;

function answerTooLarge(context: Context): Response {
  const message = `Expected a file of at most ${MOST_AT_ONCE}; the page of the studio and "npx playhead import" bring larger ones in by parts, where no trace (or file) of it is larger than that`;
  return context.json({ message }, 413);
}

/** Sessions as files: out of the studio in several formats, in as the JSON that it wrote. */
export function createSessionFileRoutes(options: SessionFileRoutesOptions): Hono<Environment> {
  const { store, writes, admitted, pageDir } = options;
  const routes = new Hono<Environment>();
  const sources = { store, readPage: () => readBuiltPage(pageDir) };

  routes.get("/session-export", async (context) => {
    const query = parseQuery(exportQuery, context.req.queries());
    if (query.redact.length > 0 && !REDACTED_FORMATS.includes(query.format)) {
      const message = `Expected redact with format ${REDACTED_FORMATS.join(" or ")}, got it with ${query.format}`;
      return context.json({ message }, 400);
    }
    const exported = await exportSession(query, sources);
    if (exported === undefined) return context.json({ message: "No session with this id" }, 404);
    return context.body(streamOf(exported.pieces), 200, {
      "Content-Type": exported.contentType,
      "Content-Disposition": `attachment; filename="${exported.fileName}"`,
    });
  });

  const answerImport = async (context: Context<Environment>, body: Buffer): Promise<Response> => {
    if (hasMoreJsonSigns(body, MAX_IMPORT_SIGNS)) return answerTooLarge(context);
    try {
      const text = body.toString();
      const file = readSessionFile(text, (sessionId) => storedSession(sessionId, store));
      for (const { rows, bytes, run } of importSession(file, store)) {
        await writes.write(run, { rows, bytes });
      }
      return context.json(countsOf(file) satisfies SessionImport);
    } catch (error) {
      if (!(error instanceof InvalidSessionFileError)) throw error;
      return context.json({ message: error.message }, 400);
    }
  };

  routes.post("/import", (context) =>
    admitted(context, async (admission) => {
      const read = await readAdmitted(context, admission, {
        isGzipped: (context.req.header("content-encoding") ?? "").includes("gzip"),
        maxBytes: MAX_IMPORT_BYTES,
        maxUnpackedBytes: MAX_IMPORT_BYTES,
      });
      switch (read.status) {
        case "read":
          return answerImport(context, read.body);
        case "not_gzip":
          return context.json({ message: "Expected a body in gzip, as its header says" }, 400);
        case "too_large":
          return answerTooLarge(context);
      }
    }),
  );

  return routes;
}
