import { randomUUID } from "node:crypto";
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { PROJECT_ID } from "../api/project";
import { notFound, numberedPage, offsetOf } from "../api/public-answers";
import { numberedPageQuery } from "../api/public-queries";
import type { PublicScoreConfig } from "../api/public-score-types";
import type { PublicPage } from "../api/public-types";
import { parseQuery } from "../api/query";
import {
  BOOLEAN_CATEGORIES,
  newScoreConfigSchema,
  scoreConfigChangeSchema,
  scoreConfigProblems,
} from "../ingest/score-config-body";
import type { ScoreConfigRecord } from "../store/score-config-store";
import type { Store } from "../store/store";
import { isoMillis } from "../store/time-text";
import type { Admitted } from "./back-pressure";
import { readJsonBody } from "./json-body";

export interface ScoreConfigRoutesOptions {
  readonly store: Store;
  readonly admitted: Admitted;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const NOT_FOUND = notFound("Score config not found within authorized project");

/** Descriptions of scores, below `/api/public/score-configs`. Spec: langfuse-contract, section 4 */
export function createScoreConfigRoutes({
  store: { scoreConfigs },
  admitted,
  now,
}: ScoreConfigRoutesOptions): Hono<{ Bindings: HttpBindings }> {
  const routes = new Hono<{ Bindings: HttpBindings }>();

  routes.post("/", (context) =>
    admitted(context, async (admission) => {
      const read = await readJsonBody(context, admission, newScoreConfigSchema);
      if ("refusal" in read) return read.refusal;
      const { name, dataType, minValue, maxValue, categories, description } = read.body;
      const createdUs = now() * 1_000;
      const config: ScoreConfigRecord = {
        id: randomUUID(),
        name,
        dataType,
        isArchived: false,
        minValue: minValue ?? null,
        maxValue: maxValue ?? null,
        categories: dataType === "BOOLEAN" ? BOOLEAN_CATEGORIES : (categories ?? null),
        description: description ?? null,
        createdUs,
        updatedUs: createdUs,
      };
      scoreConfigs.put(config);
      return context.json(publicScoreConfig(config));
    }),
  );

  routes.get("/", (context) => {
    const query = parseQuery(numberedPageQuery, context.req.queries());
    const page = scoreConfigs.list({ limit: query.limit, offset: offsetOf(query) });
    return context.json(
      numberedPage(page, query, publicScoreConfig) satisfies PublicPage<PublicScoreConfig>,
    );
  });

  routes.get("/:id", (context) => {
    const config = scoreConfigs.get(context.req.param("id"));
    return config === undefined
      ? context.json(NOT_FOUND, 404)
      : context.json(publicScoreConfig(config));
  });

  routes.patch("/:id", (context) =>
    admitted(context, async (admission) => {
      const read = await readJsonBody(context, admission, scoreConfigChangeSchema);
      if ("refusal" in read) return read.refusal;
      // Not before the body is there: from here on nobody else gets a turn.
      const stored = scoreConfigs.get(context.req.param("id"));
      if (stored === undefined) return context.json(NOT_FOUND, 404);
      const given = Object.entries(read.body).filter(([, value]) => value !== undefined);
      const changed: ScoreConfigRecord = {
        ...stored,
        ...Object.fromEntries(given),
        updatedUs: now() * 1_000,
      };
      const isBoolean = changed.dataType === "BOOLEAN" && read.body.categories == null;
      const rules = isBoolean ? { ...changed, categories: null } : changed;
      const [problem] = scoreConfigProblems(rules);
      if (problem !== undefined) {
        const [field, message] = problem;
        const error = [{ code: "custom", path: [field], message }];
        return context.json({ message: "Invalid request data", error }, 400);
      }
      const kept = isBoolean ? { ...changed, categories: stored.categories } : changed;
      scoreConfigs.put(kept);
      return context.json(publicScoreConfig(kept));
    }),
  );

  return routes;
}

function publicScoreConfig(config: ScoreConfigRecord): PublicScoreConfig {
  return {
    id: config.id,
    name: config.name,
    createdAt: isoMillis(config.createdUs),
    updatedAt: isoMillis(config.updatedUs),
    projectId: PROJECT_ID,
    dataType: config.dataType,
    isArchived: config.isArchived,
    minValue: config.minValue,
    maxValue: config.maxValue,
    categories: config.categories,
    description: config.description,
  };
}
