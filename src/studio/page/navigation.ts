import { useEffect, useState } from "preact/hooks";
import { embeddedSessionId, isEmbedded } from "./embedded";
import { parseRoute, type Route } from "./route";

/** What the history keeps for each visited address, so that going back finds the same place. */
interface Visit {
  readonly scrollY: number;
  /** Address opened from there; its link gets the focus again. */
  readonly openedPath: string | null;
  /** Whether a page of ours lies before it, so that "back" stays here. */
  readonly hasPrevious: boolean;
}

type Listener = () => void;
const listeners = new Set<Listener>();
let pendingVisit: Visit | null = null;
/** Whether the address names the view it named before: then the focus stays where it is. */
let isSameView = false;

/** Opens an address of this page without loading it anew. */
export function navigate(path: string): void {
  if (isEmbedded()) return; // there is nothing else to go to
  const leaving: Visit = {
    scrollY: window.scrollY,
    openedPath: path,
    hasPrevious: readVisit(history.state)?.hasPrevious ?? false,
  };
  history.replaceState(leaving, "");
  history.pushState({ scrollY: 0, openedPath: null, hasPrevious: true } satisfies Visit, "", path);
  pendingVisit = null;
  isSameView = false;
  window.scrollTo(0, 0);
  notify();
}

/**
 * Changes the query of the address, within the view that is shown, and scrolls to its top.
 * @param search - with its `?`, or empty
 * @param isStep - whether "back" undoes it; a text that is being typed is one step, not one per letter
 */
export function changeSearch(search: string, { isStep }: { isStep: boolean }): void {
  if (search === location.search) return;
  const path = location.pathname + search;
  if (isStep) {
    const hasPrevious = readVisit(history.state)?.hasPrevious ?? false;
    const leaving: Visit = { scrollY: window.scrollY, openedPath: null, hasPrevious };
    history.replaceState(leaving, "");
    history.pushState(
      { scrollY: 0, openedPath: null, hasPrevious: true } satisfies Visit,
      "",
      path,
    );
  } else {
    history.replaceState(history.state, "", path);
  }
  pendingVisit = null;
  isSameView = true;
  window.scrollTo(0, 0);
  notify();
}

/** The query of the current address, with its `?`; changes with it. */
export function useSearch(): string {
  const [search, setSearch] = useState(() => location.search);
  useEffect(() => {
    const update = (): void => setSearch(location.search);
    listeners.add(update);
    update(); // it may have changed between the first render and this
    return () => void listeners.delete(update);
  }, []);
  return search;
}

/** Back to where the reader came from, or to `fallbackPath` when this address was opened directly. */
export function goBack(fallbackPath: string): void {
  if (readVisit(history.state)?.hasPrevious === true) history.back();
  else navigate(fallbackPath);
}

/** The current view; changes with the address. */
export function useRoute(): Route {
  const [route, setRoute] = useState(currentRoute);
  useEffect(() => {
    const update = (): void => setRoute(currentRoute());
    listeners.add(update);
    return () => void listeners.delete(update);
  }, []);
  return route;
}

/**
 * To be called once a view has content: brings back scroll position and focus after going back,
 * and otherwise moves the focus to the heading, where a new view begins for a screen reader.
 */
export function useArrival(isReady: boolean, key: string): void {
  useEffect(() => {
    if (!isReady) return;
    const visit = pendingVisit;
    pendingVisit = null;
    if (visit !== null) {
      window.scrollTo(0, visit.scrollY);
      linkTo(visit.openedPath)?.focus({ preventScroll: true });
    } else if (!isSameView && readVisit(history.state)?.hasPrevious === true) {
      document.querySelector<HTMLElement>("h1[tabindex]")?.focus({ preventScroll: true });
    }
  }, [isReady, key]);
}

/** Whether the view that is being built is one the reader comes back to: its place is brought back then. */
export function isReturning(): boolean {
  return pendingVisit !== null;
}

/** Follows the browser's back and forward buttons. To be called once. */
export function startNavigation(): void {
  history.scrollRestoration = "manual"; // the content is not there yet when the browser would scroll
  window.addEventListener("popstate", (event) => {
    pendingVisit = readVisit(event.state);
    notify();
  });
}

function currentRoute(): Route {
  if (isEmbedded()) return { view: "session", sessionId: embeddedSessionId() };
  return parseRoute(location.pathname + location.search);
}

function linkTo(path: string | null): HTMLElement | null {
  if (path === null) return null;
  return document.querySelector<HTMLElement>(`a[href="${CSS.escape(path)}"]`);
}

function notify(): void {
  for (const listener of listeners) listener();
}

function readVisit(state: unknown): Visit | null {
  if (typeof state !== "object" || state === null || !("scrollY" in state)) return null;
  return state as Visit; // only this module writes the history's state
}
