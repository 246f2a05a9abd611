import * as z from "zod/mini";
import { OBSERVATION_LEVELS, OBSERVATION_TYPES } from "../../attributes/observation-types";
import { OBSERVATION_FILTER_COLUMNS } from "../store/filter-columns";
import { filterParameter } from "./filter-parameter";
import { describeIssue } from "./issues";
import {
  absentWhenEmpty,
  anyOf,
  commaList,
  cursor,
  pageParameters,
  text,
  time,
  trueOrFalse,
  wholeNumber,
} from "./parameters";
import { OBSERVATION_FIELD_GROUPS } from "./public-types";

/** Thrown for query parameters that are not as expected; answered with status 400. */
export class InvalidQueryError extends Error {
  override readonly name = "InvalidQueryError";
  readonly issues: readonly unknown[];

  constructor(issues: readonly unknown[], message = "Invalid request data") {
    super(message);
    this.issues = issues;
  }
}

/**
 * Checks the query parameters of a request. One that stands several times becomes a list; one that
 * the schema does not name is ignored, as Langfuse does.
 * @throws InvalidQueryError
 */
export function parseQuery<Schema extends z.ZodMiniType>(
  schema: Schema,
  parameters: Readonly<Record<string, string[]>>,
): z.output<Schema> {
  const query = Object.entries(parameters).map(([name, values]) => [
    name,
    values.length === 1 ? values[0] : values,
  ]);
  const result = schema.safeParse(Object.fromEntries(query), { error: describeIssue });
  if (!result.success) throw new InvalidQueryError(result.error.issues);
  return result.data;
}

export const sessionListQuery = z.object({
  ...pageParameters,
  fromTimestamp: time,
  toTimestamp: time,
  environment: anyOf,
});

export const observationType = absentWhenEmpty(
  z.pipe(
    z.pipe(
      z.string(),
      z.transform((value) => value.toLowerCase()),
    ),
    z.enum(OBSERVATION_TYPES),
  ),
);

export const observationListQuery = z.object({
  fields: z._default(absentWhenEmpty(commaList(z.enum(OBSERVATION_FIELD_GROUPS))), [
    "core",
    "basic",
  ]),
  expandMetadata: absentWhenEmpty(commaList(z.string())),
  limit: wholeNumber({ min: 1, max: 1_000, default: 50 }),
  cursor,
  // Input and output are always text.
  parseIoAsJson: absentWhenEmpty(z.literal("false")),
  filter: filterParameter(OBSERVATION_FILTER_COLUMNS),
  type: observationType,
  name: text,
  userId: text,
  sessionId: text,
  traceId: text,
  level: absentWhenEmpty(z.enum(OBSERVATION_LEVELS)),
  version: text,
  // Empty asks for those without a parent.
  parentObservationId: z.optional(z.string()),
  isRootObservation: trueOrFalse,
  environment: anyOf,
  fromStartTime: time,
  toStartTime: time,
});

/** Of the studio's own routes to one thing. */
export const idQuery = z.object({ id: z.string().check(z.minLength(1)) });

/** Of the studio's own lists. */
export const pageQuery = z.object({
  limit: wholeNumber({ min: 1, max: 1_000, default: 100 }),
  cursor,
});
