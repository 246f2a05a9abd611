import { PlayheadError } from "../../diagnostics/errors";
import { failureOf } from "../../sessions/endpoint";
import { fieldsOf, listOf, textOf } from "../../sessions/json-fields";
import type { SourceScore, SourceSession } from "../../sessions/types";
import { traceAsOtlp } from "./session-otlp";

/** Where to write, and as whom. */
export interface WriteEndpoint {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For one request, in milliseconds. */
  readonly timeoutMs: number;
}

/** What came of one session. */
export interface DeliveredSession {
  readonly id: string;
  readonly traces: number;
  readonly observations: number;
  readonly scores: number;
  /** Why scores were refused: each a sentence. */
  readonly problems: readonly string[];
}

/** Scores of one request. */
const SCORES_AT_ONCE = 100;

/**
 * Writes a session with its ids: spans by OTLP, scores by the batch API. A second time changes
 * nothing.
 * @throws (rejects) PlayheadError ENDPOINT_UNREACHABLE, ENDPOINT_REFUSED, ENDPOINT_UNEXPECTED
 */
export async function deliverSession(
  session: SourceSession,
  target: WriteEndpoint,
): Promise<DeliveredSession> {
  for (const trace of session.traces) {
    await post(target, "/api/public/otel/v1/traces", traceAsOtlp(trace));
  }
  const scores = [...session.traces.flatMap((trace) => trace.scores), ...session.scores];
  const problems: string[] = [];
  for (let start = 0; start < scores.length; start += SCORES_AT_ONCE) {
    const batch = scores.slice(start, start + SCORES_AT_ONCE).map(scoreEvent);
    const answer = fieldsOf(await post(target, "/api/public/ingestion", { batch }));
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

async function post(
  { baseUrl, headers, timeoutMs }: WriteEndpoint,
  path: string,
  body: unknown,
): Promise<unknown> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(baseUrl + path, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(body),
      redirect: "manual", // another server must not get the keys
      signal: AbortSignal.timeout(timeoutMs),
    });
    text = await response.text();
  } catch (error) {
    throw new PlayheadError(
      "ENDPOINT_UNREACHABLE",
      `Cannot reach ${baseUrl}: ${failureOf(error)}. Start the studio: npx playhead studio`,
      { cause: error },
    );
  }
  if (response.status === 401 || response.status === 403) {
    throw new PlayheadError(
      "ENDPOINT_REFUSED",
      `${baseUrl} refuses the keys (HTTP ${response.status}).`,
    );
  }
  if (response.status !== 200 && response.status !== 207) {
    throw new PlayheadError(
      "ENDPOINT_UNEXPECTED",
      `Expected ${baseUrl}${path} to take a session, got HTTP ${response.status}. What is there already stays; running it again goes on.`,
    );
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // spans are answered with whatever the server likes
  }
}
