import { parseArgs } from "node:util";
import { UsageError } from "./command";

type Flags = Readonly<
  Record<string, { readonly type: "string" | "boolean"; readonly short?: string }>
>;

type Parsed<Given extends Flags> = ReturnType<
  typeof parseArgs<{ options: Given; allowPositionals: true }>
>;

/** @throws UsageError that names the flags there are */
export function parseFlags<Given extends Flags>(
  args: readonly string[],
  flags: Given,
): Pick<Parsed<Given>, "values" | "positionals"> {
  try {
    return parseArgs({ args: [...args], options: flags, allowPositionals: true });
  } catch (error) {
    // parseArgs throws only for arguments that do not fit; its first sentence says which.
    const [came] = (error instanceof Error ? error.message : String(error)).split(". ");
    const expected = Object.keys(flags).map((flag) => `--${flag}`);
    throw new UsageError(`Expected ${expected.join(", ")}, got something else: ${came}`, {
      cause: error,
    });
  }
}

/**
 * The one argument that is no flag.
 * @param what - completes "Expected"
 */
export function onePositional(positionals: readonly string[], what: string): string {
  const [first, ...others] = positionals;
  if (first !== undefined && first !== "" && others.length === 0) return first;
  const got = positionals.length === 0 ? "none" : positionals.map((one) => `"${one}"`).join(" ");
  throw new UsageError(`Expected ${what}, got ${got}`);
}

export function noPositionals(positionals: readonly string[]): void {
  if (positionals.length > 0) {
    throw new UsageError(`Expected options only, got "${positionals.join(" ")}"`);
  }
}

const UNIT_MS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

/**
 * `90m`, `24h`, `7d`, `2w` before now, or a date as ISO 8601 writes it.
 * @throws UsageError
 */
export function parseSince(text: string, nowMs: number): Date {
  const [, count, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  const unitMs = UNIT_MS[unit ?? ""];
  if (count !== undefined && unitMs !== undefined) return new Date(nowMs - Number(count) * unitMs);
  const at = new Date(text);
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(at.getTime())) return at;
  throw new UsageError(
    `Expected --since to be a length such as 24h, 7d or 2w, or a date such as 2026-11-22, got "${text}"`,
  );
}
