import { useCallback, useEffect, useState } from "preact/hooks";

const TRACE_VIEWS = ["tree", "waterfall", "graph"] as const;
export type TraceViewName = (typeof TRACE_VIEWS)[number];

/** What the query of a trace's address says: `?view=graph&observation=…`. */
export interface TraceAddress {
  readonly view: TraceViewName;
  readonly observationId: string | null;
}

/** The state of the view that stands in the address, and a way to change it in place. */
export function useTraceAddress(): {
  readonly address: TraceAddress;
  readonly change: (change: Partial<TraceAddress>) => void;
} {
  const [address, setAddress] = useState(() => readTraceAddress(location.search));
  useEffect(() => {
    const update = (): void => setAddress(readTraceAddress(location.search));
    window.addEventListener("popstate", update);
    return () => window.removeEventListener("popstate", update);
  }, []);
  const change = useCallback((wanted: Partial<TraceAddress>) => {
    const next = { ...readTraceAddress(location.search), ...wanted };
    // The entry's own state stays: it is what navigation.ts keeps there.
    history.replaceState(history.state, "", location.pathname + withTraceAddress(next));
    setAddress(next);
  }, []);
  return { address, change };
}

/** @param query - with its question mark */
function readTraceAddress(query: string): TraceAddress {
  const parameters = new URLSearchParams(query);
  const view = TRACE_VIEWS.find((name) => name === parameters.get("view")) ?? "tree";
  return { view, observationId: parameters.get("observation") || null };
}

function withTraceAddress({ view, observationId }: TraceAddress): string {
  const parameters = new URLSearchParams(location.search);
  if (view === "tree") parameters.delete("view");
  else parameters.set("view", view);
  if (observationId === null) parameters.delete("observation");
  else parameters.set("observation", observationId);
  const query = parameters.toString();
  return query === "" ? "" : `?${query}`;
}
