import { PlayheadError } from "../../diagnostics/errors";
import { fieldsOf, listOf, textOf } from "../../sessions/json-fields";
import type { SourceScore, SourceSession } from "../../sessions/types";
import { askStudio, brokenOff } from "../ask-studio";
import type { StudioAddress } from "../studio-address";
import { traceAsOtlp } from "./session-otlp";

/** What came of one session. */
export interface DeliveredSession {
  readonly id: string;
  readonly traces: number;
  readonly observations: number;
  readonly scores: number;
  /** Why scores were refused: each a sentence. */
  readonly problems: readonly string[];
}

/** For one request, in milliseconds. */
const WRITE_TIMEOUT_MS = 60_000;
/** Scores of one request. */
const SCORES_AT_ONCE = 100;

/**
 * Writes a session with its ids: spans by OTLP, scores by the batch API. A second time changes
 * nothing.
 * @throws (rejects) PlayheadError ENDPOINT_UNREACHABLE, ENDPOINT_REFUSED, ENDPOINT_UNEXPECTED
 */
export async function deliverSession(
  session: SourceSession,
  studio: StudioAddress,
): Promise<DeliveredSession> {
  for (const trace of session.traces) {
    await post(studio, "/api/public/otel/v1/traces", traceAsOtlp(trace));
  }
  const scores = [...session.traces.flatMap((trace) => trace.scores), ...session.scores];
  const problems: string[] = [];
  for (let start = 0; start < scores.length; start += SCORES_AT_ONCE) {
    const batch = scores.slice(start, start + SCORES_AT_ONCE).map(scoreEvent);
    const answer = fieldsOf(await post(studio, "/api/public/ingestion", { batch }));
    for (const error of listOf(answer["errors"]).map(fieldsOf)) {
      const said = textOf(error["error"]) ?? textOf(error["message"]) ?? "refused";
      problems.push(`Score ${String(error["id"])}: ${said}`);
    }
  }
  return {
    id: session.id,
    traces: session.traces.length,
    observations: session.traces.reduce((sum, trace) => sum + trace.observations.length, 0),
    scores: scores.length - problems.length,
    problems,
  };
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

async function post(studio: StudioAddress, path: string, body: unknown): Promise<unknown> {
  const response = await askStudio(studio, path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(WRITE_TIMEOUT_MS),
  });
  let text: string;
  try {
    text = await response.text();
  } catch (error) {
    throw brokenOff(studio, error);
  }
  if (response.status !== 200 && response.status !== 207) {
    throw new PlayheadError(
      "ENDPOINT_UNEXPECTED",
      `Expected ${studio.url}${path} to take a session, got HTTP ${response.status}. What is there already stays; running it again goes on.`,
    );
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // spans are answered with whatever the server likes
  }
}
