import { UNSERVED_ROUTES } from "../../../src/studio/api/unserved-routes";
import {
  type HostileIds,
  legacyBatchWith,
  mediaAnnouncementWith,
  otlpWith,
  scoreWith,
  sessionFileWith,
} from "./hostile-content";

/** How a route answers, whatever it is asked. */
export type AnswerKind =
  | "data"
  /** The page, which is the same for every address. */
  | "page"
  /** The same for a public address, whatever its token. */
  | "public-page"
  | "sign-in"
  | "asset"
  | "redirect"
  | "events";

export interface RouteRow {
  /** Method and path, as the application lists them: `GET /api/studio/traces/:id`. */
  readonly route: string;
  /** Parameters of the query that it reads. */
  readonly query: readonly string[];
  readonly answers: AnswerKind;
  /** What it takes, with the text in every field. @default an object with the text as key and value */
  readonly body?: (text: string, ids: HostileIds) => string;
  /** @default application/json */
  readonly contentType?: string;
}

const row = (route: string, query = "", more: Partial<RouteRow> = {}): RouteRow => ({
  route,
  query: query === "" ? [] : query.split(" "),
  answers: "data",
  ...more,
});

const TIMES = "fromTimestamp toTimestamp";
const SESSION_FILTER =
  "q from to user tag model environment score minTurns minCost minTokens minDurationMs hasErrors bookmarked";
const OBSERVATION_FILTER =
  "type name userId level traceId version parentObservationId environment fromStartTime toStartTime filter";
const SCORE_FILTER =
  `page limit fields userId name source dataType environment configId queueId traceId sessionId datasetRunId ` +
  `observationId scoreIds traceTags operator value ${TIMES} filter`;

const commentWith = (text: string): string =>
  JSON.stringify({ projectId: text, objectType: "TRACE", objectId: text, content: text });

const handoverWith = (text: string): string =>
  JSON.stringify({ sessionId: text, to: text, publicKey: text, secretKey: text });

const scoreConfigWith = (text: string): string =>
  JSON.stringify({
    name: text,
    description: text,
    dataType: "CATEGORICAL",
    categories: [{ label: text, value: 1 }],
  });

const studioModelWith = (text: string): string =>
  JSON.stringify({
    modelName: text,
    matchPattern: text,
    unit: "TOKENS",
    startDate: text,
    prices: { input: 1, [text]: 1 },
  });

const publicModelWith = (text: string): string =>
  JSON.stringify({ modelName: text, matchPattern: text, unit: "TOKENS", inputPrice: 1 });

const mediaReportWith = (text: string): string =>
  JSON.stringify({
    uploadedAt: "2025-11-22T10:20:00Z",
    uploadHttpStatus: 500,
    uploadHttpError: text,
  });

const publicationWith = (text: string, ids: HostileIds): string =>
  JSON.stringify({ sessionId: ids.sessionId, name: text, redact: [], expiresAt: null });

const signInWith = (text: string): string =>
  new URLSearchParams({ secretKey: text, publicKey: text, next: text, [text]: text }).toString();

const FORM = { contentType: "application/x-www-form-urlencoded" };

/** One row for each route of the studio. */
export const ROUTE_ROWS: readonly RouteRow[] = [
  row("POST /api/public/otel/v1/traces", "", { body: otlpWith }),
  row("POST /v1/traces", "", { body: otlpWith }),
  row("POST /api/public/otel/v1/metrics"),
  row("POST /api/public/ingestion", "", { body: legacyBatchWith }),

  row("POST /api/public/scores", "", { body: scoreWith }),
  row("GET /api/public/scores", SCORE_FILTER),
  row("GET /api/public/scores/:id"),
  row("GET /api/public/v2/scores", SCORE_FILTER),
  row("GET /api/public/v2/scores/:id"),
  row("GET /api/public/v3/scores", `${SCORE_FILTER} id cursor authorUserId valueMin experimentId`),
  row("DELETE /api/public/scores/:id"),
  row("POST /api/public/score-configs", "", { body: scoreConfigWith }),
  row("GET /api/public/score-configs", "page limit"),
  row("GET /api/public/score-configs/:id"),
  row("PATCH /api/public/score-configs/:id", "", { body: scoreConfigWith }),

  row("GET /api/public/sessions", `page limit environment ${TIMES}`),
  row("GET /api/public/sessions/:id"),
  row(
    "GET /api/public/traces",
    `page limit fields userId name sessionId version release tags environment orderBy ${TIMES} filter`,
  ),
  row("GET /api/public/traces/:id", "fields"),
  row("DELETE /api/public/traces", "", {
    body: (text, ids) => JSON.stringify({ traceIds: [ids.traceId, text] }),
  }),
  row("DELETE /api/public/traces/:id"),
  row("GET /api/public/observations", `page limit ${OBSERVATION_FILTER}`),
  row("GET /api/public/observations/:id"),
  row(
    "GET /api/public/v2/observations",
    `limit cursor fields sessionId isRootObservation expandMetadata ${OBSERVATION_FILTER}`,
  ),

  row("POST /api/public/comments", "", { body: commentWith }),
  row("GET /api/public/comments", `page limit objectType objectId authorUserId ${TIMES}`),
  row("GET /api/public/comments/:id"),
  row("POST /api/public/media", "", { body: mediaAnnouncementWith }),
  row("GET /api/public/media/:id"),
  row("PATCH /api/public/media/:id", "", { body: mediaReportWith }),
  row("PUT /api/public/media/:id/content", "expires signature"),
  row("GET /api/public/media/:id/content", "expires signature"),

  row("POST /api/public/models", "", { body: publicModelWith }),
  row("GET /api/public/models", "page limit"),
  row("GET /api/public/models/:id"),
  row("DELETE /api/public/models/:id"),
  row("GET /api/studio/models"),
  row("POST /api/studio/models", "", { body: studioModelWith }),
  row("POST /api/studio/models/apply", "id"),
  row("PUT /api/studio/models/:id", "", { body: studioModelWith }),
  row("DELETE /api/studio/models/:id"),

  row("GET /api/public/health", "failIfDatabaseUnavailable"),
  row("GET /api/public/ready", "failIfDatabaseUnavailable"),
  row("GET /api/public/projects"),
  row("GET /api/public/openapi.json"),

  row("GET /api/studio/sessions", `sort order limit cursor ${SESSION_FILTER}`),
  row("GET /api/studio/facets", SESSION_FILTER),
  row("GET /api/studio/sessions/:id"),
  row("GET /api/studio/session", "id"),
  row("GET /api/studio/session-outline", "id"),
  row("GET /api/studio/session-figures", "id"),
  row("GET /api/studio/turns", "id"),
  row("GET /api/studio/traces", "limit cursor"),
  row("GET /api/studio/traces/:id"),
  row("GET /api/studio/trace", "id"),
  row("GET /api/studio/trace-outline", "id"),
  row("GET /api/studio/observation", "traceId id"),
  row("GET /api/studio/session-export", "id format redact"),
  row("POST /api/studio/import", "", { body: sessionFileWith }),
  row("GET /api/studio/setup"),
  row("GET /api/studio/events", "", { answers: "events" }),
  row("POST /api/studio/handover", "", { body: handoverWith }),
  row("POST /api/studio/publications", "", { body: publicationWith }),
  row("GET /api/studio/publications", "sessionId page limit"),
  row("DELETE /api/studio/publications/:id", "name"),
  row("GET /api/published/:token/session-outline"),
  row("GET /api/published/:token/session-figures"),
  row("GET /api/published/:token/turns", "id"),
  row("GET /api/published/:token/trace-outline", "id"),
  row("GET /api/published/:token/observation", "traceId id"),
  row("GET /api/published/:token/media/:id/content"),
  row("PUT /api/studio/sessions/:id/bookmark"),
  row("PUT /api/studio/session/bookmark", "id"),
  row("DELETE /api/studio/sessions/:id/bookmark"),
  row("DELETE /api/studio/session/bookmark", "id"),
  row("DELETE /api/studio/sessions/:id"),
  row("DELETE /api/studio/session", "id"),
  row("DELETE /api/studio/traces/:id"),
  row("DELETE /api/studio/trace", "id"),

  ...["/", "/sessions", "/sessions/*", "/traces", "/traces/*", "/project/*"].map((path) =>
    row(`GET ${path}`, "q sort view observation t", { answers: "page" }),
  ),
  row("GET /score-configs", "", { answers: "page" }),
  row("GET /session", "id t observation", { answers: "page" }),
  row("GET /trace", "id view observation", { answers: "page" }),
  row("GET /models", "q", { answers: "page" }),
  row("GET /compare", "a b of", { answers: "page" }),
  row("GET /public/:token", "t observation", { answers: "public-page" }),
  row("GET /public/:token/trace", "id view observation", { answers: "public-page" }),
  row("GET /sign-in", "next asked", { answers: "sign-in" }),
  row("POST /sign-in", "next", { answers: "sign-in", body: signInWith, ...FORM }),
  row("POST /sign-out", "", FORM),
  row("GET /assets/app.js", "", { answers: "asset" }),
  row("GET /assets/app.css", "", { answers: "asset" }),
  row("GET /favicon.svg", "", { answers: "asset" }),
  row("GET /favicon.ico", "", { answers: "redirect" }),

  // One table of the studio makes all of these, and none reads more than a page's number.
  ...UNSERVED_ROUTES.map(({ method, path }) =>
    row(`${method.toUpperCase()} /api/public${path}`, method === "get" ? "page limit" : ""),
  ),
];
