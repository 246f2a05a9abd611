import { OBSERVATION_LEVELS, OBSERVATION_TYPES } from "../../../attributes/observation-types";
import { MODEL_UNITS } from "../../prices/model-record";
import { COMMENT_OBJECT_TYPES } from "../../store/comment-store";
import { SCORE_DATA_TYPES } from "../../store/records";
import { SCORE_CONFIG_DATA_TYPES } from "../../store/score-config-store";
import {
  anything,
  boolean,
  integer,
  integerOrNull,
  json,
  list,
  nothing,
  number,
  numberOrNull,
  numbers,
  object,
  oneOfTexts,
  ref,
  type Schema,
  text,
  textOrNull,
  time,
  timeOrNull,
} from "./schema-parts";

const observationType = oneOfTexts(...OBSERVATION_TYPES.map((type) => type.toUpperCase()));
const level = oneOfTexts(...OBSERVATION_LEVELS);
const scoreType = oneOfTexts(...SCORE_DATA_TYPES);
const configType = oneOfTexts(...SCORE_CONFIG_DATA_TYPES);
const objectType = oneOfTexts(...COMMENT_OBJECT_TYPES);

const session = { id: text, createdAt: time, projectId: text, environment: text };

const trace = {
  id: text,
  externalId: nothing,
  timestamp: time,
  name: textOrNull,
  userId: textOrNull,
  metadata: json,
  release: textOrNull,
  version: textOrNull,
  projectId: text,
  environment: text,
  public: boolean,
  bookmarked: boolean,
  tags: list(text),
  input: anything,
  output: anything,
  sessionId: textOrNull,
  createdAt: time,
  updatedAt: time,
};

const traceWithFigures = { ...trace, htmlPath: text, latency: number, totalCost: number };

const observation = {
  id: text,
  traceId: text,
  projectId: text,
  type: observationType,
  name: text,
  startTime: time,
  endTime: time,
  completionStartTime: timeOrNull,
  parentObservationId: textOrNull,
  level,
  statusMessage: textOrNull,
  version: textOrNull,
  environment: text,
  input: anything,
  output: anything,
  metadata: json,
  model: textOrNull,
  modelId: textOrNull,
  modelParameters: json,
  usage: object({ unit: text, input: number, output: number, total: number }),
  usageDetails: numbers,
  costDetails: numbers,
  inputPrice: nothing,
  outputPrice: nothing,
  totalPrice: nothing,
  calculatedInputCost: numberOrNull,
  calculatedOutputCost: numberOrNull,
  calculatedTotalCost: numberOrNull,
  promptId: nothing,
  promptName: textOrNull,
  promptVersion: integerOrNull,
  latency: number,
  timeToFirstToken: numberOrNull,
  createdAt: time,
  updatedAt: time,
};

const observationV2 = object(
  {
    id: text,
    traceId: text,
    startTime: time,
    endTime: time,
    projectId: text,
    parentObservationId: textOrNull,
    type: observationType,
    modelId: textOrNull,
    inputPrice: nothing,
    outputPrice: nothing,
    totalPrice: nothing,
  },
  {
    name: text,
    level,
    statusMessage: textOrNull,
    version: textOrNull,
    environment: text,
    bookmarked: boolean,
    public: boolean,
    userId: textOrNull,
    sessionId: textOrNull,
    isRootObservation: boolean,
    completionStartTime: timeOrNull,
    createdAt: time,
    updatedAt: time,
    input: textOrNull,
    output: textOrNull,
    metadata: json,
    model: textOrNull,
    internalModelId: textOrNull,
    modelParameters: json,
    usageDetails: numbers,
    costDetails: numbers,
    totalCost: numberOrNull,
    usagePricingTierName: nothing,
    promptId: nothing,
    promptName: textOrNull,
    promptVersion: integerOrNull,
    latency: number,
    timeToFirstToken: numberOrNull,
    tags: list(text),
    release: textOrNull,
    traceName: textOrNull,
  },
);

const scoreV1 = {
  id: text,
  traceId: textOrNull,
  observationId: textOrNull,
  projectId: text,
  environment: text,
  name: text,
  dataType: scoreType,
  source: text,
  comment: textOrNull,
  metadata: json,
  authorUserId: nothing,
  configId: textOrNull,
  queueId: textOrNull,
  timestamp: time,
  createdAt: time,
  updatedAt: time,
};
const scoreV2 = { ...scoreV1, sessionId: textOrNull, datasetRunId: textOrNull };
const scoreValues = { value: number, stringValue: text };
const scoreTrace: Schema = {
  anyOf: [
    object({
      userId: textOrNull,
      tags: list(text),
      environment: textOrNull,
      sessionId: textOrNull,
    }),
    nothing,
  ],
};

const scoreV3 = object(
  {
    id: text,
    projectId: text,
    name: text,
    dataType: scoreType,
    value: { type: ["number", "boolean", "string"] },
    source: text,
    timestamp: time,
    environment: text,
    createdAt: time,
    updatedAt: time,
  },
  {
    comment: textOrNull,
    configId: textOrNull,
    metadata: json,
    subject: object(
      { kind: oneOfTexts("trace", "observation", "session", "experiment"), id: text },
      { traceId: text },
    ),
    authorUserId: nothing,
    queueId: textOrNull,
  },
);

const category = object({ label: text, value: number });
const categories = { anyOf: [list(category), nothing] };

const page = (name: string): Schema => object({ data: list(ref(name)), meta: ref("PageMeta") });

/** Answers, by the names that the operations give them. */
export const ANSWER_SCHEMAS: Readonly<Record<string, Schema>> = {
  Health: object({ status: text, version: text }),
  Id: object({ id: text }),
  Message: object({ message: text }),
  Error: object({ message: text }, { error: text }),
  OtlpError: object({ error: text }),
  /** `error` lists what is wrong, each with its path and a message; the OTLP routes say it as text. */
  InvalidRequest: object(
    { message: text },
    { error: { type: ["array", "string"], items: json }, errors: list(text) },
  ),
  PageMeta: object({ page: integer, limit: integer, totalItems: integer, totalPages: integer }),
  EmptyPage: object({
    data: { type: "array", maxItems: 0 },
    meta: ref("PageMeta"),
  }),
  ProjectList: object({
    data: list(
      object({
        id: text,
        name: text,
        organization: object({ id: text, name: text }),
        metadata: json,
      }),
    ),
  }),
  Session: object(session),
  SessionPage: page("Session"),
  SessionWithTraces: object({ ...session, traces: list(ref("Trace")) }),
  Trace: object(trace),
  TraceInList: object({ ...traceWithFigures, observations: list(text), scores: list(text) }),
  TracePage: page("TraceInList"),
  TraceWithDetails: object({
    ...traceWithFigures,
    observations: list(ref("Observation")),
    scores: list(ref("ScoreV1")),
  }),
  Observation: object(observation),
  ObservationPage: page("Observation"),
  ObservationV2: observationV2,
  ObservationListV2: object({
    data: list(ref("ObservationV2")),
    meta: object({}, { cursor: text }),
  }),
  ScoreV1: object(scoreV1, scoreValues),
  ScoreInListV1: object(scoreV1, { ...scoreValues, trace: scoreTrace }),
  ScorePageV1: page("ScoreInListV1"),
  ScoreV2: object(scoreV2, scoreValues),
  ScoreInListV2: object(scoreV2, { ...scoreValues, trace: scoreTrace }),
  ScorePageV2: page("ScoreInListV2"),
  ScoreV3: scoreV3,
  ScoreListV3: object({
    data: list(ref("ScoreV3")),
    meta: object({ limit: integer }, { cursor: text }),
  }),
  Comment: object({
    id: text,
    projectId: text,
    createdAt: time,
    updatedAt: time,
    objectType,
    objectId: text,
    content: text,
    authorUserId: textOrNull,
  }),
  CommentPage: page("Comment"),
  ScoreConfig: object({
    id: text,
    name: text,
    createdAt: time,
    updatedAt: time,
    projectId: text,
    dataType: configType,
    isArchived: boolean,
    minValue: numberOrNull,
    maxValue: numberOrNull,
    categories,
    description: textOrNull,
  }),
  ScoreConfigPage: page("ScoreConfig"),
  Model: object({
    id: text,
    modelName: text,
    matchPattern: text,
    startDate: timeOrNull,
    unit: oneOfTexts(...MODEL_UNITS),
    inputPrice: numberOrNull,
    outputPrice: numberOrNull,
    totalPrice: numberOrNull,
    tokenizerId: nothing,
    tokenizerConfig: nothing,
    isLangfuseManaged: boolean,
    createdAt: time,
    prices: { type: "object", additionalProperties: object({ price: number }) },
    pricingTiers: list(
      object({
        id: text,
        name: text,
        isDefault: boolean,
        priority: integer,
        conditions: list(anything),
        prices: numbers,
      }),
    ),
  }),
  ModelPage: page("Model"),
  MediaUpload: object({ mediaId: text, uploadUrl: textOrNull }),
  Media: object({
    mediaId: text,
    contentType: text,
    contentLength: integer,
    uploadedAt: time,
    url: text,
    urlExpiry: time,
  }),
  IngestionReply: object({
    successes: list(object({ id: text, status: integer })),
    errors: list(object({ id: text, status: integer }, { message: text, error: text })),
  }),
  OtlpReply: { type: "object", maxProperties: 0 },
  OpenApi: json,
};
