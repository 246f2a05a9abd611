import type { StartFunctions } from "../observation/observation";
import { createObserve, type Observe } from "../observe/observe";
import { getClient } from "./get-client";
import type { Playhead } from "./playhead";

/*
 * The client's functions, bound to the default client at each call: a client made later than these
 * are imported, or than a function is wrapped, is the one that is used.
 */

/** See {@link Playhead.observe}. */
export const observe: Observe = createObserve(() => getClient().callObserver);

/** The client's method of that name, on whichever client is the default when it is called. */
function onDefault<Name extends MethodName>(name: Name): Playhead[Name] {
  const call = (...args: unknown[]): unknown => {
    const client = getClient();
    return (client[name] as (...args: unknown[]) => unknown).apply(client, args);
  };
  return call as Playhead[Name]; // passes arguments and result on as they are
}

type MethodName = {
  [Name in keyof Playhead]: Playhead[Name] extends (...args: never[]) => unknown ? Name : never;
}[keyof Playhead];

export const startAsCurrentSpan: StartFunctions["startAsCurrentSpan"] =
  onDefault("startAsCurrentSpan");
export const startAsCurrentGeneration: StartFunctions["startAsCurrentGeneration"] = onDefault(
  "startAsCurrentGeneration",
);
export const startAsCurrentObservation: StartFunctions["startAsCurrentObservation"] = onDefault(
  "startAsCurrentObservation",
);
export const startSpan: StartFunctions["startSpan"] = onDefault("startSpan");
export const startGeneration: StartFunctions["startGeneration"] = onDefault("startGeneration");
export const startObservation: StartFunctions["startObservation"] = onDefault("startObservation");
export const createEvent: StartFunctions["createEvent"] = onDefault("createEvent");

export const updateCurrentTrace: Playhead["updateCurrentTrace"] = onDefault("updateCurrentTrace");
export const updateCurrentSpan: Playhead["updateCurrentSpan"] = onDefault("updateCurrentSpan");
export const updateCurrentGeneration: Playhead["updateCurrentGeneration"] =
  onDefault("updateCurrentGeneration");
export const getCurrentObservation: Playhead["getCurrentObservation"] =
  onDefault("getCurrentObservation");
export const getCurrentTraceId: Playhead["getCurrentTraceId"] = onDefault("getCurrentTraceId");
export const getCurrentObservationId: Playhead["getCurrentObservationId"] =
  onDefault("getCurrentObservationId");

export const propagateAttributes: Playhead["propagateAttributes"] =
  onDefault("propagateAttributes");
export const withSession: Playhead["withSession"] = onDefault("withSession");
export const bindContext: Playhead["bindContext"] = onDefault("bindContext");

export const createScore: Playhead["createScore"] = onDefault("createScore");
export const scoreCurrentTrace: Playhead["scoreCurrentTrace"] = onDefault("scoreCurrentTrace");
export const scoreCurrentSpan: Playhead["scoreCurrentSpan"] = onDefault("scoreCurrentSpan");

export const getTraceUrl: Playhead["getTraceUrl"] = onDefault("getTraceUrl");
export const getSessionUrl: Playhead["getSessionUrl"] = onDefault("getSessionUrl");

export const flush: Playhead["flush"] = onDefault("flush");
export const shutdown: Playhead["shutdown"] = onDefault("shutdown");
export const stats: Playhead["stats"] = onDefault("stats");
export const authCheck: Playhead["authCheck"] = onDefault("authCheck");
