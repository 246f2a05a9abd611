import { MODEL_UNITS } from "../../prices/model-record";
import { COMMENT_OBJECT_TYPES } from "../../store/comment-store";
import { SCORE_DATA_TYPES } from "../../store/records";
import { SCORE_CONFIG_DATA_TYPES } from "../../store/score-config-store";
import {
  anything,
  boolean,
  integer,
  json,
  list,
  nothing,
  number,
  numberOrNull,
  object,
  oneOfTexts,
  type Schema,
  text,
  textOrNull,
  time,
} from "./schema-parts";

const scoreType = oneOfTexts(...SCORE_DATA_TYPES);
const configType = oneOfTexts(...SCORE_CONFIG_DATA_TYPES);
const objectType = oneOfTexts(...COMMENT_OBJECT_TYPES);
const unit = oneOfTexts(...MODEL_UNITS);
const categories = { anyOf: [list(object({ label: text, value: number })), nothing] };

const scoreValue: Schema = { type: ["number", "string"] };

/** What requests carry. */
export const BODY_SCHEMAS: Readonly<Record<string, Schema>> = {
  NewScore: {
    ...object(
      { name: text, value: scoreValue },
      {
        id: text,
        traceId: textOrNull,
        observationId: textOrNull,
        sessionId: textOrNull,
        datasetRunId: textOrNull,
        dataType: scoreType,
        comment: textOrNull,
        metadata: json,
        source: oneOfTexts("API", "ANNOTATION"),
        environment: text,
        configId: textOrNull,
        queueId: textOrNull,
        timestamp: time,
      },
    ),
    additionalProperties: true,
    description: "For exactly one of traceId (with observationId or not), sessionId, datasetRunId.",
  },
  NewComment: object(
    {
      projectId: text,
      objectType,
      objectId: text,
      content: { type: "string", minLength: 1, maxLength: 5_000 },
    },
    { authorUserId: textOrNull, objectStartTime: textOrNull },
  ),
  NewScoreConfig: object(
    { name: { type: "string", minLength: 1, maxLength: 35 }, dataType: configType },
    { minValue: numberOrNull, maxValue: numberOrNull, categories, description: textOrNull },
  ),
  ScoreConfigChange: object(
    {},
    {
      name: { type: "string", minLength: 1, maxLength: 35 },
      isArchived: boolean,
      minValue: numberOrNull,
      maxValue: numberOrNull,
      categories,
      description: textOrNull,
    },
  ),
  NewModel: {
    ...object(
      { modelName: text, matchPattern: text, unit },
      {
        startDate: textOrNull,
        inputPrice: numberOrNull,
        outputPrice: numberOrNull,
        totalPrice: numberOrNull,
        pricingTiers: { type: ["array", "null"], items: json },
        tokenizerId: textOrNull,
        tokenizerConfig: anything,
      },
    ),
    description:
      "Prices are US dollars per unit: inputPrice and outputPrice, or totalPrice, or one tier without conditions.",
  },
  TraceIds: {
    type: "object",
    properties: { traceIds: { ...list(text), minItems: 1, maxItems: 1_000 } },
    required: ["traceIds"],
  },
  IngestionBatch: {
    type: "object",
    properties: { batch: list(json), metadata: json },
    required: ["batch"],
  },
  OtlpRequest: {
    type: "object",
    description:
      "An ExportTraceServiceRequest. Spec: https://opentelemetry.io/docs/specs/otlp/#otlphttp",
  },
  NewMedia: object(
    {
      contentType: text,
      contentLength: { type: "integer", minimum: 1 },
      sha256Hash: text,
      traceId: text,
      field: oneOfTexts("input", "output", "metadata"),
    },
    { observationId: textOrNull },
  ),
  MediaReport: object(
    { uploadedAt: time, uploadHttpStatus: integer },
    { uploadHttpError: textOrNull, uploadTimeMs: numberOrNull },
  ),
};
