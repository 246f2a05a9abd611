import type { ModelView } from "../../api/model-types";
import { PRICE_KINDS } from "../../prices/price-usage";

/** What the kinds of usage are called here. */
const TITLES: Readonly<Record<(typeof PRICE_KINDS)[number], string>> = {
  input: "Input",
  output: "Output",
  total: "Total",
  input_cached_tokens: "Cached input",
  input_cache_creation: "Cache write",
  input_cache_creation_1h: "Cache write, 1 h",
  input_audio_tokens: "Audio input",
  output_audio_tokens: "Audio output",
  output_reasoning_tokens: "Reasoning",
};

export function kindTitle(kind: string): string {
  return Object.hasOwn(TITLES, kind) ? TITLES[kind as keyof typeof TITLES] : kind; // just looked up
}

/** The kinds that can be given a price, with those that a model already has one for. */
export function kindsOf(prices: ModelView["prices"]): readonly string[] {
  return [...new Set([...PRICE_KINDS, ...Object.keys(prices)])];
}

/** Prices of tokens and characters are told for a million of them. */
function unitsPerPrice(unit: ModelView["unit"]): number {
  return unit === "TOKENS" || unit === "CHARACTERS" ? 1_000_000 : 1;
}

const UNIT_NAMES: Readonly<Record<ModelView["unit"], string>> = {
  TOKENS: "1M tokens",
  CHARACTERS: "1M characters",
  MILLISECONDS: "millisecond",
  SECONDS: "second",
  IMAGES: "image",
  REQUESTS: "request",
};

export function unitName(unit: ModelView["unit"]): string {
  return UNIT_NAMES[unit];
}

/** `2.5`: dollars for {@link unitsPerPrice} units, as one types it. */
export function priceText(price: number, unit: ModelView["unit"]): string {
  return String(Number((price * unitsPerPrice(unit)).toPrecision(12)));
}

/** Undefined for what is no price. */
export function parsePrice(text: string, unit: ModelView["unit"]): number | undefined {
  const price = Number(text.trim().replace(",", "."));
  if (text.trim() === "" || !Number.isFinite(price) || price < 0) return undefined;
  return Number((price / unitsPerPrice(unit)).toPrecision(12));
}

/** `since 2025-06-10`, `2025-04-16 to 2025-06-10`; empty where it always holds. */
export function validityText({ startDate, endDate }: ModelView): string {
  const [from, to] = [startDate?.slice(0, 10), endDate?.slice(0, 10)];
  if (from !== undefined && to !== undefined) return `${from} to ${to}`;
  if (from !== undefined) return `since ${from}`;
  return to === undefined ? "" : `until ${to}`;
}

/** Models whose name or pattern holds all words of the search. */
export function foundModels(models: readonly ModelView[], search: string): readonly ModelView[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return models.filter(({ modelName, matchPattern }) => {
    const text = `${modelName} ${matchPattern}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
