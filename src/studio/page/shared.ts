import { useEffect, useState } from "preact/hooks";

/** A value that parts of the page share until it is loaded anew. */
export interface Shared<Value> {
  readonly get: () => Value;
  readonly set: (next: Value) => void;
  /** @returns what ends it */
  readonly listen: (listener: () => void) => () => void;
}

/** @param first - what it is before it is set */
export function createShared<Value>(first: Value): Shared<Value> {
  let value = first;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      value = next;
      for (const listener of listeners) listener();
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** The value as it is now; the component is drawn again when it changes. */
export function useShared<Value>({ get, listen }: Shared<Value>): Value {
  const [shown, setShown] = useState(get);
  useEffect(() => {
    const show = (): void => setShown(get);
    show(); // it may have changed since the component was drawn
    return listen(show);
  }, [get, listen]);
  return shown;
}
