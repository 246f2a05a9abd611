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
  /** What a cloud's regional endpoints cost more, as a factor of `prices`. @default the same */
  readonly regionalFactor?: number;
  readonly prices: Readonly<Record<string, number>>;
}

/** One model: an entry whose regional endpoints have prices of their own makes two. */
interface Offer extends FileEntry {
  /** Those of a cloud that it holds for; `regional` for nothing else, `global` for all names that tell no region. */
  readonly endpoints: keyof typeof LOCATIONS;
}

function offersOf(entry: FileEntry): readonly Offer[] {
  const { name, prices, regionalFactor: factor } = entry;
  if (factor === undefined) return [{ ...entry, endpoints: "all" }];
  const regional = Object.entries(prices).map(([kind, price]) => [kind, price * factor] as const);
  return [
    { ...entry, endpoints: "global" },
    {
      ...entry,
      name: `${entry.from}.${name}`,
      endpoints: "regional",
      prices: Object.fromEntries(regional),
    },
  ];
}

/** As LiteLLM and Amazon write it before a model of Bedrock. */
const BEDROCK = "(bedrock/(converse/)?([a-z]+(-[a-z]+)+-\\d/)?|arn:aws[^/]*/)?";
const REGIONS = "((us|us-gov|eu|apac|jp|au|ca)\\.)?anthropic\\.";
const GLOBAL = "global\\.anthropic\\.";
/** Of Google's cloud, before the name of who made the model; a location of several regions is `us` or `eu`. */
const LOCATIONS = {
  all: "(projects/[^/]+/locations/[^/]+/)?",
  global: "(projects/[^/]+/locations/global/)?",
  regional: "projects/[^/]+/locations/([a-z]+-[^/]+|us|eu)/",
} as const;

/** What stands before a name: nothing, or what gateways and clouds put there. */
function prefixOf({ from, endpoints }: Offer): string {
  switch (from) {
    case "openai":
      return "(openai/)?";
    case "google":
      return `(google/|gemini/|vertex_ai/|${LOCATIONS[endpoints]}publishers/google/models/|models/)?`;
    case "anthropic": {
      const vertex = `${LOCATIONS[endpoints]}publishers/anthropic/models/`;
      if (endpoints === "regional") return `(${vertex}|${BEDROCK}${REGIONS})`;
      const bedrock = endpoints === "global" ? GLOBAL : `(${GLOBAL}|${REGIONS})`;
      return `(anthropic/|vertex_ai/|${vertex}|${BEDROCK}${bedrock})?`;
    }
  }
}

/**
 * What may stand behind a name: the version of a model of Bedrock, as in `-v1:0`. What has the length
 * of its window there, too, as in `-v1:0:200k`, is paid by the hour.
 */
function suffixOf({ from }: FileEntry): string {
  return from === "anthropic" ? "(-v\\d(:\\d+)?)?" : "";
}

/** The models that come with the studio, from the file beside this one. They are never stored. */
export const DEFAULT_MODELS: readonly ModelRecord[] =
  // The file is part of the program; the compiler reads it with every key of any entry.
  (file.models as unknown as readonly FileEntry[]).flatMap(offersOf).map((entry) => ({
    id: ["default", entry.name, ...(entry.since === undefined ? [] : [entry.since])].join("-"),
    name: entry.name,
    // As providers, gateways and clouds write it: `gpt-4o`, `openai/gpt-4o`, `openrouter/openai/gpt-4o`.
    matchPattern: `(?i)^(openrouter/)?${prefixOf(entry)}(${entry.match})${suffixOf(entry)}$`,
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
