import * as z from "zod/mini";
import { OBSERVATION_LEVELS, OBSERVATION_TYPES } from "../../attributes/observation-types";
import { decodeCursor } from "../store/cursor";
import { parseIsoMicros } from "../store/time-text";
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
  const result = schema.safeParse(Object.fromEntries(query));
  if (!result.success) throw new InvalidQueryError(result.error.issues);
  return result.data;
}

/** An empty parameter counts as not given. */
const absentWhenEmpty = <Schema extends z.ZodMiniType>(schema: Schema) =>
  z.pipe(
    z.transform((value: unknown) => (value === "" ? undefined : value)),
    z.optional(schema),
  );

const text = absentWhenEmpty(z.string());

const wholeNumber = (range: { min: number; max: number; default: number }) =>
  z._default(
    absentWhenEmpty(z.coerce.number().check(z.int(), z.minimum(range.min), z.maximum(range.max))),
    range.default,
  );

const time = absentWhenEmpty(
  z.pipe(
    z.iso.datetime({ offset: true }),
    z.transform((value) => parseIsoMicros(value)),
  ),
);

const list = absentWhenEmpty(
  z.union([
    z.array(z.string()),
    z.pipe(
      z.string(),
      z.transform((value) => [value]),
    ),
  ]),
);

const cursor = absentWhenEmpty(
  z.string().check(
    z.refine((value) => {
      try {
        decodeCursor(value);
        return true;
      } catch {
        return false; // decodeCursor throws for a cursor that is none of ours, and for nothing else
      }
    }, "Expected the cursor of the page before"),
  ),
);

const unsupported = (what: string) =>
  absentWhenEmpty(z.undefined({ error: `The studio does not support ${what}` }));

export const sessionListQuery = z.object({
  page: wholeNumber({ min: 1, max: 1_000_000, default: 1 }),
  limit: wholeNumber({ min: 1, max: 100, default: 50 }),
  fromTimestamp: time,
  toTimestamp: time,
  environment: list,
});

const fieldGroups = z.pipe(
  z.pipe(
    z.string(),
    z.transform((value) => value.split(",").map((group) => group.trim())),
  ),
  z.array(z.enum(OBSERVATION_FIELD_GROUPS)),
);

export const observationListQuery = z.object({
  fields: z._default(absentWhenEmpty(fieldGroups), ["core", "basic"]),
  limit: wholeNumber({ min: 1, max: 1_000, default: 50 }),
  cursor,
  // Input and output are always text.
  parseIoAsJson: absentWhenEmpty(z.literal("false")),
  filter: unsupported("the parameter filter; use the single filters"),
  type: absentWhenEmpty(
    z.pipe(
      z.pipe(
        z.string(),
        z.transform((value) => value.toLowerCase()),
      ),
      z.enum(OBSERVATION_TYPES),
    ),
  ),
  name: text,
  userId: text,
  sessionId: text,
  traceId: text,
  level: absentWhenEmpty(z.enum(OBSERVATION_LEVELS)),
  version: text,
  // Empty asks for those without a parent.
  parentObservationId: z.optional(z.string()),
  isRootObservation: absentWhenEmpty(
    z.pipe(
      z.enum(["true", "false"]),
      z.transform((value) => value === "true"),
    ),
  ),
  environment: list,
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
