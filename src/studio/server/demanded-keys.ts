import type { Store } from "../store/store";
import { isLoopbackHost } from "./guards";
import { createKeyPair, hashedKeys, type StudioKeys } from "./keys";
import { keyMissing, type OptionNames } from "./start-errors";

/** Whether a studio has keys of its own; see `StartSettings`. */
export type OwnKeys = "when-needed" | "new" | undefined;

/** Which keys a studio demands, and what may be told of them. */
export type DemandedKeys =
  | { readonly origin: "none" | "given" }
  /** Of an earlier start: their secret is known to nobody here. */
  | { readonly origin: "kept"; readonly publicKey: string }
  /** Made by this start: this is the only time that the secret can be told. */
  | { readonly origin: "new"; readonly publicKey: string; readonly secretKey: string };

interface KeyChoice {
  readonly keys: StudioKeys | undefined;
  readonly demanded: DemandedKeys;
}

export function ownKeys(store: Store, wanted: OwnKeys, host: string): KeyChoice {
  if (wanted === undefined || (wanted === "when-needed" && isLoopbackHost(host))) {
    return { keys: undefined, demanded: { origin: "none" } };
  }
  const kept = wanted === "new" ? undefined : store.keys.get();
  if (kept !== undefined) {
    return { keys: kept, demanded: { origin: "kept", publicKey: kept.publicKey } };
  }
  const made = createKeyPair();
  return { keys: hashedKeys(made), demanded: { origin: "new", ...made } };
}

/** @throws PlayheadError `INVALID_OPTIONS` where one is given without the other */
export function givenKeys(
  {
    publicKey,
    secretKey,
  }: { readonly publicKey?: string | undefined; readonly secretKey?: string | undefined },
  names: OptionNames,
): StudioKeys | undefined {
  if (!publicKey && !secretKey) return undefined;
  if (publicKey && secretKey) return hashedKeys({ publicKey, secretKey });
  throw keyMissing(publicKey ? "secretKey" : "publicKey", names);
}
