import { Hono } from "hono";
import type { StudioEnvironment } from "./environment";
import type { EventHub } from "./event-hub";
import type { SignIns } from "./sign-ins";

/** The live events of the studio. Spec: https://html.spec.whatwg.org/multipage/server-sent-events.html */
export function createEventRoutes(events: EventHub, signIns: SignIns): Hono<StudioEnvironment> {
  const routes = new Hono<StudioEnvironment>();

  routes.get("/", (context) => {
    const headers = {
      "Content-Type": "text/event-stream; charset=utf-8",
      "X-Accel-Buffering": "no", // asks a proxy to hand on each event as it comes
    };
    // Nobody would read what a stream for this method sends.
    if (context.req.method === "HEAD") return context.body(null, 200, headers);
    const token = context.get("signIn");
    const stream = events.subscribe({
      lastEventId: context.req.header("last-event-id"),
      mayRead: () => token === undefined || signIns.isOpen(token),
      cut: () => void context.env.outgoing.destroy(),
    });
    if (stream !== undefined) return context.body(stream, 200, headers);
    context.header("Retry-After", "10");
    return context.json({ message: "Too many event streams are open" }, 503);
  });

  return routes;
}
