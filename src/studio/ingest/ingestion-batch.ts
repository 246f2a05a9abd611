import * as z from "zod/mini";
import { describeIssue } from "../api/issues";
import type { JsonObject, JsonValue } from "../api/types";
import type { IngestionEvent } from "../store/ingestion-events";
import { isJsonObject, parseJson } from "../store/json-text";
import type { ScoreRecord } from "../store/records";
import { EVENT_BODIES, idSchema } from "./legacy/event-bodies";
import { areMovedScores } from "./moved-scores";
import { parseScore } from "./score-body";
import type { KnownScores } from "./score-config-rules";

/**
 * The legacy batch, in which the SDKs before OTLP send, and in which scores come still.
 * Spec: langfuse-contract, section 2. Deviation: Langfuse v4 takes nothing but scores here.
 */

/**
 * Events that a batch may have: about as many of the smallest as its bytes have room for. Of what is
 * no event they hold a hundred times as much, and each is answered with what is wrong with it.
 */
const MAX_BATCH_EVENTS = 25_000;

const batchSchema = z.object({
  batch: z.array(z.unknown()).check(z.maxLength(MAX_BATCH_EVENTS)),
  metadata: z.optional(z.unknown()),
});
const envelopeSchema = z.object({
  id: idSchema,
  timestamp: z.iso.datetime({ offset: true }),
  type: z.string(),
  body: z.unknown(),
});

/** Body of the 207 answer; ids are those of the envelopes. */
export interface IngestionReply {
  readonly successes: readonly { readonly id: string; readonly status: 201 }[];
  readonly errors: readonly {
    readonly id: string;
    readonly status: 400 | 401;
    readonly message: string;
    readonly error?: string;
  }[];
}

export type ParsedBatch =
  | {
      readonly isValid: true;
      readonly scores: readonly ScoreRecord[];
      readonly events: readonly IngestionEvent[];
      readonly reply: IngestionReply;
    }
  /** Sentences for the 400 answer. */
  | { readonly isValid: false; readonly errors: readonly string[] };

interface Context {
  readonly mayOnlyScore: boolean;
  readonly known: KnownScores | undefined;
}

type Refusal = Omit<IngestionReply["errors"][number], "id">;
type Reading =
  /** An event without an id in its body is answered as a success, and leaves nothing. */
  { readonly score?: ScoreRecord; readonly event?: IngestionEvent } | { readonly refusal: Refusal };

export interface BatchOptions {
  /** For a client that has shown nothing but the public key: it moves no scores. @default false */
  readonly mayOnlyScore?: boolean;
  /** What scores are held to. @default nothing */
  readonly known?: KnownScores;
}

export function parseIngestionBatch(
  text: string,
  nowMs: number,
  { mayOnlyScore = false, known: all }: BatchOptions = {},
): ParsedBatch {
  const parsed = batchSchema.safeParse(parseJson(text), { error: describeIssue });
  if (!parsed.success) {
    return { isValid: false, errors: parsed.error.issues.map(({ message }) => message) };
  }
  const { batch, metadata } = parsed.data;
  // Parts of what parseJson gave, so it is JSON.
  const areMoved = !mayOnlyScore && areMovedScores(metadata as JsonValue | undefined);
  const known = all !== undefined && areMoved ? { ...all, isBinding: false } : all;
  const scores: ScoreRecord[] = [];
  const events: IngestionEvent[] = [];
  const successes: { id: string; status: 201 }[] = [];
  const errors: IngestionReply["errors"][number][] = [];
  for (const given of batch) {
    const envelope = envelopeSchema.safeParse(given, { error: describeIssue });
    if (!envelope.success) {
      errors.push({ id: idOf(given), ...invalid(envelope.error.issues) });
      continue;
    }
    const { id, type } = envelope.data;
    if (type === "sdk-log") continue; // neither success nor error
    const reading = readEvent(envelope.data, nowMs, { mayOnlyScore, known });
    if ("refusal" in reading) {
      errors.push({ id, ...reading.refusal });
      continue;
    }
    successes.push({ id, status: 201 });
    if (reading.score !== undefined) scores.push(reading.score);
    if (reading.event !== undefined) events.push(reading.event);
  }
  return { isValid: true, scores, events, reply: { successes, errors } };
}

function readEvent(
  { id, timestamp, type, body }: z.infer<typeof envelopeSchema>,
  nowMs: number,
  { mayOnlyScore, known }: Context,
): Reading {
  const timestampMs = Date.parse(timestamp) || nowMs;
  if (type === "score-create") {
    const score = parseScore(JSON.stringify(body ?? null), timestampMs, "batch", known);
    if (!score.isValid) return { refusal: invalid(score.issues) };
    return hasId(body) ? { score: score.score } : {};
  }
  const schema = EVENT_BODIES.get(type);
  if (schema === undefined) {
    const issue = { code: "custom", path: ["type"], message: "Expected a known type of event" };
    return { refusal: invalid([issue]) };
  }
  if (mayOnlyScore) {
    const error = "Access Scope Denied";
    return { refusal: { status: 401, message: "Authentication error", error } };
  }
  const parsed = schema.safeParse(body, { error: describeIssue });
  if (!parsed.success) return { refusal: invalid(parsed.error.issues) };
  // A part of what JSON.parse gave, so it is JSON.
  const checked = parsed.data as JsonObject;
  if (!hasId(checked)) return {};
  const entity = type === "trace-create" ? "trace" : "observation";
  const timestampUs = timestampMs * 1000;
  return {
    event: { entity, entityId: checked.id, envelopeId: id, timestampUs, type, body: checked },
  };
}

function hasId(body: unknown): body is { id: string } {
  // Comes from JSON.parse, so it is JSON.
  return (
    isJsonObject(body as JsonValue | undefined) && typeof (body as JsonObject)["id"] === "string"
  );
}

function invalid(issues: readonly unknown[]): Refusal {
  return { status: 400, message: "Invalid request data", error: JSON.stringify(issues) };
}

function idOf(event: unknown): string {
  const id = typeof event === "object" && event !== null && "id" in event ? event.id : undefined;
  return typeof id === "string" ? id : "unknown";
}
