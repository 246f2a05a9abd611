import { Playhead } from "./playhead";
import { findOrCreateClient } from "./registry";

/**
 * The client of this process, which the top-level functions use: the first one made with `new Playhead()`, else one made now from the
 * environment. All copies of the package in a process share it.
 * @param options.publicKey - the client of that key instead; made from the environment if there is none
 */
export function getClient(options: { publicKey?: string | undefined } = {}): Playhead {
  return findOrCreateClient(options.publicKey, (given) => new Playhead(given));
}
