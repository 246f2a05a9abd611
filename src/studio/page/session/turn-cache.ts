import type { Turn } from "../../api/types";

/** Turns whose contents are kept; those read last stay. */
const MAX_KEPT = 240;
/** Of all contents that are kept, in characters: each turn of a session may be of megabytes. */
const MAX_KEPT_LENGTH = 50_000_000;

/** Turns that have been read, bounded by their number and by the length of their contents. */
export interface TurnCache {
  get(traceId: string): Turn | undefined;
  has(traceId: string): boolean;
  ids(): Iterable<string>;
  hold(turn: Turn): void;
  /** Forgets the oldest of too many, none of those in use. */
  trim(inUse: ReadonlySet<string>): void;
}

export function createTurnCache(): TurnCache {
  /** In the order in which they were read, latest last. */
  const held = new Map<string, { readonly turn: Turn; readonly length: number }>();
  let heldLength = 0;
  const forget = (id: string): void => {
    heldLength -= held.get(id)?.length ?? 0;
    held.delete(id);
  };
  return {
    get: (id) => held.get(id)?.turn,
    has: (id) => held.has(id),
    ids: () => held.keys(),
    hold(turn) {
      forget(turn.traceId);
      const length = lengthOf(turn);
      held.set(turn.traceId, { turn, length });
      heldLength += length;
    },
    trim(inUse) {
      for (const id of held.keys()) {
        if (held.size <= MAX_KEPT && heldLength <= MAX_KEPT_LENGTH) return;
        if (!inUse.has(id)) forget(id);
      }
    },
  };
}

/** Of all texts in a value, in characters, and a little for each value; JSON may be nested deeply. */
function lengthOf(content: unknown): number {
  let length = 0;
  const open = [content];
  while (open.length > 0) {
    const value = open.pop();
    length += typeof value === "string" ? value.length : 8;
    if (typeof value !== "object" || value === null) continue;
    for (const item of Object.values(value)) open.push(item);
  }
  return length;
}
