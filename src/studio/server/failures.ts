import { isIPv6 } from "node:net";
import { FAILURE_WINDOW_MS, MAX_COUNTED_ADDRESSES, MAX_FAILURES } from "./limits";

/** Counts wrong keys by the address they come from, so that nobody can try many. */
export interface Failures {
  /** Milliseconds until `address` may try again; 0 when it may now. */
  waitMs(address: string): number;
  add(address: string): void;
  /** The right key came from there. */
  forget(address: string): void;
}

interface Count {
  failures: number;
  /** Milliseconds since the epoch. */
  readonly endsAt: number;
}

const ALL_OTHERS = "all others";

/** @param now - milliseconds since the epoch */
export function createFailures(now: () => number): Failures {
  const counts = new Map<string, Count>();

  const running = (key: string): Count | undefined => {
    const count = counts.get(key);
    if (count === undefined || count.endsAt > now()) return count;
    counts.delete(key);
    return undefined;
  };
  /** Under which name an address is counted. */
  const keyOf = (address: string): string => {
    const key = networkOf(address);
    return counts.has(key) || counts.size < MAX_COUNTED_ADDRESSES ? key : ALL_OTHERS;
  };
  const sweep = (): void => {
    for (const key of [...counts.keys()]) running(key);
  };

  return {
    waitMs(address) {
      const count = running(keyOf(address));
      return count === undefined || count.failures < MAX_FAILURES ? 0 : count.endsAt - now();
    },
    add(address) {
      if (counts.size >= MAX_COUNTED_ADDRESSES) sweep();
      const key = keyOf(address);
      const count = running(key);
      if (count === undefined) counts.set(key, { failures: 1, endsAt: now() + FAILURE_WINDOW_MS });
      else count.failures += 1;
    },
    forget(address) {
      counts.delete(networkOf(address));
    },
  };
}

/** One household or machine has a whole IPv6 network of 64 bits: it counts as one address. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes(".")) return address;
  const [head = "", tail = ""] = address.split("::", 2);
  const groups = head === "" ? [] : head.split(":");
  const last = tail === "" ? [] : tail.split(":");
  const zeros = Math.max(0, 8 - groups.length - last.length);
  return [...groups, ...Array<string>(zeros).fill("0"), ...last].slice(0, 4).join(":");
}
