import type { JsonObject } from "../api/types";
import { isStored, observationValues, SELECT_OBSERVATION } from "./observation-rows";
import type { ObservationWrites } from "./observation-writes";
import type { Database, SqlRow } from "./open-database";
import type { ObservationRecord } from "./records";
import { traceRowId } from "./trace-row";

/** One event of the legacy batch: says something of a trace or of an observation. */
export interface IngestionEvent {
  readonly entity: "trace" | "observation";
  readonly entityId: string;
  /** Of two events of one entity with the same id, the later one replaces the earlier. */
  readonly envelopeId: string;
  readonly timestampUs: number;
  /** Of the envelope, such as `span-update`. */
  readonly type: string;
  /** Checked, without unknown fields. A missing field says nothing, null takes back. */
  readonly body: JsonObject;
}

/** What each row of a trace carries of it. Two that are equal are so as JSON. */
export interface TraceShare
  extends Pick<
    ObservationRecord,
    "sessionId" | "userId" | "traceName" | "release" | "tags" | "isPublic"
  > {
  /** The trace has a row of its own, below which its observations hang. */
  readonly hasRow: boolean;
}

/** How events become rows. Events come in the order of their arrival. */
export interface EventFold {
  /** Undefined while nothing says it. */
  traceIdOf(events: readonly IngestionEvent[]): string | undefined;
  /** @param events - of the trace */
  share(events: readonly IngestionEvent[]): TraceShare;
  /** @param share - of the trace that it belongs to */
  observation(
    traceId: string,
    events: readonly IngestionEvent[],
    share: TraceShare,
  ): ObservationRecord;
  /** The row that speaks for the trace. @param lastEndUs - of its observations, 0 without one */
  trace(events: readonly IngestionEvent[], lastEndUs: number): ObservationRecord;
}

export interface IngestionEvents {
  /**
   * Keeps events, and brings the rows of what they speak of up to date. Must run inside the writer's
   * transaction. @returns the traces whose summary is now out of date
   */
  put(events: readonly IngestionEvent[], fold: EventFold): ReadonlySet<string>;
}

/** @param onRow - told of each row that is written, as it was given and as it is stored */
export function createIngestionEvents(
  database: Database,
  rows: ObservationWrites,
  onRow: (record: ObservationRecord, values: ReturnType<typeof observationValues>) => void,
): IngestionEvents {
  const insert = database.prepare(`
    INSERT INTO ingestion_events (entity, entity_id, envelope_id, timestamp_us, type, body, trace_id)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, CASE ?1 WHEN 'trace' THEN ?2 END)
    ON CONFLICT (entity, entity_id, envelope_id) DO UPDATE
    SET timestamp_us = excluded.timestamp_us, type = excluded.type, body = excluded.body`);
  const eventsOf = database.prepare(
    "SELECT * FROM ingestion_events WHERE entity = ? AND entity_id = ? ORDER BY sequence",
  );
  const findTraceId = database.prepare(
    "SELECT trace_id FROM ingestion_events WHERE entity = 'observation' AND entity_id = ? AND trace_id IS NOT NULL LIMIT 1",
  );
  const setTraceId = database.prepare(
    "UPDATE ingestion_events SET trace_id = ? WHERE entity = 'observation' AND entity_id = ?",
  );
  const observationsOf = database.prepare(
    "SELECT DISTINCT entity_id FROM ingestion_events WHERE trace_id = ? AND entity = 'observation'",
  );
  const lastEnd = database.prepare(
    "SELECT max(end_us) AS end_us FROM observations WHERE trace_id = ? AND id <> ?",
  );
  const selectRow = database.prepare(SELECT_OBSERVATION);
  const deleteRow = database.prepare("DELETE FROM observations WHERE trace_id = ? AND id = ?");
  const moveRow = database.prepare(
    "UPDATE OR IGNORE observations SET trace_id = ?2 WHERE trace_id = ?1 AND id = ?3",
  );
  const movePlaces = database.prepare(`
    UPDATE OR REPLACE media_places SET trace_id = ?2 WHERE trace_id = ?1 AND observation_id = ?3`);
  const markStale = database.prepare(`
    INSERT INTO search_stale (trace_id, after_id) VALUES (?, '')
    ON CONFLICT (trace_id) DO UPDATE SET after_id = ''`);

  const read = (entity: IngestionEvent["entity"], id: string): IngestionEvent[] =>
    eventsOf.all(entity, id).map(eventFromRow);

  /** @returns whether the row changed: one that is written again is indexed again, with its trace */
  function putRow(record: ObservationRecord): boolean {
    const values = observationValues(record);
    if (!rows.insert(values)) {
      const stored = selectRow.get(record.traceId, record.id);
      if (stored !== undefined && isStored(values, stored)) return false;
      rows.update(values, record.traceId, record.id);
    }
    onRow(record, values);
    return true;
  }

  /** The same row, not a new one: deleting the old one would take the comments on it along. */
  function move(id: string, from: string, to: string): void {
    movePlaces.run(from, to, id);
    const isMoved = Number(moveRow.run(from, to, id).changes) > 0;
    if (!isMoved) deleteRow.run(from, id); // the other trace has one of that id
    markStale.run(from);
  }

  /** @returns the trace it belongs to now, and the one it belonged to before, if another */
  function placeOf(id: string, events: readonly IngestionEvent[], fold: EventFold) {
    const traceId = fold.traceIdOf(events);
    const before = findTraceId.get(id)?.["trace_id"];
    // First the events: the row's end would take them along.
    if (traceId !== undefined) setTraceId.run(traceId, id);
    return { traceId, left: typeof before === "string" && before !== traceId ? before : undefined };
  }

  return {
    put(events, fold) {
      const observationIds = new Set<string>();
      const traceIds = new Set<string>();
      const sharesBefore = new Map<string, string>();
      for (const { entity, entityId } of events) {
        if (entity !== "trace" || sharesBefore.has(entityId)) continue;
        sharesBefore.set(entityId, JSON.stringify(fold.share(read("trace", entityId))));
      }
      for (const { entity, entityId, envelopeId, timestampUs, type, body } of events) {
        insert.run(entity, entityId, envelopeId, timestampUs, type, JSON.stringify(body));
        (entity === "trace" ? traceIds : observationIds).add(entityId);
      }
      const changed = new Set<string>();
      const ofTraces = new Map<string, IngestionEvent[]>();
      const eventsOfTrace = (traceId: string): IngestionEvent[] => {
        const known = ofTraces.get(traceId) ?? read("trace", traceId);
        ofTraces.set(traceId, known);
        return known;
      };
      const shares = new Map<string, TraceShare>();
      const shareOf = (traceId: string): TraceShare => {
        const known = shares.get(traceId) ?? fold.share(eventsOfTrace(traceId));
        shares.set(traceId, known);
        return known;
      };
      // Only what its observations carry is written to all of them, and only when it is another.
      for (const [traceId, before] of sharesBefore) {
        if (JSON.stringify(shareOf(traceId)) === before) continue;
        for (const row of observationsOf.all(traceId)) observationIds.add(String(row["entity_id"]));
      }
      for (const id of observationIds) {
        const own = read("observation", id);
        const { traceId, left } = placeOf(id, own, fold);
        if (traceId === undefined) continue;
        traceIds.add(traceId);
        if (left !== undefined) {
          move(id, left, traceId);
          traceIds.add(left);
          changed.add(left).add(traceId);
        }
        const row = fold.observation(traceId, own, shareOf(traceId));
        if (putRow(row)) changed.add(traceId);
      }
      for (const traceId of traceIds) {
        const own = eventsOfTrace(traceId);
        if (own.length === 0) continue;
        const end = lastEnd.get(traceId, traceRowId(traceId))?.["end_us"];
        if (putRow(fold.trace(own, Number(end ?? 0)))) changed.add(traceId);
      }
      return changed;
    },
  };
}

// The assertions hold because every row was written by `put`, from checked events.
function eventFromRow(row: SqlRow): IngestionEvent {
  return {
    entity: row["entity"] as IngestionEvent["entity"],
    entityId: String(row["entity_id"]),
    envelopeId: String(row["envelope_id"]),
    timestampUs: Number(row["timestamp_us"]),
    type: String(row["type"]),
    body: JSON.parse(String(row["body"])) as JsonObject,
  };
}
