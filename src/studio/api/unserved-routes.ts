import { Hono } from "hono";
import { notFound, numberedPage } from "./public-answers";
import { numberedPageQuery } from "./public-queries";
import { parseQuery } from "./query";

export type UnservedAnswer =
  /** A list of things of which the studio has none. */
  | "empty"
  /** One of these. */
  | { readonly missing: string }
  /** Routes that are gone from Langfuse 4 as well. */
  | "gone"
  | "not_implemented";

export interface UnservedRoute {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** Below `/api/public`. */
  readonly path: string;
  readonly answer: UnservedAnswer;
}

const unserved = (
  answer: UnservedAnswer,
  method: UnservedRoute["method"],
  ...paths: readonly string[]
): UnservedRoute[] => paths.map((path) => ({ method, path, answer }));

/**
 * Routes of Langfuse for what the studio is not: prompt management, data sets, metrics,
 * administration. Lists are empty, so that a client that looks first goes on, and a prompt
 * that is not there lets it take its fallback; whoever writes is told.
 * Spec: langfuse-contract, sections 0 and 5
 */
export const UNSERVED_ROUTES: readonly UnservedRoute[] = [
  ...unserved(
    "empty",
    "get",
    "/v2/prompts",
    "/v2/datasets",
    "/dataset-items",
    "/annotation-queues",
    "/llm-connections",
  ),
  ...unserved({ missing: "Prompt not found" }, "get", "/v2/prompts/:name"),
  ...unserved({ missing: "Dataset not found" }, "get", "/v2/datasets/:name"),
  ...unserved({ missing: "Dataset item not found" }, "get", "/dataset-items/:id"),
  ...unserved({ missing: "Annotation queue not found" }, "get", "/annotation-queues/:id"),
  ...unserved(
    "gone",
    "get",
    "/metrics",
    "/metrics/daily",
    "/dataset-run-items",
    "/datasets/:name/runs",
    "/datasets/:name/runs/:run",
  ),
  ...unserved("gone", "post", "/traces", "/generations", "/spans", "/events", "/dataset-run-items"),
  ...unserved("gone", "patch", "/generations", "/spans"),
  ...unserved("gone", "delete", "/datasets/:name/runs/:run"),
  ...unserved("not_implemented", "get", "/v2/metrics", "/experiments", "/experiment-items"),
  ...unserved(
    "not_implemented",
    "post",
    "/v2/prompts",
    "/v2/datasets",
    "/dataset-items",
    "/annotation-queues",
    "/projects",
  ),
  ...unserved("not_implemented", "put", "/llm-connections"),
  ...unserved("not_implemented", "patch", "/v2/prompts/:name/versions/:version"),
  ...unserved("not_implemented", "delete", "/v2/prompts/:name", "/dataset-items/:id"),
];

const GONE = {
  message:
    "This endpoint is not available on deployments running in Langfuse v4 events_only mode. " +
    "Learn more about Langfuse v4 at: https://langfuse.com/docs/v4",
};

/** Answers for {@link UNSERVED_ROUTES}. */
export function createUnservedRoutes(): Hono {
  const routes = new Hono();
  for (const { method, path, answer } of UNSERVED_ROUTES) {
    routes.on(method.toUpperCase(), path, (context) => {
      if (answer === "empty") {
        const query = parseQuery(numberedPageQuery, context.req.queries());
        const none = { rows: [], totalCount: 0 };
        return context.json(numberedPage(none, query, (row) => row));
      }
      if (answer === "gone") return context.json(GONE, 404);
      if (answer === "not_implemented") {
        const message = `The studio has no ${method.toUpperCase()} /api/public${path}; see /api/public/openapi.json for what it serves`;
        return context.json({ message, error: "NotImplementedError" }, 501);
      }
      return context.json(notFound(answer.missing), 404);
    });
  }
  return routes;
}
