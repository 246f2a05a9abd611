import { useEffect, useState } from "preact/hooks";
import type { ChangeEvent } from "../api/types";

/** `null` stands for "anything may have changed": said after a lost connection is back. */
export type ChangeListener = (change: ChangeEvent | null) => void;
export type LiveState = "connecting" | "live" | "lost";

const changeListeners = new Set<ChangeListener>();
const stateListeners = new Set<(state: LiveState) => void>();
let state: LiveState = "connecting";

/** Opens the event stream of the studio. The browser reconnects by itself. To be called once. */
export function startLive(): void {
  const source = new EventSource("/api/studio/events");
  let hasConnected = false;
  source.addEventListener("open", () => {
    setState("live");
    if (hasConnected) announce(null);
    hasConnected = true;
  });
  source.addEventListener("error", () => {
    hasConnected = true; // what the page shows may be old by now, even if it never was connected
    setState("lost");
  });
  source.addEventListener("change", (event) => announce(parseChange(event.data)));
}

/** Calls `listener` for each change for as long as the component is shown. */
export function useChanges(listener: ChangeListener): void {
  useEffect(() => {
    changeListeners.add(listener);
    return () => void changeListeners.delete(listener);
  }, [listener]);
}

export function useLiveState(): LiveState {
  const [current, setCurrent] = useState(state);
  useEffect(() => {
    stateListeners.add(setCurrent);
    setCurrent(state);
    return () => void stateListeners.delete(setCurrent);
  }, []);
  return current;
}

function announce(change: ChangeEvent | null): void {
  for (const listener of changeListeners) listener(change);
}

function setState(next: LiveState): void {
  state = next;
  for (const listener of stateListeners) listener(next);
}

function parseChange(data: unknown): ChangeEvent | null {
  try {
    const change: Partial<ChangeEvent> = JSON.parse(String(data));
    const { sessionIds, traceIds } = change;
    return Array.isArray(sessionIds) && Array.isArray(traceIds) ? { sessionIds, traceIds } : null;
  } catch {
    return null; // a cut-off event still says that something changed
  }
}
