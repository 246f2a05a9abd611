import type { ModelRecord } from "./model-record";

/** Prices that are asked for by name, in the page and in the docs. Any other kind may have a price, too. */
export const PRICE_KINDS = [
  "input",
  "output",
  "total",
  "input_cached_tokens",
  "input_cache_creation",
  "input_cache_creation_1h",
  "input_audio_tokens",
  "output_audio_tokens",
  "output_reasoning_tokens",
] as const;

/**
 * What others call these kinds: Langfuse, the OpenAI API, the Anthropic API, the Gemini API, the
 * Vercel AI SDK. The names of Gemini come in both of its spellings.
 */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  input:
    "input_tokens prompt_tokens inputTokens promptTokens prompt_token_count promptTokenCount".split(
      " ",
    ),
  output:
    "output_tokens completion_tokens outputTokens completionTokens candidates_token_count candidatesTokenCount".split(
      " ",
    ),
  total: "total_tokens totalTokens total_token_count totalTokenCount".split(" "),
  input_cached_tokens:
    "cache_read_input_tokens input_cache_read input_cache_read_tokens input_cached cached_input_tokens cachedInputTokens cached_tokens cached_content_token_count cachedContentTokenCount".split(
      " ",
    ),
  input_cache_creation:
    "cache_creation_input_tokens input_cache_creation_tokens input_cache_creation_5m input_cache_write ephemeral_5m_input_tokens cacheCreationInputTokens".split(
      " ",
    ),
  input_cache_creation_1h: ["ephemeral_1h_input_tokens"],
  input_audio_tokens: ["input_audio", "audio_input_tokens", "inputAudioTokens"],
  output_audio_tokens: ["output_audio", "audio_output_tokens", "outputAudioTokens"],
  output_reasoning_tokens:
    "output_reasoning reasoning_tokens reasoningTokens thoughts_token_count thoughtsTokenCount".split(
      " ",
    ),
};

const KIND_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(OTHER_NAMES).flatMap(([kind, names]) => [
    [kind, kind] as const,
    ...names.map((name) => [name, kind] as const),
  ]),
);

/** In Gemini's counts what was cached is counted with the prompt as well. */
const COUNTED_TWICE = [
  ["prompt_token_count", "cached_content_token_count"],
  ["promptTokenCount", "cachedContentTokenCount"],
] as const;

/**
 * Costs in US dollars by kind of usage, under the names that the usage has, with `total`. A kind
 * without a price of its own costs what its direction costs: reasoning is output, what was cached is
 * input. A price for the total stands alone. Empty when nothing of it has a price.
 * @param usage - units by kind; kinds do not overlap, but for {@link COUNTED_TWICE} and where the
 *   total says so: see {@link withoutInnerKinds}
 */
export function priceUsage(
  usage: Readonly<Record<string, number>>,
  prices: ModelRecord["prices"],
): Readonly<Record<string, number>> {
  const totalPrice = prices["total"];
  const costs: [string, number][] = [];
  for (const [name, count] of Object.entries(withoutDoubles(usage))) {
    const kind = KIND_OF.get(name) ?? name;
    if (kind === "total") {
      if (totalPrice !== undefined) return { total: rounded(count * totalPrice) };
      continue;
    }
    const price = ownPrice(prices, name) ?? ownPrice(prices, kind) ?? directionPrice(prices, kind);
    if (price !== undefined) costs.push([name, rounded(count * price)]);
  }
  if (costs.length === 0) return {};
  const total = rounded(costs.reduce((sum, [, cost]) => sum + cost, 0));
  return { ...Object.fromEntries(costs), total };
}

/** Prices come from requests: only what stands in them counts, not what every object has. */
function ownPrice(prices: ModelRecord["prices"], kind: string): number | undefined {
  return Object.hasOwn(prices, kind) ? prices[kind] : undefined;
}

function directionPrice(prices: ModelRecord["prices"], kind: string): number | undefined {
  if (kind.startsWith("input_cache_creation")) {
    return ownPrice(prices, "input_cache_creation") ?? ownPrice(prices, "input");
  }
  if (kind.startsWith("input")) return ownPrice(prices, "input");
  return kind.startsWith("output") ? ownPrice(prices, "output") : undefined;
}

function withoutDoubles(usage: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const net = withoutInnerKinds(usage);
  if (net !== undefined) return net;
  for (const [whole, part] of COUNTED_TWICE) {
    const [all, cached] = [usage[whole], usage[part]];
    if (all !== undefined && cached !== undefined) {
      return { ...usage, [whole]: Math.max(0, all - cached) };
    }
  }
  return usage;
}

/**
 * Where a total is input and output alone, what was cached, audio and reasoning are counted in
 * them as well, as OpenAI and the AI SDK count: input and output without these, at least 0.
 * Undefined where the total says otherwise, or there is none.
 */
function withoutInnerKinds(
  usage: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> | undefined {
  const entries = Object.entries(usage).map(([name, count]) => ({
    name,
    count,
    kind: KIND_OF.get(name) ?? name,
  }));
  const sumOf = (isMeant: (kind: string) => boolean): number =>
    entries.reduce((sum, { kind, count }) => (isMeant(kind) ? sum + count : sum), 0);
  const bothCount = sumOf((kind) => kind === "input" || kind === "output");
  const isAll = entries.some(({ kind, count }) => kind === "total" && count === bothCount);
  if (!isAll || !Number.isFinite(bothCount)) return undefined;
  return Object.fromEntries(
    entries.map(({ name, kind, count }) => {
      if (kind !== "input" && kind !== "output") return [name, count];
      const innerCount = sumOf((other) => other.startsWith(`${kind}_`));
      return [name, Math.max(0, count - innerCount)];
    }),
  );
}

/** To twelve digits: 0.0025, not 0.0024999999999999996. */
function rounded(cost: number): number {
  return Number(cost.toPrecision(12));
}
