import { randomUUID } from "node:crypto";
import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import * as z from "zod/mini";
import type { ModelList, ModelView, PublicModel } from "../api/model-types";
import { modelView, publicModel } from "../api/model-views";
import { notFound, numberedPage, offsetOf } from "../api/public-answers";
import { numberedPageQuery } from "../api/public-queries";
import type { PublicPage } from "../api/public-types";
import { parseQuery } from "../api/query";
import {
  modelOfPublicBody,
  modelOfStudioBody,
  publicModelSchema,
  studioModelSchema,
} from "../prices/model-body";
import type { Store } from "../store/store";
import type { Admitted } from "./back-pressure";
import { readJsonBody } from "./json-body";

export interface ModelRoutesOptions {
  readonly store: Store;
  readonly admitted: Admitted;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

type Environment = { Bindings: HttpBindings };

const NOT_FOUND = notFound("No model with this id found.");
const BUILT_IN = {
  message:
    "This model comes with the studio and stays as it is: add one with the same pattern, which goes before it",
};

/** Models and their prices, below `/api/public/models`, as Langfuse has them. */
export function createModelRoutes({
  store: { models },
  admitted,
  now,
}: ModelRoutesOptions): Hono<Environment> {
  const routes = new Hono<Environment>();

  routes.get("/", (context) => {
    const query = parseQuery(numberedPageQuery, context.req.queries());
    const page = models.list({ limit: query.limit, offset: offsetOf(query) });
    return context.json(numberedPage(page, query, publicModel) satisfies PublicPage<PublicModel>);
  });

  routes.post("/", (context) =>
    admitted(context, async (admission) => {
      const read = await readJsonBody(context, admission, publicModelSchema);
      if ("refusal" in read) return read.refusal;
      const model = modelOfPublicBody(read.body, { id: randomUUID(), createdUs: now() * 1_000 });
      models.put(model);
      return context.json(publicModel(model));
    }),
  );

  routes.get("/:id", (context) => {
    const model = models.get(context.req.param("id"));
    return model === undefined ? context.json(NOT_FOUND, 404) : context.json(publicModel(model));
  });

  routes.delete("/:id", (context) =>
    models.remove(context.req.param("id"))
      ? context.json({ message: "Model successfully deleted." })
      : context.json(NOT_FOUND, 404),
  );

  return routes;
}

const applyQuery = z.object({ id: z.optional(z.string()) });

/** What the page needs of models, below `/api/studio/models`. */
export function createStudioModelRoutes({
  store,
  admitted,
  now,
}: ModelRoutesOptions): Hono<Environment> {
  const { models, priceUpdate } = store;
  const routes = new Hono<Environment>();
  const noModel = (context: Context): Response =>
    context.json({ message: "No model with this id" }, 404);

  routes.get("/", (context) =>
    context.json({
      data: models.all().map(modelView),
      update: priceUpdate.state() ?? null,
    } satisfies ModelList),
  );

  routes.post("/", (context) =>
    admitted(context, async (admission) => {
      const read = await readJsonBody(context, admission, studioModelSchema);
      if ("refusal" in read) return read.refusal;
      const model = modelOfStudioBody(read.body, { id: randomUUID(), createdUs: now() * 1_000 });
      models.put(model);
      return context.json(modelView(model) satisfies ModelView);
    }),
  );

  // Before the routes with an id: no model has this one.
  routes.post("/apply", (context) => {
    const { id } = parseQuery(applyQuery, context.req.queries());
    priceUpdate.start(id ?? null);
    return context.json(priceUpdate.state() ?? null, 202);
  });

  routes.put("/:id", (context) =>
    admitted(context, async (admission) => {
      const stored = models.get(context.req.param("id"));
      if (stored === undefined) return noModel(context);
      if (stored.source !== undefined) return context.json(BUILT_IN, 409);
      const read = await readJsonBody(context, admission, studioModelSchema);
      if ("refusal" in read) return read.refusal;
      const model = modelOfStudioBody(read.body, { id: stored.id, createdUs: stored.createdUs });
      models.put(model);
      return context.json(modelView(model) satisfies ModelView);
    }),
  );

  routes.delete("/:id", (context) => {
    const stored = models.get(context.req.param("id"));
    if (stored?.source !== undefined) return context.json(BUILT_IN, 409);
    return models.remove(context.req.param("id"))
      ? context.json({ message: "Model deleted" })
      : noModel(context);
  });

  return routes;
}
