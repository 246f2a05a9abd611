import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { turnsApiPath } from "../../api/paths";
import type { ChangeEvent, Turn, TurnList } from "../../api/types";
import { useChanges } from "../live";
import { readJson } from "../resource";

/** Turns that one request asks for. */
const BATCH_SIZE = 24;
/** Turns whose contents are kept; those asked for last stay. */
const KEPT = 240;
/** After a request that failed, in milliseconds. */
const RETRY_MS = 2_000;

/** The contents of turns, read as they are needed. */
export interface TurnContents {
  /** Undefined until it has been read. */
  get(traceId: string): Turn | undefined;
  /** Says what the page shows now; what is not there is read, and `onChange` called when it is. */
  need(traceIds: readonly string[]): void;
  /** Reads a turn again when it is needed next; all of them for null. */
  markStale(traceIds: readonly string[] | null): void;
  close(): void;
}

/** @param read - one request; rejects when there is no answer */
export function createTurnContents(
  read: (traceIds: readonly string[], signal: AbortSignal) => Promise<TurnList>,
  onChange: () => void,
): TurnContents {
  /** In the order in which they were needed, latest last. */
  const held = new Map<string, Turn>();
  const stale = new Set<string>();
  const controller = new AbortController();
  let needed: readonly string[] = [];
  let isReading = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const readMissing = async (): Promise<void> => {
    if (isReading || controller.signal.aborted) return;
    const missing = needed.filter((id) => !held.has(id) || stale.has(id)).slice(0, BATCH_SIZE);
    if (missing.length === 0) return;
    isReading = true;
    for (const id of missing) stale.delete(id); // a change from now on makes it stale again
    try {
      const { data, left } = await read(missing, controller.signal);
      for (const turn of data) {
        held.delete(turn.traceId);
        held.set(turn.traceId, turn);
      }
      for (const id of left) if (held.has(id)) stale.add(id);
      forgetOldest();
      isReading = false;
      if (data.length > 0) {
        onChange();
        void readMissing();
      }
    } catch {
      // The studio does not answer, which the page says elsewhere.
      isReading = false;
      for (const id of missing) if (held.has(id)) stale.add(id);
      if (controller.signal.aborted) return;
      timer = setTimeout(() => void readMissing(), RETRY_MS);
    }
  };
  const forgetOldest = (): void => {
    const inUse = new Set(needed);
    for (const id of held.keys()) {
      if (held.size <= KEPT) return;
      if (!inUse.has(id)) held.delete(id);
    }
  };

  return {
    get: (traceId) => held.get(traceId),
    need(traceIds) {
      needed = traceIds;
      void readMissing();
    },
    markStale(traceIds) {
      for (const id of traceIds ?? held.keys()) if (held.has(id)) stale.add(id);
      void readMissing();
    },
    close() {
      clearTimeout(timer);
      controller.abort();
    },
  };
}

/** The contents of turns for as long as a session is shown, kept up to date with what arrives. */
export function useTurnContents(sessionId: string): TurnContents {
  const [, setVersion] = useState(0);
  const contents = useMemo(
    () =>
      createTurnContents(
        (traceIds, signal) => readJson<TurnList>(turnsApiPath(traceIds), signal),
        () => setVersion((version) => version + 1),
      ),
    [sessionId],
  );
  useEffect(() => contents.close, [contents]);
  useChanges(
    useCallback(
      (change: ChangeEvent | null) => contents.markStale(change?.traceIds ?? null),
      [contents],
    ),
  );
  return contents;
}
