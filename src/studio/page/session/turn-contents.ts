import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { turnsApiPath } from "../../api/paths";
import type { ChangeEvent, Turn, TurnList } from "../../api/types";
import { useChanges } from "../live";
import { createRefreshLoop, readJson } from "../resource";
import { createTurnCache } from "./turn-cache";

/** Turns that one request asks for. */
const BATCH_SIZE = 24;
/** After a request that failed, in milliseconds. */
const RETRY_MS = 2_000;

/** The contents of turns, read as they are needed. */
export interface TurnContents {
  /** Undefined until it has been read. */
  get(traceId: string): Turn | undefined;
  /** Says what the page shows now; what is not there is read, and `onChange` called when it is. */
  need(traceIds: readonly string[]): void;
  /**
   * Reads a turn again when it is needed next; all of them for null. Changes that come close together
   * are read together, those that come during a request after it.
   */
  markStale(traceIds: readonly string[] | null): void;
  close(): void;
}

/** @param read - one request; rejects when there is no answer */
export function createTurnContents(
  read: (traceIds: readonly string[], signal: AbortSignal) => Promise<TurnList>,
  onChange: () => void,
): TurnContents {
  const held = createTurnCache();
  /** Of those held, the ones to be read again: by the run that goes on, and by the one after it. */
  const stale = new Set<string>();
  const changed = new Set<string>();
  let needed: readonly string[] = [];
  let inFlight: readonly string[] = [];
  let retry: ReturnType<typeof setTimeout> | undefined;

  const missing = (): string[] => needed.filter((id) => !held.has(id) || stale.has(id));
  const loop = createRefreshLoop(async (signal) => {
    for (const id of changed) stale.add(id);
    changed.clear();
    while (!signal.aborted) {
      inFlight = missing().slice(0, BATCH_SIZE);
      if (inFlight.length === 0) return;
      const answer = await read(inFlight, signal).catch(() => null);
      const asked = inFlight;
      inFlight = [];
      if (signal.aborted) return;
      if (answer === null) {
        // The studio does not answer, which the page says elsewhere.
        clearTimeout(retry);
        retry = setTimeout(loop.requestNow, RETRY_MS);
        return;
      }
      const left = new Set(answer.left);
      for (const id of asked) if (!left.has(id)) stale.delete(id);
      for (const turn of answer.data) held.hold(turn);
      held.trim(new Set(needed));
      if (answer.data.length === 0) return;
      onChange();
    }
  });

  return {
    get: (traceId) => held.get(traceId),
    need(traceIds) {
      needed = traceIds;
      if (inFlight.length === 0 && missing().length > 0) loop.requestNow();
    },
    markStale(traceIds) {
      for (const id of traceIds ?? [...held.ids(), ...inFlight]) {
        if (held.has(id) || inFlight.includes(id)) changed.add(id);
      }
      loop.request();
    },
    close() {
      clearTimeout(retry);
      loop.stop();
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
