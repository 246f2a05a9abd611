import * as z from "zod/mini";
import { describeIssue } from "../api/issues";

/** Of a file that is wrong all over, as many are told. */
export const MAX_ISSUES = 5;

/**
 * A list in which no more mistakes are looked for than are told: a million wrong items, a small file
 * once packed, would take gigabytes as a list of what is wrong with them.
 */
export function listOf<Item extends z.ZodMiniType>(
  item: Item,
  minLength = 0,
): z.ZodMiniType<z.output<Item>[]> {
  const items = z.transform((values: unknown[], context) => {
    const read: z.output<Item>[] = [];
    for (const [index, value] of values.entries()) {
      const result = z.safeParse(item, value, { error: describeIssue });
      if (result.success) {
        read.push(result.data);
        continue;
      }
      for (const { message, path } of result.error.issues.slice(0, MAX_ISSUES)) {
        const place = [index, ...path];
        context.issues.push({ code: "custom", message, path: place, input: value });
      }
      if (context.issues.length >= MAX_ISSUES) break;
    }
    return read;
  });
  return z.pipe(z.array(z.unknown()).check(z.minLength(minLength)), items);
}

export const numbers = z.custom<number[]>(
  (value) => Array.isArray(value) && value.every((one) => Number.isFinite(one)),
  { error: "Invalid input: expected numbers" },
);

export const texts = z.custom<string[]>(
  (value) => Array.isArray(value) && value.every((one) => typeof one === "string"),
  { error: "Invalid input: expected texts" },
);
