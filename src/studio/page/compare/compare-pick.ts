import { createShared, useShared } from "../shared";

/** What was chosen to be compared, while the other one is looked for. */
export interface ComparePick {
  readonly kind: "session" | "trace";
  readonly id: string;
  readonly title: string;
}

const picked = createShared<ComparePick | null>(null);

/** Null takes it back. */
export function setComparePick(pick: ComparePick | null): void {
  picked.set(pick);
}

export function currentComparePick(): ComparePick | null {
  return picked.get();
}

export function useComparePick(): ComparePick | null {
  return useShared(picked);
}

/** The address that compares two things of a kind. */
export function comparePath(kind: ComparePick["kind"], a: string, b: string): string {
  return `/compare?${new URLSearchParams({ ...(kind === "trace" && { of: "traces" }), a, b })}`;
}
