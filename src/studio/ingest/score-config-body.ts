import * as z from "zod/mini";
import {
  SCORE_CONFIG_DATA_TYPES,
  type ScoreCategory,
  type ScoreConfigDataType,
} from "../store/score-config-store";

const name = z.string().check(
  z.minLength(1),
  z.maxLength(35),
  z.regex(/^[\p{L}\p{N}_ .()-]+$/u, {
    error: "Expected letters, digits, underscores, spaces, dots, parentheses and hyphens only",
  }),
);

const shared = {
  minValue: z.nullish(z.number()),
  maxValue: z.nullish(z.number()),
  categories: z.nullish(
    z
      .array(z.object({ label: z.string().check(z.minLength(1)), value: z.number() }))
      .check(z.minLength(1), z.maxLength(1_000)),
  ),
  description: z.nullish(z.string()),
};

/** Body of `POST /api/public/score-configs`. */
export const newScoreConfigSchema = z
  .object({ ...shared, name, dataType: z.enum(SCORE_CONFIG_DATA_TYPES) })
  .check((context) => {
    for (const [path, message] of scoreConfigProblems(context.value)) {
      context.issues.push({ code: "custom", path: [path], message, input: context.value });
    }
  });

/** Body of `PATCH /api/public/score-configs/{id}`: what is absent stays. */
export const scoreConfigChangeSchema = z.object({
  ...shared,
  name: z.optional(name),
  isArchived: z.optional(z.boolean()),
});

/** The categories that a BOOLEAN config always has. */
export const BOOLEAN_CATEGORIES: readonly ScoreCategory[] = [
  { label: "True", value: 1 },
  { label: "False", value: 0 },
];

interface ScoreConfigRules {
  readonly dataType: ScoreConfigDataType;
  readonly minValue?: number | null | undefined;
  readonly maxValue?: number | null | undefined;
  readonly categories?: readonly ScoreCategory[] | null | undefined;
}

/** Rules across fields, as `[field, message]`. */
export function* scoreConfigProblems(config: ScoreConfigRules): Generator<[string, string]> {
  const { dataType, minValue, maxValue, categories } = config;
  if (dataType !== "NUMERIC") {
    if (minValue != null) yield ["minValue", "Expected minValue for NUMERIC configs only"];
    if (maxValue != null) yield ["maxValue", "Expected maxValue for NUMERIC configs only"];
  } else if (minValue != null && maxValue != null && maxValue <= minValue) {
    yield ["maxValue", "Maximum value must be greater than Minimum value"];
  }
  if (dataType === "CATEGORICAL") {
    if (categories == null) yield ["categories", "Expected categories for a CATEGORICAL config"];
    for (const field of ["label", "value"] as const) {
      const all = (categories ?? []).map((category) => category[field]);
      if (new Set(all).size < all.length) {
        yield ["categories", `Expected categories that each have another ${field}`];
      }
    }
  } else if (categories != null) {
    yield ["categories", "Expected categories for CATEGORICAL configs only"];
  }
}
