import { setImmediate as nextTurn } from "node:timers/promises";
import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import * as z from "zod/mini";
import { idQuery, parseQuery } from "../api/query";
import type { ChangeEvent } from "../api/types";
import type { Store } from "../store/store";
import type { Admitted } from "./back-pressure";
import { readJsonBody } from "./json-body";
import { MAX_DELETE_BODY_BYTES, MAX_PURGE_WAIT_MS, PAGES_PER_SHRINK } from "./limits";

export interface DeleteRoutesOptions {
  readonly store: Store;
  readonly admitted: Admitted;
  /** Called after each commit. */
  readonly onChange: (change: ChangeEvent) => void;
}

type Environment = { Bindings: HttpBindings };

const traceIdsSchema = z.object({
  traceIds: z.array(z.string()).check(z.minLength(1), z.maxLength(1_000)),
});

/**
 * Deletes for good, and answers when everything is gone, from the log of the file as well; only the
 * words in the index of the search may stay for a while where that is large. What comes of a trace
 * afterwards makes it anew. Spec: langfuse-contract, sections 4 and 5
 */
export function createDeleteRoutes({
  store,
  admitted,
  onChange,
}: DeleteRoutesOptions): Hono<Environment> {
  const routes = new Hono<Environment>();

  async function run(...deletions: readonly Iterable<ChangeEvent>[]): Promise<void> {
    for (const deletion of deletions) {
      for (const change of deletion) {
        onChange(change);
        await nextTurn(); // one transaction is through: other requests have waited
      }
    }
    await purgeSearch();
    store.retention.shrink(PAGES_PER_SHRINK);
    store.retention.emptyLog();
  }

  /** As long as an answer may wait for it; a large index goes on in the background. */
  async function purgeSearch(): Promise<void> {
    const deadline = performance.now() + MAX_PURGE_WAIT_MS;
    while (!store.search.isPurged() && performance.now() < deadline) {
      if (!store.search.step()) return; // it rests from the last time
      await nextTurn();
    }
  }

  const deleteSession = async (context: Context, id: string): Promise<Response> => {
    if (store.getSession(id) === undefined && store.scoresOfSession(id).length === 0) {
      return context.json({ message: "No session with this id" }, 404);
    }
    await run(store.deletion.session(id));
    return context.json({ message: "Session deleted successfully" });
  };
  routes.delete("/api/studio/sessions/:id", (context) =>
    deleteSession(context, context.req.param("id")),
  );
  // For ids that cannot stand in a path; see paths.ts.
  routes.delete("/api/studio/session", (context) =>
    deleteSession(context, parseQuery(idQuery, context.req.queries()).id),
  );

  const deleteTrace = async (context: Context, id: string): Promise<Response> => {
    if (store.getTrace(id) === undefined) {
      return context.json({ message: "No trace with this id" }, 404);
    }
    await run(store.deletion.trace(id));
    return context.json({ message: "Trace deleted successfully" });
  };
  routes.delete("/api/studio/traces/:id", (context) =>
    deleteTrace(context, context.req.param("id")),
  );
  routes.delete("/api/studio/trace", (context) =>
    deleteTrace(context, parseQuery(idQuery, context.req.queries()).id),
  );

  // As in Langfuse, these say nothing about whether there was anything to delete.
  routes.delete("/api/public/traces/:id", async (context) => {
    await run(store.deletion.trace(context.req.param("id")));
    return context.json({ message: "Trace deleted successfully" });
  });

  routes.delete("/api/public/traces", (context) =>
    admitted(context, async (admission) => {
      const read = await readJsonBody(context, admission, traceIdsSchema, MAX_DELETE_BODY_BYTES);
      if ("refusal" in read) return read.refusal;
      await run(...read.body.traceIds.map((id) => store.deletion.trace(id)));
      return context.json({ message: "Traces deleted successfully" });
    }),
  );

  routes.delete("/api/public/scores/:id", async (context) => {
    await run([store.deletion.score(context.req.param("id"))]);
    return context.json({ message: "Score deleted successfully" }, 202);
  });

  return routes;
}
