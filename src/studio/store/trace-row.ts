/**
 * The row that a trace has beside its observations when its events come by the legacy batch. It
 * carries what the trace says, input and output as well, and the observations hang below it, as in
 * Langfuse 4. Version 1 of the public reads knows no such row: there the trace itself says it.
 */

/** @returns the id of the row */
export function traceRowId(traceId: string): string {
  return `t-${traceId}`;
}

/** The same in SQL, of a row of `observations`. */
export const TRACE_ROW_ID = "'t-' || observations.trace_id";

/** Of version 1: null where the parent is the trace's own row. */
export const PARENT_ID_V1 = `nullif(observations.parent_id, ${TRACE_ROW_ID})`;

export function isTraceRow({ traceId, id }: { traceId: string; id: string }): boolean {
  return id === traceRowId(traceId);
}
