import type { StartFunctions } from "../observation/observation";
import { createObserve, type Observe } from "../observe/observe";
import { getClient } from "./get-client";
import type { Playhead } from "./playhead";

/*
 * The client's functions, bound to the default client at each call: a client made later than these
 * are imported, or than a function is wrapped, is the one that is used.
 */

/** Wraps a function so that each call is an observation: `observe(fn, options?)` or `observe(options)(fn)`. See {@link Observe}. */
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

/** Runs `work` in a span that is active meanwhile; without `work` it is active until disposed of (`using`). See {@link StartFunctions}. */
export const startAsCurrentSpan: StartFunctions["startAsCurrentSpan"] =
  onDefault("startAsCurrentSpan");
/** As `startAsCurrentSpan`, for a call of a model. */
export const startAsCurrentGeneration: StartFunctions["startAsCurrentGeneration"] = onDefault(
  "startAsCurrentGeneration",
);
/** As `startAsCurrentSpan`, for any type: `startAsCurrentObservation({ name, asType: "tool" }, work)`. */
export const startAsCurrentObservation: StartFunctions["startAsCurrentObservation"] = onDefault(
  "startAsCurrentObservation",
);
/** Starts a span that is not made active; you end it. */
export const startSpan: StartFunctions["startSpan"] = onDefault("startSpan");
/** As `startSpan`, for a call of a model. */
export const startGeneration: StartFunctions["startGeneration"] = onDefault("startGeneration");
/** As `startSpan`, for any type: `startObservation({ name, asType: "retriever" })`. */
export const startObservation: StartFunctions["startObservation"] = onDefault("startObservation");
/** Records a point in time: it has ended when this returns. */
export const createEvent: StartFunctions["createEvent"] = onDefault("createEvent");

/** Sets what the current trace shares (session, user, tags, …), on spans that have ended already, too. The last value wins. */
export const updateCurrentTrace: Playhead["updateCurrentTrace"] = onDefault("updateCurrentTrace");
/** Sets fields of the active observation, whatever its type. */
export const updateCurrentSpan: Playhead["updateCurrentSpan"] = onDefault("updateCurrentSpan");
/** As `updateCurrentSpan`; reads better around a model call. */
export const updateCurrentGeneration: Playhead["updateCurrentGeneration"] =
  onDefault("updateCurrentGeneration");
/** The active observation; undefined where none is. */
export const getCurrentObservation: Playhead["getCurrentObservation"] =
  onDefault("getCurrentObservation");
/** Id of the current trace, 32 hex digits; undefined where nothing is active. */
export const getCurrentTraceId: Playhead["getCurrentTraceId"] = onDefault("getCurrentTraceId");
/** Id of the active observation, 16 hex digits; undefined where nothing is active. */
export const getCurrentObservationId: Playhead["getCurrentObservationId"] =
  onDefault("getCurrentObservationId");

/** Gives attributes to everything started in `work`: a trace's first values around it, the spans' own inside it. */
export const propagateAttributes: Playhead["propagateAttributes"] =
  onDefault("propagateAttributes");
/** Gives a session id to everything started in `work`. */
export const withSession: Playhead["withSession"] = onDefault("withSession");
/** Returns the function, running in the context that is current now whenever it is called. */
export const bindContext: Playhead["bindContext"] = onDefault("bindContext");

/** Attaches an evaluation to a trace, an observation or a session. */
export const createScore: Playhead["createScore"] = onDefault("createScore");
/** Attaches an evaluation to the current trace. */
export const scoreCurrentTrace: Playhead["scoreCurrentTrace"] = onDefault("scoreCurrentTrace");
/** Attaches an evaluation to the active observation. */
export const scoreCurrentSpan: Playhead["scoreCurrentSpan"] = onDefault("scoreCurrentSpan");

/** Address of a trace's page, by default the current one's; undefined where the endpoint names no project. */
export const getTraceUrl: Playhead["getTraceUrl"] = onDefault("getTraceUrl");
/** Address of a session's page; undefined where the endpoint names no project. */
export const getSessionUrl: Playhead["getSessionUrl"] = onDefault("getSessionUrl");

/** Delivers everything that has ended before the call; resolves to a report, by default within 10 seconds, and never rejects. */
export const flush: Playhead["flush"] = onDefault("flush");
/** Flushes, then refuses what ends later. Call it last. */
export const shutdown: Playhead["shutdown"] = onDefault("shutdown");
/** The account of everything that ended since the client was made. */
export const stats: Playhead["stats"] = onDefault("stats");
/** Whether the endpoint takes the keys; says in the log what is wrong when it does not. Never rejects. */
export const authCheck: Playhead["authCheck"] = onDefault("authCheck");
