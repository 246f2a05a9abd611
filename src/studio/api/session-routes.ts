import { Hono } from "hono";
import * as z from "zod/mini";
import type { Store } from "../store/store";
import { idQuery, parseQuery } from "./query";
import { sessionOutline, turnList } from "./session-outline";
import type { SessionOutline, TurnList } from "./types";

/** Turns that one request may ask for. */
const MAX_TURNS = 100;

export const turnsQuery = z.object({
  id: z.union([z.string(), z.array(z.string()).check(z.maxLength(MAX_TURNS))]),
});

/** How the replay reads a session: its outline at once, the contents of its turns bit by bit. */
export function createSessionRoutes(store: Store): Hono {
  const routes = new Hono();

  routes.get("/session-outline", (context) => {
    const { id } = parseQuery(idQuery, context.req.queries());
    const outline = sessionOutline(id, store);
    return outline === undefined
      ? context.json({ message: "No session with this id" }, 404)
      : context.json(outline satisfies SessionOutline);
  });

  routes.get("/turns", (context) => {
    const { id } = parseQuery(turnsQuery, context.req.queries());
    return context.json(turnList(typeof id === "string" ? [id] : id, store) satisfies TurnList);
  });

  return routes;
}
