import { parseIsoMicros } from "../store/time-text";
import file from "./default-models.json";
import type { ModelRecord } from "./model-record";

const TOKENS_PER_PRICE = 1_000_000;

interface FileEntry {
  readonly name: string;
  readonly match: string;
  readonly from: keyof typeof file.sources;
  readonly asOf: string;
  readonly since?: string;
  readonly until?: string;
  readonly prices: Readonly<Record<string, number>>;
}

/** The models that come with the studio, from the file beside this one. They are never stored. */
export const DEFAULT_MODELS: readonly ModelRecord[] =
  // The file is part of the program; the compiler reads it with every key of any entry.
  (file.models as unknown as readonly FileEntry[]).map((entry) => ({
    id: ["default", entry.name, ...(entry.since === undefined ? [] : [entry.since])].join("-"),
    name: entry.name,
    // As providers and gateways write it: `gpt-4o`, `openai/gpt-4o`.
    matchPattern: `(?i)^(${entry.from}/|models/)?(${entry.match})$`,
    startUs: usOf(entry.since),
    endUs: usOf(entry.until),
    unit: "TOKENS",
    prices: Object.fromEntries(
      Object.entries(entry.prices).map(([kind, price]) => [
        kind,
        Number((price / TOKENS_PER_PRICE).toPrecision(12)),
      ]),
    ),
    createdUs: 0,
    source: { url: file.sources[entry.from], asOf: entry.asOf },
  }));

function usOf(date: string | undefined): number | null {
  return date === undefined ? null : (parseIsoMicros(date) ?? null);
}
