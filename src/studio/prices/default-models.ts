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
  /** Those of Amazon Bedrock's endpoints that it holds for: with `region` no other ones. @default all */
  readonly bedrock?: "global" | "region";
  readonly prices: Readonly<Record<string, number>>;
}

/** As LiteLLM and Amazon write it before a model of Bedrock. */
const BEDROCK = "(bedrock/(converse/)?|arn:aws[^/]*/)?";
const REGIONS = "((us|us-gov|eu|apac|jp|au|ca)\\.)?anthropic\\.";
const GLOBAL = "global\\.anthropic\\.";
/** Of Google's cloud, before the name of who made the model. */
const PUBLISHERS = "(projects/[^/]+/locations/[^/]+/)?publishers/";

/** What stands before a name: nothing, or what gateways and clouds put there. */
function prefixOf({ from, bedrock }: FileEntry): string {
  switch (from) {
    case "openai":
      return "(openai/)?";
    case "google":
      return `(google/|gemini/|vertex_ai/|${PUBLISHERS}google/models/|models/)?`;
    case "anthropic": {
      if (bedrock === "region") return BEDROCK + REGIONS;
      const endpoints = bedrock === "global" ? GLOBAL : `(${GLOBAL}|${REGIONS})`;
      return `(anthropic/|vertex_ai/|${PUBLISHERS}anthropic/models/|${BEDROCK}${endpoints})?`;
    }
  }
}

/** What may stand behind a name: the version of a model of Bedrock, as in `-v1:0` and `-v1:0:200k`. */
function suffixOf({ from }: FileEntry): string {
  return from === "anthropic" ? "(-v\\d(:\\d+k?)*)?" : "";
}

/** The models that come with the studio, from the file beside this one. They are never stored. */
export const DEFAULT_MODELS: readonly ModelRecord[] =
  // The file is part of the program; the compiler reads it with every key of any entry.
  (file.models as unknown as readonly FileEntry[]).map((entry) => ({
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
