import type { FlushReport } from "../src/diagnostics/stats";
import type { ObservationView, SessionDetail, Turn } from "../src/studio/api/types";

/** What the example tells its parent process at its end. */
export interface ExampleResult {
  readonly report: FlushReport;
  /** Traces of the turns that were answered; the turn that fails has none here. */
  readonly traceIds: readonly string[];
}

/** A row of `GET /api/public/v2/observations`, as far as it is looked at. */
export interface ObservationRow {
  readonly id: string;
  readonly traceId: string;
  readonly sessionId?: string | null;
}

export interface Evidence {
  /** Of the example's process; null when a signal ended it. */
  readonly exitCode: number | null;
  /** Undefined when the example ended before it told. */
  readonly result: ExampleResult | undefined;
  readonly sessions: readonly SessionDetail[];
  readonly observations: readonly ObservationRow[];
}

const EXPECTED_SESSIONS = 2;
const EXPECTED_TURNS_PER_SESSION = 4;
/** What the example says when an attachment is too large; one of its turns fails with it. */
const EXPECTED_FAILURE = /attachments may have up to/;

/** What did not happen as it should, one sentence each. Empty: the demo did what it promises. */
export function findMissing(evidence: Evidence): string[] {
  const { exitCode, result, sessions, observations } = evidence;
  const exit = exitCode === 0 ? [] : [`The example ended with exit code ${exitCode}, expected 0.`];
  if (result === undefined) return [...exit, "The example ended without its delivery report."];
  const turns = sessions.flatMap((session) => session.turns);
  return [
    ...exit,
    ...checkDelivery(result.report, observations.length),
    ...checkSessions(sessions),
    ...checkSessionIds(observations, turns),
    ...checkAnswers(turns, result.traceIds),
    ...checkFailure(turns),
    ...checkGenerations(turns),
    ...checkScores(turns, result.report),
  ];
}

function checkDelivery(report: FlushReport, storedCount: number): string[] {
  const { offered, delivered, rejected, dropped, pending } = report;
  const missing: string[] = [];
  if (delivered === 0 || delivered !== offered) {
    missing.push(
      `Of ${offered} spans ${delivered} were delivered (${rejected} rejected, ${dropped} dropped, ${pending} pending).`,
    );
  }
  if (storedCount !== delivered) {
    missing.push(`The studio has ${storedCount} observations, expected ${delivered}.`);
  }
  return missing;
}

function checkSessions(sessions: readonly SessionDetail[]): string[] {
  const missing: string[] = [];
  if (sessions.length !== EXPECTED_SESSIONS) {
    missing.push(`The studio has ${sessions.length} sessions, expected ${EXPECTED_SESSIONS}.`);
  }
  for (const { session, turns } of sessions) {
    if (turns.length < EXPECTED_TURNS_PER_SESSION) {
      missing.push(
        `Session ${session.id} has ${turns.length} turns, expected ${EXPECTED_TURNS_PER_SESSION} or more.`,
      );
    }
    if (session.userIds.length !== 1) {
      missing.push(`Session ${session.id} has ${session.userIds.length} users, expected 1.`);
    }
  }
  return missing;
}

function checkSessionIds(
  observations: readonly ObservationRow[],
  turns: readonly Turn[],
): string[] {
  const sessionOf = new Map(turns.map((turn) => [turn.traceId, turn.sessionId]));
  return observations.flatMap(({ id, traceId, sessionId }) => {
    if (!sessionId) return [`Observation ${id} of trace ${traceId} carries no session id.`];
    const expected = sessionOf.get(traceId);
    if (sessionId === expected) return [];
    return [`Observation ${id} carries the session id ${sessionId}, its trace ${expected}.`];
  });
}

function checkAnswers(turns: readonly Turn[], traceIds: readonly string[]): string[] {
  const answered = new Map(turns.map((turn) => [turn.traceId, turn.output !== null]));
  return traceIds.flatMap((traceId) => {
    if (!answered.has(traceId)) return [`Trace ${traceId} was answered, but is in no session.`];
    return answered.get(traceId) ? [] : [`Trace ${traceId} was answered, but has no output.`];
  });
}

function checkFailure(turns: readonly Turn[]): string[] {
  const failed = turns.filter((turn) => turn.level === "ERROR");
  const isExpected = failed.length === 1 && EXPECTED_FAILURE.test(failed[0]?.statusMessage ?? "");
  if (isExpected) return [];
  const messages = failed.map((turn) => turn.statusMessage ?? "no message").join("; ") || "none";
  return [`Exactly one turn fails, for its attachment; failed turns: ${messages}.`];
}

function checkGenerations(turns: readonly Turn[]): string[] {
  return turns.flatMap((turn) => {
    const generations = turn.observations.filter(({ type }) => type === "generation");
    if (generations.length === 0 && turn.level !== "ERROR") {
      return [`Trace ${turn.traceId} has no generation.`];
    }
    return generations.flatMap(checkGeneration);
  });
}

function checkGeneration(generation: ObservationView): string[] {
  const lacks = [
    generation.model === null ? "model" : null,
    generation.tokens.input > 0 && generation.tokens.output > 0 ? null : "token counts",
    generation.timeToFirstTokenMs === null ? "time to first token" : null,
  ].filter((field) => field !== null);
  return lacks.length === 0 ? [] : [`Generation ${generation.id} has no ${lacks.join(", no ")}.`];
}

function checkScores(turns: readonly Turn[], { scores }: FlushReport): string[] {
  const storedCount = turns.reduce((count, turn) => count + turn.scores.length, 0);
  if (storedCount > 0 && storedCount === scores.offered) return [];
  return [`The studio has ${storedCount} scores on the turns, the example gave ${scores.offered}.`];
}
