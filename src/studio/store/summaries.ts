import { firstUserMessage } from "./first-message";
import { TRACE_BITS } from "./observation-rows";
import type { Database, Statement } from "./open-database";

/**
 * The summaries `traces` and `sessions`, recomputed from the rows they sum up. The cost grows with
 * the trace (the session), not with the table. Must run inside the writer's transaction.
 */
export interface Summaries {
  /**
   * To be called for the traces whose observations were written or deleted. Nothing is left of a
   * trace without observations.
   * @returns the sessions whose summary changed: those of the traces, and those they left
   */
  update(traceIds: Iterable<string>): readonly string[];
}

/** How far up a trace without a root is followed, so that a chain of thousands costs no more. */
const MAX_ANCESTORS = 1_000;

/** The latest observation of the trace that has the column speaks for the trace. */
const latest = (column: keyof typeof TRACE_BITS): string => `(
    SELECT ${column} FROM observations
    WHERE trace_id = ?1 AND carries & ${TRACE_BITS[column]} <> 0
    ORDER BY start_us DESC, start_ns DESC, id DESC LIMIT 1
  )`;

const UPSERT_TRACE = `
  INSERT OR REPLACE INTO traces (
    id, session_id, name, user_id, tags, is_public, environment, release, version, root_id,
    first_message, start_us, end_us, observation_count, error_count, input_tokens, output_tokens,
    total_tokens, total_cost, models
  )
  SELECT
    ?1,
    ${latest("session_id")},
    coalesce(${latest("trace_name")}, ?4),
    ${latest("user_id")},
    (
      SELECT json_group_array(value) FROM (
        SELECT DISTINCT json_each.value AS value FROM (
          SELECT DISTINCT tags FROM observations WHERE trace_id = ?1 AND tags <> '[]'
        ) AS lists, json_each(lists.tags) ORDER BY 1
      )
    ),
    max(carries & ${TRACE_BITS.is_public} <> 0),
    ?5,
    ${latest("release")},
    ${latest("version")},
    ?2,
    ?3,
    min(start_us), max(end_us), count(*), sum(level = 'ERROR'),
    sum(input_tokens), sum(output_tokens), sum(total_tokens), sum(total_cost),
    (
      SELECT json_group_array(model) FROM (
        SELECT DISTINCT model FROM observations WHERE trace_id = ?1 AND model IS NOT NULL ORDER BY 1
      )
    )
  FROM observations WHERE trace_id = ?1`;

/** The distinct entries of a JSON list, over all traces of the session. */
const union = (column: string): string => `(
    SELECT json_group_array(value) FROM (
      SELECT DISTINCT json_each.value AS value FROM (
        SELECT DISTINCT ${column} FROM traces WHERE session_id = ?1 AND ${column} <> '[]'
      ) AS lists, json_each(lists.${column}) ORDER BY 1
    )
  )`;

const distinct = (column: string): string => `(
    SELECT json_group_array(${column}) FROM (
      SELECT DISTINCT ${column} FROM traces
      WHERE session_id = ?1 AND ${column} IS NOT NULL ORDER BY 1
    )
  )`;

const UPSERT_SESSION = `
  INSERT OR REPLACE INTO sessions (
    id, first_message, trace_count, user_ids, tags, environments, start_us, end_us,
    observation_count, error_count, input_tokens, output_tokens, total_tokens, total_cost, models
  )
  SELECT
    ?1,
    (SELECT first_message FROM traces WHERE session_id = ?1 ORDER BY start_us, id LIMIT 1),
    count(*), ${distinct("user_id")}, ${union("tags")}, ${distinct("environment")},
    min(start_us), max(end_us), sum(observation_count), sum(error_count),
    sum(input_tokens), sum(output_tokens), sum(total_tokens), sum(total_cost), ${union("models")}
  FROM traces WHERE session_id = ?1`;

export function createSummaries(database: Database): Summaries {
  const findFirst = (bit: number): Statement =>
    database.prepare(`
      SELECT id, name, environment, input FROM observations
      WHERE trace_id = ? AND carries & ${bit} <> 0 ORDER BY start_us, start_ns, id LIMIT 1`);
  const findAppRoot = findFirst(TRACE_BITS.app_root);
  const findTop = findFirst(TRACE_BITS.top);
  const findEarliest = database.prepare(`
    SELECT id, parent_id, name, environment, input FROM observations
    WHERE trace_id = ? ORDER BY start_us, start_ns, id LIMIT 1`);
  const findById = database.prepare(
    "SELECT id, parent_id, name, environment, input FROM observations WHERE trace_id = ? AND id = ?",
  );
  const findSessionId = database.prepare("SELECT session_id FROM traces WHERE id = ?");
  const upsertTrace = database.prepare(UPSERT_TRACE);
  const deleteTrace = database.prepare("DELETE FROM traces WHERE id = ?");
  const moveScores = database.prepare(
    "UPDATE scores SET counts_for_session_id = ? WHERE trace_id = ? AND session_id IS NULL",
  );
  const countTraces = database.prepare(
    "SELECT EXISTS (SELECT 1 FROM traces WHERE session_id = ?) AS has_traces",
  );
  const upsertSession = database.prepare(UPSERT_SESSION);
  const deleteSession = database.prepare("DELETE FROM sessions WHERE id = ?");

  /**
   * The observation that speaks for the trace: the application's root, else the first without a
   * parent; while neither has arrived, the topmost known ancestor of the earliest observation.
   */
  function rootOf(traceId: string) {
    const root = findAppRoot.get(traceId) ?? findTop.get(traceId);
    if (root !== undefined) return root;
    let top = findEarliest.get(traceId);
    const seen = new Set<unknown>(); // hostile parents may form a circle
    while (top !== undefined && !seen.has(top["id"]) && seen.size < MAX_ANCESTORS) {
      seen.add(top["id"]);
      const parent = findById.get(traceId, top["parent_id"] ?? null);
      if (parent === undefined) break;
      top = parent;
    }
    return top;
  }

  /** @returns the sessions whose summary is now out of date: the trace's, and the one it left */
  function updateTrace(traceId: string): readonly string[] {
    const sessionIdBefore = findSessionId.get(traceId)?.["session_id"] ?? null;
    const root = rootOf(traceId);
    if (root === undefined) {
      deleteTrace.run(traceId);
      return typeof sessionIdBefore === "string" ? [sessionIdBefore] : [];
    }
    const input = root["input"];
    upsertTrace.run(
      traceId,
      root["id"] ?? null,
      typeof input === "string" ? firstUserMessage(input) : null,
      root["name"] || null,
      root["environment"] ?? null,
    );
    const sessionId = findSessionId.get(traceId)?.["session_id"] ?? null;
    if (sessionId !== sessionIdBefore) moveScores.run(sessionId, traceId);
    return [sessionId, sessionIdBefore].filter((id) => typeof id === "string");
  }

  function updateSession(sessionId: string): void {
    if (countTraces.get(sessionId)?.["has_traces"] === 1) upsertSession.run(sessionId);
    else deleteSession.run(sessionId);
  }

  return {
    update(traceIds) {
      const sessionIds = new Set<string>();
      for (const traceId of traceIds) for (const id of updateTrace(traceId)) sessionIds.add(id);
      for (const sessionId of sessionIds) updateSession(sessionId);
      return [...sessionIds];
    },
  };
}
