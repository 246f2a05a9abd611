import * as z from "zod/mini";
import {
  type FilterColumns,
  type FilterCondition,
  filterProblem,
  ORDER_OPERATORS,
  TEXT_OPERATORS,
} from "../store/filter-conditions";
import { parseJson } from "../store/json-text";
import { parseIsoMicros } from "../store/time-text";
import { absentWhenEmpty } from "./parameters";

/** Conditions that one request may have; each is a part of one statement. */
const MAX_CONDITIONS = 50;
const MAX_OPTIONS = 500;

const column = z.string();
const key = z.string();
const options = z.array(z.string()).check(z.maxLength(MAX_OPTIONS));

const conditionSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("string"),
    column,
    operator: z.enum(TEXT_OPERATORS),
    value: z.string(),
  }),
  z.object({
    type: z.literal("number"),
    column,
    operator: z.enum(ORDER_OPERATORS),
    value: z.number(),
  }),
  z.object({
    type: z.literal("datetime"),
    column,
    operator: z.enum(ORDER_OPERATORS),
    value: z.pipe(
      z.iso.datetime({ offset: true }),
      // The format is checked before.
      z.transform((value) => parseIsoMicros(value) ?? 0),
    ),
  }),
  z.object({
    type: z.literal("stringOptions"),
    column,
    operator: z.enum(["any of", "none of"]),
    value: options,
  }),
  z.object({
    type: z.literal("arrayOptions"),
    column,
    operator: z.enum(["any of", "none of", "all of"]),
    value: options,
  }),
  z.object({
    type: z.literal("boolean"),
    column,
    operator: z.enum(["=", "<>"]),
    value: z.boolean(),
  }),
  z.object({
    type: z.literal("null"),
    column,
    operator: z.enum(["is null", "is not null"]),
  }),
  z.object({
    type: z.literal("stringObject"),
    column,
    key,
    operator: z.enum(TEXT_OPERATORS),
    value: z.string(),
  }),
  z.object({
    type: z.literal("numberObject"),
    column,
    key,
    operator: z.enum(ORDER_OPERATORS),
    value: z.number(),
  }),
  z.object({
    type: z.literal("categoryOptions"),
    column,
    key,
    operator: z.enum(["any of", "none of"]),
    value: options,
  }),
]) satisfies z.ZodMiniType<FilterCondition>;

/**
 * The parameter `filter`: a JSON array of conditions that all have to hold. An empty one counts as
 * not given.
 * @param columns - what the conditions may name
 */
export const filterParameter = (columns: FilterColumns) => {
  const conditions = z.array(
    conditionSchema.check((context) => {
      const message = filterProblem(context.value, columns);
      if (message !== undefined) {
        context.issues.push({ code: "custom", path: ["column"], message, input: context.value });
      }
    }),
  );
  const parsed = z.pipe(
    z.pipe(
      z.string(),
      z.transform((value) => parseJson(value)),
    ),
    conditions.check(z.maxLength(MAX_CONDITIONS)),
  );
  return absentWhenEmpty(
    z.pipe(
      parsed,
      z.transform((given) => (given.length === 0 ? undefined : given)),
    ),
  );
};
