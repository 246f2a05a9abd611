import { sumOrZero } from "./exact-sum";
import { firstUserMessage } from "./first-message";
import { TRACE_BITS } from "./observation-rows";
import type { Database, Statement } from "./open-database";
import {
  createSessionTotals,
  SELECT_TRACE_PART,
  type TraceChange,
  type TracePart,
} from "./session-totals";

/**
 * The summaries `traces` and `sessions`. A trace is summed up anew from its observations, at a cost
 * that grows with the trace; its session takes over what changed, at a cost that grows with nothing.
 * Must run inside the writer's transaction.
 */
export interface Summaries {
  /**
   * To be called for the traces whose observations were written or deleted.
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

const TRACE_COLUMNS = [
  "session_id",
  "name",
  "user_id",
  "tags",
  "is_public",
  "environment",
  "release",
  "version",
  "root_id",
  "first_message",
  "start_us",
  "end_us",
  "observation_count",
  "error_count",
  "input_tokens",
  "output_tokens",
  "total_tokens",
  "total_cost",
  "models",
];

const UPSERT_TRACE = `
  INSERT INTO traces (id, ${TRACE_COLUMNS.join(", ")})
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
    ${["input_tokens", "output_tokens", "total_tokens"].map(sumOrZero).join(", ")}, sum(total_cost),
    (
      SELECT json_group_array(model) FROM (
        SELECT DISTINCT model FROM observations WHERE trace_id = ?1 AND model IS NOT NULL ORDER BY 1
      )
    )
  FROM observations WHERE trace_id = ?1
  ON CONFLICT (id) DO UPDATE SET ${TRACE_COLUMNS.map((name) => `${name} = excluded.${name}`).join(", ")}`;

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
  const selectPart = database.prepare(SELECT_TRACE_PART);
  const upsertTrace = database.prepare(UPSERT_TRACE);
  const deleteTrace = database.prepare("DELETE FROM traces WHERE id = ?");
  const moveScores = database.prepare(
    "UPDATE scores SET counts_for_session_id = ? WHERE trace_id = ? AND session_id IS NULL",
  );
  const sessionTotals = createSessionTotals(database);

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

  /** Nothing is left of a trace without observations. */
  function updateTrace(traceId: string): void {
    const root = rootOf(traceId);
    if (root === undefined) {
      deleteTrace.run(traceId);
      return;
    }
    const input = root["input"];
    upsertTrace.run(
      traceId,
      root["id"] ?? null,
      typeof input === "string" ? firstUserMessage(input) : null,
      root["name"] || null,
      root["environment"] ?? null,
    );
  }

  return {
    update(traceIds) {
      const changes = new Map<string, TraceChange[]>();
      const note = (part: TracePart | undefined, change: TraceChange): void => {
        const sessionId = part?.["session_id"];
        if (typeof sessionId !== "string") return;
        const noted = changes.get(sessionId);
        if (noted === undefined) changes.set(sessionId, [change]);
        else noted.push(change);
      };
      for (const traceId of traceIds) {
        const before = selectPart.get(traceId);
        updateTrace(traceId);
        const after = selectPart.get(traceId);
        if (before?.["session_id"] === after?.["session_id"]) {
          note(after, { before, after });
        } else {
          moveScores.run(after?.["session_id"] ?? null, traceId);
          note(after, { before: undefined, after });
          note(before, { before, after: undefined });
        }
      }
      for (const [sessionId, ofSession] of changes) sessionTotals.apply(sessionId, ofSession);
      return [...changes.keys()];
    },
  };
}
