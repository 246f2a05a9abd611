import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { observationsOf } from "../ingest/ingest-otlp";
import { parseIngestionBatch } from "../ingest/ingestion-batch";
import { EVENT_FOLD } from "../ingest/legacy/fold-events";
import { OtlpDecodeError } from "../ingest/otlp-types";
import { OtlpTooLargeError } from "../ingest/request-parts";
import { parseScore } from "../ingest/score-body";
import type { KnownScores } from "../ingest/score-config-rules";
import { foldWithCost, withCost } from "../prices/price-observation";
import type { IngestionEvent } from "../store/ingestion-events";
import type { ObservationRecord, ScoreRecord } from "../store/records";
import type { Store } from "../store/store";
import { type Admitted, readAdmitted } from "./back-pressure";
import type { Admission } from "./intake";
import { MAX_BATCH_BYTES, ROWS_PER_WRITE } from "./limits";
import type { WriteQueue } from "./write-queue";

export interface IngestOptions {
  readonly store: Store;
  /** Where all writes go; a request is answered when its own are committed. */
  readonly writes: WriteQueue;
  readonly admitted: Admitted;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

type Environment = { Bindings: HttpBindings };

/** Highest `x-langfuse-ingestion-version` that is understood. */
const MAX_INGESTION_VERSION = 4;

/** The endpoints that applications write to. */
export function createIngestRoutes({
  store,
  writes,
  admitted,
  now,
}: IngestOptions): Hono<Environment> {
  const routes = new Hono<Environment>();
  const known: KnownScores = {
    configOf: (id) => store.scoreConfigs.get(id),
    isBinding: true,
    scoreOf: (id) => store.scores.get(id),
  };

  /** Part after part: what comes with other requests is written in between. */
  const putObservations = async (
    observations: readonly ObservationRecord[],
    bytes: number,
  ): Promise<void> => {
    for (let first = 0; first < observations.length; first += ROWS_PER_WRITE) {
      const part = observations.slice(first, first + ROWS_PER_WRITE);
      const weight = { rows: part.length, bytes: (bytes * part.length) / observations.length };
      await writes.write(() => void store.putObservations(part), weight);
    }
  };

  const putScores = (scores: readonly ScoreRecord[], bytes: number): Promise<void> =>
    writes.write(
      () => {
        for (const score of scores) store.putScore(score);
      },
      { rows: scores.length, bytes },
    );

  const putEvents = (events: readonly IngestionEvent[], bytes: number): Promise<void> =>
    writes.write(
      () => void store.putEvents(events, foldWithCost(EVENT_FOLD, store.models.prices())),
      { rows: events.length, bytes },
    );

  const ingestTraces = async (
    context: Context<Environment>,
    admission: Admission,
  ): Promise<Response> => {
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
    const read = await readRequest(context, admission);
    if ("problem" in read) return context.json({ error: read.problem }, read.status);
    let observations: ObservationRecord[];
    try {
      const prices = store.models.prices();
      observations = observationsOf(read.body, isProtobuf ? "protobuf" : "json", now()).map(
        (observation) => withCost(observation, prices),
      );
    } catch (error) {
      if (error instanceof OtlpTooLargeError) return context.json({ error: error.message }, 413);
      if (error instanceof OtlpDecodeError) return context.json({ error: error.message }, 400);
      throw error;
    }
    await putObservations(observations, read.body.length);
    return isProtobuf
      ? context.body("", 200, { "Content-Type": "application/x-protobuf" })
      : context.json({}, 200);
  };
  for (const path of ["/api/public/otel/v1/traces", "/v1/traces"]) {
    routes.post(path, (context) =>
      admitted(context, (admission) => ingestTraces(context, admission)),
    );
  }

  routes.post("/api/public/scores", (context) =>
    admitted(context, async (admission) => {
      const read = await readRequest(context, admission);
      if ("problem" in read) return context.json({ message: read.problem }, read.status);
      const parsed = parseScore(read.body.toString(), now(), "route", known);
      if (!parsed.isValid) {
        return context.json({ message: "Invalid request data", error: parsed.issues }, 400);
      }
      await putScores([parsed.score], read.body.length);
      return context.json({ id: parsed.score.id }, 200);
    }),
  );

  routes.post("/api/public/ingestion", (context) =>
    admitted(context, async (admission) => {
      const read = await readRequest(context, admission);
      if ("problem" in read) return context.json({ message: read.problem }, read.status);
      if (read.body.length > MAX_BATCH_BYTES) {
        return context.text("Body exceeded 4.5mb limit", 413);
      }
      // The public key alone comes as a bearer token. Spec: langfuse-contract, section 1
      const mayOnlyScore = /^bearer /i.test(context.req.header("authorization") ?? "");
      const parsed = parseIngestionBatch(read.body.toString(), now(), { mayOnlyScore, known });
      if (!parsed.isValid) {
        return context.json({ message: "Invalid request data", errors: parsed.errors }, 400);
      }
      await putEvents(parsed.events, read.body.length);
      await putScores(parsed.scores, read.body.length);
      return context.json(parsed.reply, 207);
    }),
  );

  return routes;
}

/**
 * The body, unpacked; or why there is none, with the status to answer.
 * @throws NoRoomError when there is no room for what comes
 */
async function readRequest(
  context: Context<Environment>,
  admission: Admission,
): Promise<{ body: Buffer } | { problem: string; status: 400 | 413 }> {
  const isGzipped = (context.req.header("content-encoding") ?? "").includes("gzip");
  const read = await readAdmitted(context, admission, { isGzipped });
  switch (read.status) {
    case "read":
      return { body: read.body };
    case "not_gzip":
      return { problem: "Failed to decompress request body", status: 400 };
    case "too_large":
      return { problem: `Body exceeded ${read.maxBytes / (1024 * 1024)} MiB limit`, status: 413 };
  }
}
