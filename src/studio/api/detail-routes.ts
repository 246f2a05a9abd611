import { type Context, Hono } from "hono";
import * as z from "zod/mini";
import type { Store } from "../store/store";
import type { SetupInfo } from "./detail-types";
import { idQuery, parseQuery } from "./query";
import { sessionFigures } from "./session-figures";
import { observationView } from "./studio-views";
import { traceOutline } from "./trace-outline";

export interface DetailRoutesOptions {
  readonly store: Store;
  readonly setup: SetupInfo;
}

export const observationQuery = z.object({
  traceId: z.string().check(z.minLength(1)),
  id: z.string().check(z.minLength(1)),
});

/** One trace without its content, one observation with all of it, the figures of one session. */
export function createDetailRoutes({ store, setup }: DetailRoutesOptions): Hono {
  const routes = new Hono();

  routes.get("/trace-outline", (context) => {
    const trace = store.getTrace(idOf(context));
    return trace === undefined
      ? context.json({ message: "No trace with this id" }, 404)
      : context.json(traceOutline(trace, store));
  });

  routes.get("/observation", (context) => {
    const { traceId, id } = parseQuery(observationQuery, context.req.queries());
    const trace = store.getTrace(traceId);
    const observation = trace && store.outlines.getObservation(traceId, id);
    return trace === undefined || observation === undefined
      ? context.json({ message: "No observation with this id in this trace" }, 404)
      : context.json(observationView(observation, trace.startUs));
  });

  routes.get("/session-figures", (context) => {
    const id = idOf(context);
    return store.getSession(id) === undefined
      ? context.json({ message: "No session with this id" }, 404)
      : context.json(sessionFigures(id, store));
  });

  routes.get("/setup", (context) => context.json(setup));

  return routes;
}

function idOf(context: Context): string {
  return parseQuery(idQuery, context.req.queries()).id;
}
