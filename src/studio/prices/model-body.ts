import * as z from "zod/mini";
import { parseIsoMicros } from "../store/time-text";
import { compilePattern, PatternError } from "./linear-pattern";
import { MODEL_UNITS, type ModelRecord } from "./model-record";

const MAX_KINDS = 50;
/** A kind of usage, as the keys of `usageDetails` are named. */
const KIND = /^[A-Za-z][A-Za-z0-9_.:-]{0,99}$/;

const date = z.string().check(
  z.refine((value) => parseIsoMicros(value) !== undefined, {
    error: "Expected an ISO 8601 date or time, such as 2026-01-31 or 2026-01-31T00:00:00Z",
  }),
);
/** US dollars per unit. */
const price = z.number().check(z.nonnegative(), z.maximum(1_000_000));
const prices = z.record(
  z.string().check(
    z.regex(KIND, {
      error: "Expected the name of a kind of usage: a letter, then letters, digits and _ . : -",
    }),
  ),
  price,
);

const shared = {
  modelName: z.string().check(z.minLength(1), z.maxLength(200)),
  matchPattern: z.string().check(
    z.minLength(1),
    z.check<string>((context) => {
      try {
        compilePattern(context.value);
      } catch (error) {
        if (!(error instanceof PatternError)) throw error;
        const { message } = error;
        context.issues.push({ code: "custom", message, input: context.value });
      }
    }),
  ),
  startDate: z.nullish(date),
};

/** Body of `POST /api/studio/models` and `PUT /api/studio/models/{id}`. */
export const studioModelSchema = z
  .object({ ...shared, endDate: z.nullish(date), unit: z.enum(MODEL_UNITS), prices })
  .check((context) => {
    for (const [path, message] of problems(context.value)) {
      context.issues.push({ code: "custom", path: [path], message, input: context.value });
    }
  });

const tier = z.object({
  name: z.string(),
  isDefault: z.optional(z.boolean()),
  priority: z.number(),
  conditions: z.array(z.unknown()),
  prices,
});

/** Body of `POST /api/public/models`. */
export const publicModelSchema = z
  .object({
    ...shared,
    unit: z._default(z.nullable(z.enum(MODEL_UNITS)), "TOKENS"),
    inputPrice: z.nullish(price),
    outputPrice: z.nullish(price),
    totalPrice: z.nullish(price),
    pricingTiers: z.nullish(z.array(tier)),
    // Taken, as Langfuse does, and without effect: the studio counts no tokens.
    tokenizerId: z.nullish(z.string()),
    tokenizerConfig: z.optional(z.unknown()),
  })
  .check((context) => {
    const { pricingTiers } = context.value;
    const hasTiers = (pricingTiers ?? []).length > 0;
    const flat = flatPrices(context.value);
    if (hasTiers && Object.keys(flat).length > 0) {
      const message = "Expected either pricingTiers or inputPrice, outputPrice and totalPrice";
      context.issues.push(issue("pricingTiers", message, context.value));
    }
    if (hasTiers && (pricingTiers?.length !== 1 || pricingTiers[0]?.conditions.length !== 0)) {
      const message =
        "Expected one tier without conditions: the studio prices all requests of a model alike";
      context.issues.push(issue("pricingTiers", message, context.value));
    }
    const given = { ...context.value, endDate: null, prices: pricesOf(context.value) };
    for (const [path, message] of problems(given)) {
      context.issues.push(issue(path, message, context.value));
    }
  });

function issue(field: string, message: string, input: unknown) {
  return { code: "custom" as const, path: [field], message, input };
}

type Dates = {
  readonly startDate?: string | null | undefined;
  endDate?: string | null | undefined;
};

function* problems(
  body: Dates & { readonly prices: ModelRecord["prices"] },
): Generator<[string, string]> {
  const kinds = Object.keys(body.prices);
  if (kinds.length === 0) yield ["prices", "Expected at least one price"];
  if (kinds.length > MAX_KINDS) yield ["prices", `Expected up to ${MAX_KINDS} prices`];
  if (kinds.includes("total") && kinds.length > 1) {
    yield ["prices", "Expected a price for the total alone, or none for it"];
  }
  const [startUs, endUs] = [usOf(body.startDate), usOf(body.endDate)];
  if (startUs !== null && endUs !== null && endUs <= startUs) {
    yield ["endDate", "Expected an endDate after startDate"];
  }
}

interface PublicPrices {
  readonly inputPrice?: number | null | undefined;
  readonly outputPrice?: number | null | undefined;
  readonly totalPrice?: number | null | undefined;
  readonly pricingTiers?: readonly z.infer<typeof tier>[] | null | undefined;
}

function flatPrices({ inputPrice, outputPrice, totalPrice }: PublicPrices): ModelRecord["prices"] {
  return {
    ...(inputPrice != null && { input: inputPrice }),
    ...(outputPrice != null && { output: outputPrice }),
    ...(totalPrice != null && { total: totalPrice }),
  };
}

function pricesOf(body: PublicPrices): ModelRecord["prices"] {
  return body.pricingTiers?.[0]?.prices ?? flatPrices(body);
}

function usOf(value: string | null | undefined): number | null {
  return value == null ? null : (parseIsoMicros(value) ?? null);
}

type Named = Pick<ModelRecord, "id" | "createdUs">;

export function modelOfStudioBody(
  body: z.infer<typeof studioModelSchema>,
  named: Named,
): ModelRecord {
  return {
    ...named,
    name: body.modelName,
    matchPattern: body.matchPattern,
    startUs: usOf(body.startDate),
    endUs: usOf(body.endDate),
    unit: body.unit,
    prices: body.prices,
  };
}

export function modelOfPublicBody(
  body: z.infer<typeof publicModelSchema>,
  named: Named,
): ModelRecord {
  return modelOfStudioBody(
    { ...body, unit: body.unit ?? "TOKENS", prices: pricesOf(body), endDate: null },
    named,
  );
}
