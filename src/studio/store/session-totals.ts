import { exactPart, sumOrZero } from "./exact-sum";
import type { Database, SqlRow } from "./open-database";

/** What one trace adds to its session: a row of {@link SELECT_TRACE_PART}. */
export type TracePart = SqlRow;

/** A trace before and after a write; undefined where it was not, or is no more, in the session. */
export interface TraceChange {
  readonly before: TracePart | undefined;
  readonly after: TracePart | undefined;
}

/**
 * The table `sessions` with `session_values`, kept up to date by what changed. The cost of a change
 * does not grow with the session. Must run inside the writer's transaction.
 */
export interface SessionTotals {
  /** All changes of one session in one batch. */
  apply(sessionId: string, changes: readonly TraceChange[]): void;
}

/** Lists of values are JSON texts: SQL reads them, since bindings end a text at NUL. */
export const SELECT_TRACE_PART = `
  SELECT session_id, start_us, end_us, observation_count, error_count, input_tokens, output_tokens,
    total_tokens, total_cost IS NOT NULL AS costed_trace_count,
    ifnull(${exactPart("total_cost")}, 0) AS total_cost,
    iif(user_id IS NULL, '[]', json_array(user_id)) AS user, tags AS tag,
    json_array(environment) AS environment, models AS model
  FROM traces WHERE id = ?`;

/** Columns that are sums over the traces, in the order of {@link UPDATE_SESSION}. */
const SUMS = [
  "costed_trace_count",
  "observation_count",
  "error_count",
  "input_tokens",
  "output_tokens",
  "total_tokens",
  "total_cost",
] as const;

const KINDS = ["user", "tag", "environment", "model"] as const;

const FIRST_MESSAGE =
  "(SELECT first_message FROM traces WHERE session_id = ?1 ORDER BY start_us, id LIMIT 1)";

const COMPUTED = ["first_message", "trace_count", "start_us", "end_us", ...SUMS];

const UPSERT_SESSION = `
  INSERT INTO sessions (
    id, first_message, trace_count, start_us, end_us, ${SUMS.join(", ")},
    user_ids, tags, environments, models
  )
  SELECT
    ?1, ${FIRST_MESSAGE}, count(*), min(start_us), max(end_us),
    count(total_cost), sum(observation_count), sum(error_count),
    ${["input_tokens", "output_tokens", "total_tokens"].map(sumOrZero).join(", ")},
    sum(${exactPart("total_cost")}),
    '[]', '[]', '[]', '[]'
  FROM traces WHERE session_id = ?1
  ON CONFLICT (id) DO UPDATE SET ${COMPUTED.map((name) => `${name} = excluded.${name}`).join(", ")}`;

const UPDATE_SESSION = `
  UPDATE sessions SET first_message = ${FIRST_MESSAGE}, trace_count = ?2, start_us = ?3, end_us = ?4,
    costed_trace_count = ?5, observation_count = ?6, error_count = ?7, input_tokens = ?8,
    output_tokens = ?9, total_tokens = ?10, total_cost = iif(?5 = 0, NULL, ?11)
  WHERE id = ?1`;

const valueList = (kind: (typeof KINDS)[number]): string => `(
    SELECT json_group_array(value) FROM (
      SELECT value FROM session_values WHERE session = ?1 AND kind = '${kind}' ORDER BY value
    )
  )`;

const UPDATE_LISTS = `
  UPDATE sessions SET user_ids = ${valueList("user")}, tags = ${valueList("tag")},
    environments = ${valueList("environment")}, models = ${valueList("model")}
  WHERE seq = ?1`;

/** Distinct values of all traces: `value` is an expression, `source` gives a row for each. */
const insertValues = (kind: (typeof KINDS)[number], value: string, source: string): string => `
  INSERT INTO session_values (session, kind, value, count)
  SELECT ?2, '${kind}', ${value}, count(*) FROM ${source}
  WHERE traces.session_id = ?1 AND ${value} IS NOT NULL GROUP BY ${value}`;

/** Sums beyond this are no longer exact, and taking away would leave something behind. */
const MAX_EXACT = Number.MAX_SAFE_INTEGER;

export function createSessionTotals(database: Database): SessionTotals {
  const selectSession = database.prepare(
    `SELECT seq, trace_count, start_us, end_us, ${SUMS.join(", ")} FROM sessions WHERE id = ?`,
  );
  const hasTraces = database.prepare(
    "SELECT EXISTS (SELECT 1 FROM traces WHERE session_id = ?) AS has_traces",
  );
  const upsertSession = database.prepare(UPSERT_SESSION);
  const updateSession = database.prepare(UPDATE_SESSION);
  const deleteSession = database.prepare("DELETE FROM sessions WHERE id = ?");
  const updateLists = database.prepare(UPDATE_LISTS);
  const clearValues = database.prepare(
    "DELETE FROM session_values WHERE session = ? AND kind <> 'score'",
  );
  const refillValues = [
    insertValues("user", "traces.user_id", "traces"),
    insertValues("environment", "traces.environment", "traces"),
    insertValues("tag", "json_each.value", "traces, json_each(traces.tags)"),
    insertValues("model", "json_each.value", "traces, json_each(traces.models)"),
  ].map((sql) => database.prepare(sql));
  const addValues = database.prepare(`
    INSERT INTO session_values (session, kind, value, count)
    SELECT ?1, ?2, value, 1 FROM json_each(?3) WHERE true
    ON CONFLICT (session, kind, value) DO UPDATE SET count = count + 1`);
  const removeValues = database.prepare(`
    UPDATE session_values SET count = count - 1
    WHERE session = ?1 AND kind = ?2 AND value IN (SELECT value FROM json_each(?3))`);
  const dropUnused = database.prepare(`
    DELETE FROM session_values
    WHERE session = ?1 AND kind = ?2 AND value IN (SELECT value FROM json_each(?3)) AND count <= 0`);

  /** Sums the session up anew, from its traces. */
  function recompute(sessionId: string): void {
    if (hasTraces.get(sessionId)?.["has_traces"] !== 1) {
      deleteSession.run(sessionId);
      return;
    }
    upsertSession.run(sessionId);
    const seq = numberOf(selectSession.get(sessionId), "seq");
    clearValues.run(seq);
    for (const statement of refillValues) statement.run(sessionId, seq);
    updateLists.run(seq);
  }

  function changeValues(seq: number, changes: readonly TraceChange[]): void {
    let hasChanged = false;
    for (const { before, after } of changes) {
      for (const kind of KINDS) {
        const [old, now] = [before?.[kind] ?? "[]", after?.[kind] ?? "[]"];
        if (old === now) continue;
        hasChanged = true;
        addValues.run(seq, kind, now);
        removeValues.run(seq, kind, old);
        dropUnused.run(seq, kind, old);
      }
    }
    if (hasChanged) updateLists.run(seq);
  }

  return {
    apply(sessionId, changes) {
      const session = selectSession.get(sessionId);
      const next = session === undefined ? undefined : changed(session, changes);
      if (session === undefined || next === undefined) {
        recompute(sessionId);
        return;
      }
      updateSession.run(sessionId, ...next);
      changeValues(numberOf(session, "seq"), changes);
    },
  };
}

/**
 * The session's `trace_count`, `start_us`, `end_us` and sums after the changes. Undefined where
 * they do not follow from what is known: the first start or last end went away, or a sum is too
 * large to be exact, or nothing is left.
 */
function changed(session: SqlRow, changes: readonly TraceChange[]): number[] | undefined {
  let traceCount = numberOf(session, "trace_count");
  let startUs = numberOf(session, "start_us");
  let endUs = numberOf(session, "end_us");
  const sums = SUMS.map((column) => numberOf(session, column));
  for (const { before, after } of changes) {
    if (before !== undefined) {
      traceCount -= 1;
      const startsLater =
        after === undefined || numberOf(after, "start_us") > numberOf(before, "start_us");
      const endsEarlier =
        after === undefined || numberOf(after, "end_us") < numberOf(before, "end_us");
      if (startsLater && numberOf(before, "start_us") === startUs) return undefined;
      if (endsEarlier && numberOf(before, "end_us") === endUs) return undefined;
    }
    if (after !== undefined) {
      traceCount += 1;
      startUs = Math.min(startUs, numberOf(after, "start_us"));
      endUs = Math.max(endUs, numberOf(after, "end_us"));
    }
    for (const [index, column] of SUMS.entries()) {
      const parts = [sums[index] ?? 0, numberOf(before, column), numberOf(after, column)] as const;
      if (!parts.every((value) => Math.abs(value) <= MAX_EXACT)) return undefined;
      sums[index] = parts[0] - parts[1] + parts[2];
    }
  }
  return traceCount < 1 ? undefined : [traceCount, startUs, endUs, ...sums];
}

function numberOf(row: SqlRow | undefined, column: string): number {
  const value = row?.[column];
  return typeof value === "number" ? value : 0;
}
