import * as z from "zod/mini";
import { MAX_ID_LENGTH } from "../otlp-types";

/** Bodies of the legacy batch's events, by type. Unknown fields are dropped. Spec: langfuse-contract, section 2 */

export const idSchema = z
  .string()
  .check(z.minLength(1), z.maxLength(MAX_ID_LENGTH), z.regex(/^[^\r\0]*$/));
const text = z.nullish(z.string());
const time = z.nullish(z.iso.datetime({ offset: true }));
/** Anything: what comes in is JSON already. */
const content = z.optional(z.unknown());
const count = z.nullish(z.int());
const amount = z.nullish(z.number());

const traceBody = z.object({
  id: z.nullish(idSchema),
  timestamp: time,
  name: z.nullish(z.string().check(z.maxLength(1_000))),
  externalId: text,
  input: content,
  output: content,
  sessionId: text,
  userId: text,
  environment: text,
  metadata: content,
  release: text,
  version: text,
  public: z.nullish(z.boolean()),
  tags: z.nullish(z.array(z.string())),
});

const eventFields = {
  id: idSchema,
  traceId: z.nullish(idSchema),
  environment: text,
  name: text,
  startTime: time,
  metadata: content,
  input: content,
  output: content,
  level: z.nullish(z.enum(["DEBUG", "DEFAULT", "WARNING", "ERROR"])),
  statusMessage: text,
  parentObservationId: z.nullish(idSchema),
  version: text,
};

const spanFields = { ...eventFields, endTime: time };

const parameter = z.nullable(
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.array(z.string()),
    z.record(z.string(), z.string()),
  ]),
);

const usage = z.union([
  z.object({
    promptTokens: z.int(),
    completionTokens: count,
    totalTokens: count,
  }),
  z.object({ promptTokens: count, completionTokens: z.int(), totalTokens: count }),
  z.object({ promptTokens: count, completionTokens: count, totalTokens: z.int() }),
  z.object({
    input: count,
    output: count,
    total: count,
    unit: text,
    inputCost: amount,
    outputCost: amount,
    totalCost: amount,
  }),
]);

const generationFields = {
  ...spanFields,
  completionStartTime: time,
  model: text,
  modelParameters: z.nullish(z.record(z.string(), parameter)),
  usage: z.nullish(usage),
  usageDetails: z.nullish(z.record(z.string(), z.unknown())),
  costDetails: z.nullish(z.record(z.string(), z.unknown())),
  promptName: text,
  promptVersion: count,
};

const bothOrNeither = z.refine<{ promptName?: unknown; promptVersion?: unknown }>(
  ({ promptName, promptVersion }) => (promptName == null) === (promptVersion == null),
  "Expected promptName and promptVersion, or neither",
);

const eventBody = z.object(eventFields);
const spanBody = z.object(spanFields);
const generationBody = z.object(generationFields).check(bothOrNeither);
const anyBody = z
  .object({
    ...generationFields,
    id: z.nullish(idSchema),
    type: z.enum(["GENERATION", "SPAN", "EVENT"]),
  })
  .check(bothOrNeither);

/** Of the events that become rows. */
export const EVENT_BODIES: ReadonlyMap<string, z.ZodMiniType> = new Map<string, z.ZodMiniType>([
  ["trace-create", traceBody],
  ["event-create", eventBody],
  ["span-create", spanBody],
  ["span-update", spanBody],
  ["generation-create", generationBody],
  ["generation-update", generationBody],
  ["observation-create", anyBody],
  ["observation-update", anyBody],
  ...["agent", "tool", "chain", "retriever", "evaluator", "embedding", "guardrail"].map(
    (type) => [`${type}-create`, generationBody] as const,
  ),
]);
