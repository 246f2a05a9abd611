/** Kinds of query parameters, shared by the routes. An empty parameter counts as not given. */

import * as z from "zod/mini";
import { decodeCursor } from "../store/cursor";
import { parseIsoMicros } from "../store/time-text";

export const absentWhenEmpty = <Schema extends z.ZodMiniType>(schema: Schema) =>
  z.pipe(
    z.transform((value: unknown) => (value === "" ? undefined : value)),
    z.optional(schema),
  );

export const text = absentWhenEmpty(z.string());

export const wholeNumber = (range: { min: number; max: number; default: number }) =>
  z._default(
    absentWhenEmpty(z.coerce.number().check(z.int(), z.minimum(range.min), z.maximum(range.max))),
    range.default,
  );

/** Any finite number. */
export const decimal = absentWhenEmpty(z.coerce.number());

export const trueOrFalse = absentWhenEmpty(
  z.pipe(
    z.enum(["true", "false"]),
    z.transform((value) => value === "true"),
  ),
);

/** ISO 8601 with a zone, read as microseconds. */
export const time = absentWhenEmpty(
  z.pipe(
    z.iso.datetime({ offset: true }),
    z.transform((value) => parseIsoMicros(value)),
  ),
);

/** How often such a parameter may stand. */
const MAX_REPETITIONS = 100;

/** A parameter that may stand several times. */
export const anyOf = absentWhenEmpty(
  z.union([
    z.array(z.string()).check(z.maxLength(MAX_REPETITIONS)),
    z.pipe(
      z.string(),
      z.transform((value) => [value]),
    ),
  ]),
);

/** `a,b`: entries without the spaces around them; empty ones do not count. */
export const commaList = <Output, Input extends string>(entry: z.ZodMiniType<Output, Input>) =>
  z.pipe(
    z.pipe(
      z.string(),
      z.transform((value) =>
        value
          .split(",")
          .map((part) => part.trim())
          .filter((part) => part !== ""),
      ),
    ),
    z.array(entry),
  );

/** The same, whatever the case. */
export const upperCaseList = <Output, Input extends string>(entry: z.ZodMiniType<Output, Input>) =>
  z.pipe(
    z.pipe(
      z.string(),
      z.transform((value) => value.toUpperCase()),
    ),
    commaList(entry),
  );

export const cursor = absentWhenEmpty(
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

/** Of the lists with numbered pages. */
export const pageParameters = {
  page: wholeNumber({ min: 1, max: 1_000_000, default: 1 }),
  limit: wholeNumber({ min: 1, max: 100, default: 50 }),
};
