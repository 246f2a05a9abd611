import { fieldsOf, listOf, textOf } from "../../sessions/json-fields";
import type { SourceScore, SourceSession } from "../../sessions/types";
import { MOVED_SCORES } from "../../studio/ingest/moved-scores";
import type { StudioAddress } from "../studio-address";
import { type PartsTarget, postParts } from "./post-parts";
import { traceAsOtlp } from "./session-otlp";

/** What came of one session. */
export interface DeliveredSession {
  readonly id: string;
  readonly traces: number;
  readonly observations: number;
  readonly scores: number;
  /** Why something is not there: each a sentence. */
  readonly problems: readonly string[];
}

const SPANS: PartsTarget = { path: "/api/public/otel/v1/traces", list: "resourceSpans" };
const SCORES: PartsTarget = {
  path: "/api/public/ingestion",
  list: "batch",
  others: { metadata: MOVED_SCORES },
};

/**
 * Writes a session with its ids: spans by OTLP, scores by the batch API. A second time changes
 * nothing.
 * @throws (rejects) PlayheadError ENDPOINT_UNREACHABLE, ENDPOINT_REFUSED, ENDPOINT_UNEXPECTED
 */
export async function deliverSession(
  session: SourceSession,
  studio: StudioAddress,
): Promise<DeliveredSession> {
  const problems: string[] = [];
  let traces = 0;
  let observations = 0;
  for (const trace of session.traces) {
    const ids = new Set(trace.observations.map(({ id }) => id));
    let written = 0;
    const parts = traceAsOtlp(trace).map(({ id, entry }) => ({
      id,
      name: `Observation ${id} of trace ${trace.id}`,
      json: JSON.stringify(entry),
    }));
    for await (const outcome of postParts(studio, SPANS, parts)) {
      if (outcome.status === "refused") {
        problems.push(`${outcome.part.name}: ${outcome.reason}`);
        continue;
      }
      written += outcome.parts.length;
      observations += outcome.parts.filter(({ id }) => ids.has(id)).length;
    }
    if (written > 0) traces += 1;
  }
  let scores = 0;
  const all = [...session.traces.flatMap((trace) => trace.scores), ...session.scores];
  const parts = all.map((score) => ({
    id: score.id,
    name: `Score ${score.id}`,
    json: JSON.stringify(scoreEvent(score)),
  }));
  for await (const outcome of postParts(studio, SCORES, parts)) {
    if (outcome.status === "refused") {
      problems.push(`${outcome.part.name}: ${outcome.reason}`);
      continue;
    }
    const errors = listOf(fieldsOf(outcome.answer)["errors"]).map(fieldsOf);
    for (const error of errors) {
      const said = textOf(error["error"]) ?? textOf(error["message"]) ?? "refused";
      problems.push(`Score ${String(error["id"])}: ${said}`);
    }
    scores += outcome.parts.length - errors.length;
  }
  return { id: session.id, traces, observations, scores, problems };
}

function scoreEvent(score: SourceScore): unknown {
  const { value, traceId, sessionId, timestamp, ...rest } = score;
  return {
    id: score.id, // the same score is the same event
    timestamp,
    type: "score-create",
    body: {
      ...rest,
      timestamp,
      value: typeof value === "boolean" ? Number(value) : value,
      // Exactly one target; a score of a trace may name its session as well.
      ...(traceId === null ? { sessionId } : { traceId }),
    },
  };
}
