import { OBSERVATION_LEVELS } from "../../../attributes/observation-types";
import { SCORE_DATA_TYPES } from "../../store/records";
import { SCORE_VALUE_OPERATORS } from "../../store/score-queries";
import { SCORE_FIELD_GROUPS } from "../public-score-types";
import { OBSERVATION_FIELD_GROUPS, TRACE_FIELD_GROUPS } from "../public-types";
import { BAD, MISSING, type Operation } from "./operation";
import { boolean, number, oneOfTexts, type Schema, text, time } from "./schema-parts";
import { WRITE_OPERATIONS } from "./write-operations";

const whole = (maximum: number, byDefault: number): Schema => ({
  type: "integer",
  minimum: 1,
  maximum,
  default: byDefault,
});
const several: Schema = { type: "array", items: text };
const numbered = { page: { type: "integer", minimum: 1, default: 1 }, limit: whole(100, 50) };
const timestamps = { fromTimestamp: time, toTimestamp: time };
const startTimes = { fromStartTime: time, toStartTime: time };
const filter: Schema = {
  type: "string",
  contentMediaType: "application/json",
  description: "A list of { type, column, operator, value, key? }; counts instead of the others.",
};
const fieldsOf = (groups: readonly string[]): Schema => ({
  type: "string",
  description: `Comma-separated, of: ${groups.join(", ")}`,
});
const commaSeparated: Schema = { type: "string", description: "Comma-separated" };

const observationFilters = {
  type: text,
  name: text,
  userId: text,
  level: oneOfTexts(...OBSERVATION_LEVELS),
  traceId: text,
  version: text,
  parentObservationId: text,
  environment: several,
  ...startTimes,
  filter,
};

const scoreFilters = {
  ...numbered,
  fields: fieldsOf(["score", "trace"]),
  userId: text,
  name: text,
  source: text,
  dataType: oneOfTexts(...SCORE_DATA_TYPES),
  environment: several,
  configId: text,
  queueId: text,
  traceId: text,
  sessionId: text,
  datasetRunId: text,
  observationId: commaSeparated,
  scoreIds: commaSeparated,
  traceTags: several,
  operator: oneOfTexts(...SCORE_VALUE_OPERATORS),
  value: number,
  ...timestamps,
  filter,
};

const READS: readonly Operation[] = [
  {
    method: "get",
    path: "/api/public/projects",
    tag: "Projects",
    summary: "The one project of the studio; tells whether the keys are right",
    answers: { 200: "ProjectList" },
  },
  {
    method: "get",
    path: "/api/public/sessions",
    tag: "Sessions",
    summary: "Sessions, newest first",
    query: { ...numbered, ...timestamps, environment: several },
    answers: { 200: "SessionPage", ...BAD },
  },
  {
    method: "get",
    path: "/api/public/sessions/{id}",
    tag: "Sessions",
    summary: "A session with all of its traces",
    answers: { 200: "SessionWithTraces", ...MISSING },
  },
  {
    method: "get",
    path: "/api/public/traces",
    tag: "Traces",
    summary: "Traces, newest first unless ordered otherwise",
    query: {
      ...numbered,
      fields: fieldsOf(TRACE_FIELD_GROUPS),
      userId: text,
      name: text,
      sessionId: text,
      version: text,
      release: text,
      tags: several,
      environment: several,
      ...timestamps,
      orderBy: { type: "string", examples: ["timestamp.asc"] },
      filter,
    },
    answers: { 200: "TracePage", ...BAD },
  },
  {
    method: "get",
    path: "/api/public/traces/{id}",
    tag: "Traces",
    summary: "A trace with its observations and scores",
    query: { fields: fieldsOf(TRACE_FIELD_GROUPS) },
    answers: { 200: "TraceWithDetails", ...BAD, ...MISSING },
  },
  {
    method: "get",
    path: "/api/public/observations",
    tag: "Observations",
    summary: "Observations by numbered pages, newest first",
    query: { ...numbered, ...observationFilters },
    answers: { 200: "ObservationPage", ...BAD },
  },
  {
    method: "get",
    path: "/api/public/observations/{id}",
    tag: "Observations",
    summary: "An observation",
    answers: { 200: "Observation", ...MISSING },
  },
  {
    method: "get",
    path: "/api/public/v2/observations",
    tag: "Observations",
    summary: "Observations by cursor, newest first, with the fields that are asked for",
    query: {
      fields: fieldsOf(OBSERVATION_FIELD_GROUPS),
      expandMetadata: commaSeparated,
      limit: whole(1_000, 50),
      cursor: text,
      parseIoAsJson: { type: "string", enum: ["false"] },
      ...observationFilters,
      sessionId: text,
      isRootObservation: boolean,
    },
    answers: { 200: "ObservationListV2", ...BAD },
  },
  {
    method: "get",
    path: "/api/public/scores",
    tag: "Scores",
    summary: "Scores of traces and observations, newest first",
    query: scoreFilters,
    answers: { 200: "ScorePageV1", ...BAD },
  },
  {
    method: "get",
    path: "/api/public/scores/{id}",
    tag: "Scores",
    summary: "A score of a trace or an observation",
    answers: { 200: "ScoreV1", ...MISSING },
  },
  {
    method: "get",
    path: "/api/public/v2/scores",
    tag: "Scores",
    summary: "All scores by numbered pages, newest first",
    query: scoreFilters,
    answers: { 200: "ScorePageV2", ...BAD },
  },
  {
    method: "get",
    path: "/api/public/v2/scores/{id}",
    tag: "Scores",
    summary: "A score",
    answers: { 200: "ScoreV2", ...MISSING },
  },
  {
    method: "get",
    path: "/api/public/v3/scores",
    tag: "Scores",
    summary: "All scores by cursor, newest first, with the fields that are asked for",
    query: {
      limit: whole(100, 50),
      cursor: text,
      fields: fieldsOf(SCORE_FIELD_GROUPS),
      id: commaSeparated,
      name: commaSeparated,
      source: commaSeparated,
      dataType: commaSeparated,
      environment: commaSeparated,
      configId: commaSeparated,
      queueId: commaSeparated,
      authorUserId: commaSeparated,
      value: commaSeparated,
      valueMin: number,
      valueMax: number,
      traceId: commaSeparated,
      sessionId: commaSeparated,
      observationId: commaSeparated,
      experimentId: commaSeparated,
      ...timestamps,
    },
    answers: { 200: "ScoreListV3", ...BAD },
  },
  {
    method: "get",
    path: "/api/public/comments",
    tag: "Comments",
    summary: "Comments, oldest first",
    query: { ...numbered, objectType: text, objectId: text, authorUserId: text, ...timestamps },
    answers: { 200: "CommentPage", ...BAD },
  },
  {
    method: "get",
    path: "/api/public/comments/{id}",
    tag: "Comments",
    summary: "A comment",
    answers: { 200: "Comment", ...MISSING },
  },
  {
    method: "get",
    path: "/api/public/score-configs",
    tag: "Score configs",
    summary: "What scores look like, newest first",
    query: numbered,
    answers: { 200: "ScoreConfigPage", ...BAD },
  },
  {
    method: "get",
    path: "/api/public/score-configs/{id}",
    tag: "Score configs",
    summary: "What the scores of one name look like",
    answers: { 200: "ScoreConfig", ...MISSING },
  },
  {
    method: "get",
    path: "/api/public/models",
    tag: "Models",
    summary: "Models with their prices: one's own, then those that come with the studio",
    query: numbered,
    answers: { 200: "ModelPage", ...BAD },
  },
  {
    method: "get",
    path: "/api/public/models/{id}",
    tag: "Models",
    summary: "A model with its prices",
    answers: { 200: "Model", ...MISSING },
  },
  {
    method: "get",
    path: "/api/public/media/{id}",
    tag: "Media",
    summary: "A file, with an address to download it from for an hour",
    answers: { 200: "Media", ...MISSING },
  },
  {
    method: "get",
    path: "/api/public/media/{id}/content",
    tag: "Media",
    summary: "The content of a file",
    query: { expires: text, signature: text },
    answers: { 200: null, ...MISSING },
  },
  {
    method: "get",
    path: "/api/public/health",
    tag: "Health",
    summary: "Whether the studio is up",
    answers: { 200: "Health" },
    isOpen: true,
  },
  {
    method: "get",
    path: "/api/public/ready",
    tag: "Health",
    summary: "The same",
    answers: { 200: "Health" },
  },
  {
    method: "get",
    path: "/api/public/openapi.json",
    tag: "Health",
    summary: "This description",
    answers: { 200: "OpenApi" },
  },
];

/** What is served below `/api/public`, but for what the studio is not (unserved-routes.ts). */
export const OPERATIONS: readonly Operation[] = [...READS, ...WRITE_OPERATIONS];
