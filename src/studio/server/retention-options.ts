import { PlayheadError } from "../../diagnostics/errors";

const UNIT_MS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

const UNIT_BYTES: Readonly<Record<string, number>> = { kb: 1e3, mb: 1e6, gb: 1e9 };

/** An empty file takes a good part of that, so that less would leave no room for anything. */
const MIN_SIZE_BYTES = 1e6;

/**
 * `30d` as milliseconds.
 * @param name - what the option is called where its user set it
 * @throws PlayheadError `INVALID_OPTIONS`
 */
export function parseKeep(text: string, name: string): number {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)([mhdw])$/.exec(text.trim()) ?? [];
  const ms = Number(amount) * (UNIT_MS[unit] ?? Number.NaN);
  if (Number.isFinite(ms) && ms > 0) return ms;
  throw new PlayheadError(
    "INVALID_OPTIONS",
    `Expected ${name} as a number of minutes, hours, days or weeks (90m, 12h, 30d, 4w), got ${JSON.stringify(text)}.`,
  );
}

/**
 * `2GB` as bytes; units are decimal.
 * @throws PlayheadError `INVALID_OPTIONS`
 */
export function parseMaxSize(text: string, name: string): number {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?) ?([kmg]b)$/.exec(text.trim().toLowerCase()) ?? [];
  const bytes = Number(amount) * (UNIT_BYTES[unit] ?? Number.NaN);
  if (Number.isFinite(bytes) && bytes >= MIN_SIZE_BYTES) return bytes;
  throw new PlayheadError(
    "INVALID_OPTIONS",
    `Expected ${name} as a number of kB, MB or GB (500MB, 2GB), 1MB at least, got ${JSON.stringify(text)}.`,
  );
}
