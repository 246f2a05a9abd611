import * as z from "zod/mini";
import { describeIssue } from "../api/issues";
import { parseJson } from "../store/json-text";
import type { ScoreRecord } from "../store/records";
import { MAX_ID_LENGTH } from "./otlp-types";
import { parseScore } from "./score-body";

/**
 * The legacy batch as Langfuse v4 takes it: scores, and log lines that are thrown away. Everything
 * else has to come by OTLP and is refused one by one.
 * Spec: Langfuse's `POST /api/public/ingestion`, write mode `events_only`
 */

const batchSchema = z.object({ batch: z.array(z.unknown()) });
const envelopeSchema = z.object({
  id: z.string().check(z.minLength(1), z.maxLength(MAX_ID_LENGTH), z.regex(/^[^\r]*$/)),
  timestamp: z.iso.datetime({ offset: true }),
  type: z.string(),
  body: z.unknown(),
});

/** Body of the 207 answer; ids are those of the envelopes. */
export interface IngestionReply {
  readonly successes: readonly { readonly id: string; readonly status: 201 }[];
  readonly errors: readonly {
    readonly id: string;
    readonly status: 400;
    readonly message: string;
    readonly error?: string;
  }[];
}

export type ParsedBatch =
  | {
      readonly isValid: true;
      readonly scores: readonly ScoreRecord[];
      readonly reply: IngestionReply;
    }
  /** Sentences for the 400 answer. */
  | { readonly isValid: false; readonly errors: readonly string[] };

export function parseIngestionBatch(text: string, nowMs: number): ParsedBatch {
  const parsed = batchSchema.safeParse(parseJson(text), { error: describeIssue });
  if (!parsed.success) {
    return { isValid: false, errors: parsed.error.issues.map(({ message }) => message) };
  }
  const scores: ScoreRecord[] = [];
  const successes: { id: string; status: 201 }[] = [];
  const errors: IngestionReply["errors"][number][] = [];
  for (const event of parsed.data.batch) {
    const envelope = envelopeSchema.safeParse(event, { error: describeIssue });
    if (!envelope.success) {
      errors.push(invalid(idOf(event), envelope.error.issues));
      continue;
    }
    const { id, type, timestamp, body } = envelope.data;
    if (type === "sdk-log") continue; // neither success nor error
    if (type !== "score-create") {
      errors.push({ id, status: 400, message: "Event type not accepted" });
      continue;
    }
    const score = parseScore(JSON.stringify(body ?? null), Date.parse(timestamp) || nowMs, "batch");
    if (score.isValid) {
      scores.push(score.score);
      successes.push({ id, status: 201 });
    } else {
      errors.push(invalid(id, score.issues));
    }
  }
  return { isValid: true, scores, reply: { successes, errors } };
}

function invalid(id: string, issues: readonly unknown[]): IngestionReply["errors"][number] {
  return { id, status: 400, message: "Invalid request data", error: JSON.stringify(issues) };
}

function idOf(event: unknown): string {
  const id = typeof event === "object" && event !== null && "id" in event ? event.id : undefined;
  return typeof id === "string" ? id : "unknown";
}
