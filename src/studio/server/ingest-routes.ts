import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import type { ChangeEvent } from "../api/types";
import { observationsOf } from "../ingest/ingest-otlp";
import { parseIngestionBatch } from "../ingest/ingestion-batch";
import { OtlpDecodeError } from "../ingest/otlp-types";
import { parseScore } from "../ingest/score-body";
import { withConfigValue } from "../ingest/score-config-value";
import type { Store } from "../store/store";
import { readBody } from "./read-body";

export interface IngestOptions {
  readonly store: Store;
  /** Called after each commit. */
  readonly onChange: (change: ChangeEvent) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

type Environment = { Bindings: HttpBindings };

/** Highest `x-langfuse-ingestion-version` that is understood. */
const MAX_INGESTION_VERSION = 4;

/** The endpoints that applications write to. */
export function createIngestRoutes({ store, onChange, now }: IngestOptions): Hono<Environment> {
  const routes = new Hono<Environment>();

  const ingestTraces = async (context: Context<Environment>): Promise<Response> => {
    const contentType = context.req.header("content-type") ?? "";
    const isProtobuf = contentType.includes("application/x-protobuf");
    if (!isProtobuf && !contentType.includes("application/json")) {
      return context.json({ error: "Invalid content type" }, 400);
    }
    const version =
      context.req.header("x-langfuse-ingestion-version") ??
      context.req.header("x_langfuse_ingestion_version");
    if (version !== undefined && !(Number(version) <= MAX_INGESTION_VERSION)) {
      const error = `Unsupported x-langfuse-ingestion-version: ${JSON.stringify(version)}. Maximum supported: "${MAX_INGESTION_VERSION}".`;
      return context.json({ error }, 400);
    }
    const read = await readRequest(context);
    if ("problem" in read) return context.json({ error: read.problem }, read.status);
    try {
      onChange(
        store.putObservations(observationsOf(read.body, isProtobuf ? "protobuf" : "json", now())),
      );
    } catch (error) {
      if (error instanceof OtlpDecodeError) return context.json({ error: error.message }, 400);
      throw error;
    }
    return isProtobuf
      ? context.body("", 200, { "Content-Type": "application/x-protobuf" })
      : context.json({}, 200);
  };
  routes.post("/api/public/otel/v1/traces", ingestTraces);
  routes.post("/v1/traces", ingestTraces);

  routes.post("/api/public/scores", async (context) => {
    const read = await readRequest(context);
    if ("problem" in read) return context.json({ message: read.problem }, read.status);
    const parsed = parseScore(read.body.toString(), now());
    if (!parsed.isValid) {
      return context.json({ message: "Invalid request data", error: parsed.issues }, 400);
    }
    onChange(store.putScore(withConfigValue(parsed.score, store.scoreConfigs)));
    return context.json({ id: parsed.score.id }, 200);
  });

  routes.post("/api/public/ingestion", async (context) => {
    const read = await readRequest(context);
    if ("problem" in read) return context.json({ message: read.problem }, read.status);
    const parsed = parseIngestionBatch(read.body.toString(), now());
    if (!parsed.isValid) {
      return context.json({ message: "Invalid request data", errors: parsed.errors }, 400);
    }
    for (const score of parsed.scores) onChange(store.putScore(score));
    return context.json(parsed.reply, 207);
  });

  return routes;
}

/** The body, unpacked; or why there is none, with the status to answer. */
async function readRequest(
  context: Context<Environment>,
): Promise<{ body: Buffer } | { problem: string; status: 400 | 413 }> {
  const isGzipped = (context.req.header("content-encoding") ?? "").includes("gzip");
  const read = await readBody(context.env.incoming, { isGzipped });
  switch (read.status) {
    case "read":
      return { body: read.body };
    case "not_gzip":
      return { problem: "Failed to decompress request body", status: 400 };
    case "too_large":
      return { problem: `Body exceeded ${read.maxBytes / (1024 * 1024)} MiB limit`, status: 413 };
  }
}
