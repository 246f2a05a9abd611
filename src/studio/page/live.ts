import { useEffect } from "preact/hooks";
import { type Change, createLiveConnection, type LiveState } from "./live-connection";
import { createShared, useShared } from "./shared";
import { goToSignIn } from "./sign-in";

/** Called with `null` where anything may have changed, as when the studio was started anew. */
export type ChangeListener = (change: Change) => void;

const changeListeners = new Set<ChangeListener>();
const state = createShared<LiveState>("connecting");
let lastEventId: string | undefined;

/** What the tab that listens to the studio tells the others. */
type Told =
  | { readonly kind: "change"; readonly change: Change; readonly lastEventId: string | undefined }
  | { readonly kind: "state"; readonly state: LiveState; readonly lastEventId: string | undefined }
  | { readonly kind: "signed-out" }
  /** From a new tab, to the one that listens. */
  | { readonly kind: "ask" };

const NAME = "playhead.live";

/**
 * Listens to the changes in the studio. To be called once.
 *
 * A browser opens at most six connections to a host over HTTP/1.1, in all tabs together, so one tab
 * listens for all. Where it closes, another takes over at the event at which it stopped. Browsers give
 * the lock for this only to pages on loopback or with TLS; elsewhere each tab listens for itself.
 */
export function startLive(): void {
  lastEventId = document.body.dataset["lastEventId"];
  if (navigator.locks === undefined) {
    listen(() => {});
    return;
  }
  const tabs = new BroadcastChannel(NAME);
  const tell = (told: Told): void => tabs.postMessage(told);
  let isListening = false;
  tabs.addEventListener("message", ({ data }: MessageEvent<Told>) => {
    if (data.kind === "ask") {
      if (isListening) tell({ kind: "state", state: state.get(), lastEventId });
    } else hear(data);
  });
  tell({ kind: "ask" });
  // Held until the tab goes.
  void navigator.locks.request(NAME, () => {
    isListening = true;
    listen(tell);
    return new Promise<never>(() => {});
  });
}

/** @param tell - hands on to the other tabs */
function listen(tell: (told: Told) => void): void {
  /** Whether the page stayed when a sign-in was asked for: what the reader does next leads there. */
  let hasStayed = false;
  const connection = createLiveConnection({
    open: (from, signal) =>
      fetch("/api/studio/events", {
        signal,
        cache: "no-store",
        headers: from === undefined ? {} : { "Last-Event-ID": from },
      }),
    lastEventId,
    onChange(change, id) {
      lastEventId = id;
      announce(change);
      tell({ kind: "change", change, lastEventId });
    },
    onState(next) {
      if (next === "live") hasStayed = false;
      state.set(next);
      tell({ kind: "state", state: next, lastEventId });
    },
    onSignedOut() {
      if (!hasStayed) {
        tell({ kind: "signed-out" });
        hasStayed = !goToSignIn();
      }
      return hasStayed;
    },
    random: Math.random,
  });
  const retry = (): void => {
    if (document.visibilityState === "visible") connection.retryNow();
  };
  window.addEventListener("online", retry);
  document.addEventListener("visibilitychange", retry);
}

function hear(told: Exclude<Told, { kind: "ask" }>): void {
  switch (told.kind) {
    case "change":
      lastEventId = told.lastEventId;
      announce(told.change);
      break;
    case "state":
      // What this tab fetched and what it hears from now on do not meet: something may be between.
      if (told.lastEventId !== lastEventId) announce(null);
      lastEventId = told.lastEventId;
      state.set(told.state);
      break;
    case "signed-out":
      goToSignIn();
  }
}

/** Calls `listener` for each change for as long as the component is shown. */
export function useChanges(listener: ChangeListener): void {
  useEffect(() => {
    changeListeners.add(listener);
    return () => void changeListeners.delete(listener);
  }, [listener]);
}

export function useLiveState(): LiveState {
  return useShared(state);
}

/**
 * Tells the page of a change. What it has written itself it announces once that is written: it shows
 * whether or not the studio's own event comes, and that one finds it there.
 */
export function announce(change: Change): void {
  for (const listener of changeListeners) listener(change);
}
