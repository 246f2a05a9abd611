import * as z from "zod";
import { OBSERVATION_TYPES } from "../../../src/attributes/observation-types";

/*
 * What a legacy server takes, written from the contract alone (langfuse-contract, section 2), and
 * stricter where servers are silent: unknown keys, which they strip, and values that they drop.
 */
const id = z.string().check(z.minLength(1), z.maxLength(800), z.regex(/^[^\r]*$/));
const time = z.iso.datetime({ offset: true });
const text = z.optional(z.string().check(z.minLength(1)));
const content = z.optional(z.json().refine((value) => Boolean(value), "falsy content is dropped"));
const metadata = z.optional(z.record(z.string(), z.json()));
const count = z.int().check(z.gte(0));

const traceBody = z.strictObject({
  id,
  timestamp: time,
  name: z.optional(z.string().check(z.maxLength(1_000))),
  input: content,
  output: content,
  sessionId: text,
  userId: text,
  environment: text,
  release: text,
  version: text,
  public: z.optional(z.boolean()),
  tags: z.optional(z.array(z.string())),
  metadata,
});

const eventShape = {
  id,
  traceId: id,
  parentObservationId: z.optional(id),
  name: z.string(),
  startTime: time,
  environment: text,
  version: text,
  level: z.optional(z.enum(["DEBUG", "DEFAULT", "WARNING", "ERROR"])),
  statusMessage: text,
  input: content,
  output: content,
  metadata,
};
const spanShape = { ...eventShape, endTime: time };
const parameter = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.string()),
  z.record(z.string(), z.string()),
]);
const generationBody = z
  .strictObject({
    ...spanShape,
    completionStartTime: z.optional(time),
    model: text,
    modelParameters: z.optional(z.record(z.string(), parameter)),
    usage: z.optional(
      z.strictObject({
        input: z.optional(count),
        output: z.optional(count),
        total: z.optional(count),
        unit: z.literal("TOKENS"),
      }),
    ),
    usageDetails: z.optional(z.record(z.string(), count)),
    costDetails: z.optional(z.record(z.string(), z.number().check(z.gte(0)))),
    promptName: text,
    promptVersion: z.optional(z.int()),
  })
  .refine(
    ({ promptName, promptVersion }) => (promptName === undefined) === (promptVersion === undefined),
    "promptName and promptVersion: both or neither",
  );

const bodies: Readonly<Record<string, z.ZodType>> = {
  trace: traceBody,
  event: z.strictObject(eventShape),
  span: z.strictObject(spanShape),
};

const envelopes = ["trace", ...OBSERVATION_TYPES].map((type) =>
  z.strictObject({
    id,
    timestamp: time,
    type: z.literal(`${type}-create`),
    body: bodies[type] ?? generationBody,
  }),
);

/** Throws unless a server would take every event and store all of it. */
export function expectTaken(batch: unknown): void {
  z.strictObject({ batch: z.array(z.union(envelopes)) }).parse(batch);
}
