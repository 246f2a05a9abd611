import { useEffect, useState } from "preact/hooks";

/** What was chosen to be compared, while the other one is looked for. */
export interface ComparePick {
  readonly kind: "session" | "trace";
  readonly id: string;
  readonly title: string;
}

let picked: ComparePick | null = null;
const listeners = new Set<() => void>();

/** Null takes it back. Holds until the page is loaded anew. */
export function setComparePick(pick: ComparePick | null): void {
  picked = pick;
  for (const listener of listeners) listener();
}

export function currentComparePick(): ComparePick | null {
  return picked;
}

export function useComparePick(): ComparePick | null {
  const [shown, setShown] = useState(picked);
  useEffect(() => {
    const listener = (): void => setShown(picked);
    listener();
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, []);
  return shown;
}

/** The address that compares two things of a kind. */
export function comparePath(kind: ComparePick["kind"], a: string, b: string): string {
  return `/compare?${new URLSearchParams({ ...(kind === "trace" && { of: "traces" }), a, b })}`;
}
