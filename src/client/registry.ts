import type { PlayheadOptions } from "../config/options";
import { deliverOnExit } from "./exit";
import type { Playhead } from "./playhead";

/**
 * The clients of this process. Lives on `globalThis`, so that the ESM and the CJS copy of this
 * package, or two copies in a bundle, share it.
 */
interface Registry {
  readonly clients: Set<Playhead>;
  default: Playhead | undefined;
  /** The default was made by `getClient()` from the environment: one that is made by hand takes its place. */
  isDefaultImplicit: boolean;
}

const REGISTRY_KEY = Symbol.for("playhead.registry.v1");

function registry(): Registry {
  const holder = globalThis as { [REGISTRY_KEY]?: Registry };
  let state = holder[REGISTRY_KEY];
  if (state === undefined) {
    state = { clients: new Set(), default: undefined, isDefaultImplicit: false };
    holder[REGISTRY_KEY] = state;
    deliverOnExit(state.clients);
  }
  return state;
}

/**
 * The first client becomes the default. One made by hand replaces one made implicitly, unless that
 * has recorded something: its traces must not end up in two places.
 * @returns false where it would have replaced it but for that
 */
export function registerClient(client: Playhead): boolean {
  const state = registry();
  state.clients.add(client);
  if (state.default !== undefined && !state.isDefaultImplicit) return true;
  if (state.default !== undefined && state.default.offeredCount > 0) return false;
  state.default = client;
  state.isDefaultImplicit = false;
  return true;
}

/** A client that was shut down is found no more; the oldest one left becomes the default. */
export function unregisterClient(client: Playhead): void {
  const state = registry();
  state.clients.delete(client);
  if (state.default !== client) return;
  state.default = state.clients.values().next().value;
  state.isDefaultImplicit = false;
}

/**
 * @param create - makes a client that registers itself
 * @returns the client of that public key; without one, the default of the process
 */
export function findOrCreateClient(
  publicKey: string | undefined,
  create: (options: PlayheadOptions) => Playhead,
): Playhead {
  const state = registry();
  if (publicKey !== undefined) {
    for (const client of state.clients) if (client.publicKey === publicKey) return client;
    return create({ publicKey });
  }
  if (state.default === undefined) {
    create({});
    state.isDefaultImplicit = true;
  }
  return state.default as Playhead; // create() has registered one
}
