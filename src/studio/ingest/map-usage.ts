import { OBSERVATION_KEYS } from "../../attributes/keys";
import type { JsonValue } from "../api/types";
import { entriesOf, firstNumber, numberOf } from "./attribute-values";
import type { Attributes } from "./otlp-types";
import { isAgentSpan } from "./vocabularies/gen-ai";
import { mlflowUsage } from "./vocabularies/mlflow";
import { TOTAL_COST_KEYS, USAGE_KEYS } from "./vocabularies/precedence";
import type { SpanSource, TokenCounts } from "./vocabularies/source";
import { vercelAiUsage } from "./vocabularies/vercel-ai";

export type Amounts = Readonly<Record<string, number>>;

/**
 * Token counts by kind: whole numbers from 0 on, always with `total` when there is any. Details
 * (cached, reasoning, audio) are taken out of `input` and `output`, so that the kinds add up.
 */
export function mapUsage(source: SpanSource): Amounts {
  const { attributes } = source;
  const given = attributes.get(OBSERVATION_KEYS.usageDetails);
  if (given) return fromUsageDetails(entriesOf(given) ?? []);
  if (isAgentSpan(source)) return {};
  const counts = vercelAiUsage(source) ?? mlflowUsage(source) ?? fromConventions(attributes);
  return withTotal(withoutDetails(counts));
}

/** Costs in US dollars by kind, always with `total` when there is any. */
export function mapCost(attributes: Attributes): Amounts {
  const given = attributes.get(OBSERVATION_KEYS.costDetails);
  if (given) {
    return fromCostDetails(entriesOf(given) ?? []);
  }
  const total = firstNumber(attributes, TOTAL_COST_KEYS);
  return total !== undefined && total >= 0 ? { total } : {};
}

export function fromCostDetails(entries: readonly (readonly [string, JsonValue])[]): Amounts {
  const costs = entries.flatMap(([kind, value]) => {
    const amount = numberOf(value);
    return amount !== undefined && amount >= 0 ? [[kind, amount] as const] : [];
  });
  return withTotal(Object.fromEntries(costs));
}

/** Sums per direction: kinds whose name contains "input" or "output". */
export function countTokens(usage: Amounts): { input: number; output: number; total: number } {
  const kinds = Object.entries(usage);
  const sum = (part: string): number =>
    kinds.reduce((total, [kind, count]) => (kind.includes(part) ? total + count : total), 0);
  const input = sum("input");
  const output = sum("output");
  return { input, output, total: usage["total"] ?? input + output };
}

function withTotal(amounts: Amounts): Amounts {
  const kinds = Object.keys(amounts);
  if (kinds.length === 0 || amounts["total"] !== undefined) return amounts;
  return { ...amounts, total: kinds.reduce((sum, kind) => sum + (amounts[kind] ?? 0), 0) };
}

function fromConventions(attributes: Attributes): TokenCounts {
  const count = (keys: readonly string[]): number | undefined => firstNumber(attributes, keys);
  return {
    input: count(USAGE_KEYS.input),
    output: count(USAGE_KEYS.output),
    total: count(USAGE_KEYS.total),
    details: {
      input_cached_tokens: count(USAGE_KEYS.cacheRead),
      input_cache_creation: count(USAGE_KEYS.cacheCreation),
      input_audio_tokens: count(USAGE_KEYS.inputAudio),
      output_reasoning_tokens: count(USAGE_KEYS.reasoning),
      output_audio_tokens: count(USAGE_KEYS.outputAudio),
    },
  };
}

/** Takes the details out of their direction. */
function withoutDetails({ input, output, total, details }: TokenCounts): Amounts {
  const counts = Object.entries(details).map(([kind, count]) => [kind, wholeCount(count)] as const);
  const of = (direction: string): (number | undefined)[] =>
    counts.flatMap(([kind, count]) => (kind.startsWith(direction) ? [count] : []));
  return compact({
    input: less(wholeCount(input), ...of("input_")),
    output: less(wholeCount(output), ...of("output_")),
    total: wholeCount(total),
    ...Object.fromEntries(counts),
  });
}

/**
 * A record of counts as it came, or one of the two shapes of the OpenAI API
 * (`prompt_tokens`, `prompt_tokens_details.cached_tokens`, …), told by its token names. With any
 * other name beside them it is a record.
 */
export function fromUsageDetails(entries: readonly (readonly [string, JsonValue])[]): Amounts {
  const given = new Map(entries);
  for (const [input, output] of OPENAI_NAMES) {
    const known = [input, output, "total_tokens", `${input}_details`, `${output}_details`];
    if (given.has(input) && given.has(output) && entries.every(([name]) => known.includes(name))) {
      return withTotal(fromOpenAi(given, input, output));
    }
  }
  const counts = entries.map(([kind, value]) => [kind, wholeCount(value)] as const);
  return withTotal(compact(Object.fromEntries(counts)));
}

const OPENAI_NAMES = [
  ["prompt_tokens", "completion_tokens"],
  ["input_tokens", "output_tokens"],
] as const;

function fromOpenAi(given: ReadonlyMap<string, JsonValue>, input: string, output: string): Amounts {
  const detailsOf = (direction: string, name: string): [string, number][] => {
    const details = given.get(`${name}_details`);
    if (typeof details !== "object" || details === null || Array.isArray(details)) return [];
    return Object.entries(details).flatMap(([kind, value]) => {
      const count = wholeCount(value);
      return count === undefined ? [] : [[`${direction}_${kind}`, count]];
    });
  };
  const inputDetails = detailsOf("input", input);
  const outputDetails = detailsOf("output", output);
  return compact({
    input: less(wholeCount(given.get(input)), ...inputDetails.map(([, count]) => count)),
    output: less(wholeCount(given.get(output)), ...outputDetails.map(([, count]) => count)),
    total: wholeCount(given.get("total_tokens")),
    ...Object.fromEntries([...inputDetails, ...outputDetails]),
  });
}

function less(whole: number | undefined, ...parts: (number | undefined)[]): number | undefined {
  if (whole === undefined) return undefined;
  return Math.max(
    0,
    parts.reduce<number>((rest, part) => rest - (part ?? 0), whole),
  );
}

function wholeCount(value: unknown): number | undefined {
  const number = numberOf(value);
  return number !== undefined && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

function compact(amounts: Readonly<Record<string, number | undefined>>): Amounts {
  const known = Object.entries(amounts).filter(
    (entry): entry is [string, number] => entry[1] !== undefined,
  );
  return Object.fromEntries(known);
}
