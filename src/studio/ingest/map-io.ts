import { OBSERVATION_KEYS } from "../../attributes/keys";
import { asText, parsedValue } from "./attribute-values";
import { FOREIGN_IO_KEYS, GEN_AI_IO_KEYS, NUMBERED_IO_PREFIXES } from "./foreign-keys";
import type { Attributes, AttributeValue } from "./otlp-types";

export interface InputOutput {
  readonly input: string | null;
  readonly output: string | null;
}

type Side = AttributeValue | undefined;
interface Captured {
  readonly input: Side;
  readonly output: Side;
}

/**
 * Where input and output may stand, in order of precedence. A source that has one of the two
 * decides both: they belong together.
 */
const SOURCES: readonly ((attributes: Attributes) => Captured)[] = [
  keys([OBSERVATION_KEYS.input], [OBSERVATION_KEYS.output]),
  genAiMessages,
  (attributes) => ({
    input: numbered(attributes, NUMBERED_IO_PREFIXES.input),
    output: numbered(attributes, NUMBERED_IO_PREFIXES.output),
  }),
  ...FOREIGN_IO_KEYS.map(({ input, output }) => keys(input, output)),
];

/** Input and output as text: strings stay as captured, structures become JSON. */
export function mapInputOutput(attributes: Attributes): InputOutput {
  for (const source of SOURCES) {
    const { input, output } = source(attributes);
    if (isGiven(input) || isGiven(output)) {
      return { input: textOf(input), output: textOf(output) };
    }
  }
  return { input: null, output: null };
}

function keys(inputKeys: readonly string[], outputKeys: readonly string[]) {
  const first = (attributes: Attributes, candidates: readonly string[]): Side => {
    const key = candidates.find((candidate) => isGiven(attributes.get(candidate)));
    return key === undefined ? undefined : attributes.get(key);
  };
  return (attributes: Attributes): Captured => ({
    input: first(attributes, inputKeys),
    output: first(attributes, outputKeys),
  });
}

/** Spec: https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/ */
function genAiMessages(attributes: Attributes): Captured {
  const messages = attributes.get(GEN_AI_IO_KEYS.inputMessages);
  const system = attributes.get(GEN_AI_IO_KEYS.systemInstructions);
  const input =
    isGiven(messages) && isGiven(system) ? withSystemMessage(system, messages) : messages;
  return {
    input: input ?? attributes.get(GEN_AI_IO_KEYS.toolArguments),
    output:
      attributes.get(GEN_AI_IO_KEYS.outputMessages) ?? attributes.get(GEN_AI_IO_KEYS.toolResult),
  };
}

function withSystemMessage(system: AttributeValue, messages: AttributeValue): AttributeValue {
  const list = parsedValue(messages);
  if (!Array.isArray(list)) return messages;
  return JSON.stringify([{ role: "system", parts: parsedValue(system) }, ...list]);
}

/** Slots of a numbered list that are read, so that a hostile index does not make a huge array. */
const MAX_NUMBERED_SLOTS = 10_001;

/**
 * Rebuilds a list written as one attribute per leaf: `gen_ai.prompt.0.role`,
 * `gen_ai.prompt.0.content`. Undefined when there is none.
 */
function numbered(attributes: Attributes, prefix: string): Side {
  const slots = new Map<number, Map<string, AttributeValue>>();
  for (const [key, value] of attributes) {
    if (!key.startsWith(prefix)) continue;
    const rest = key.slice(prefix.length);
    const dot = rest.indexOf(".");
    const index = Number(dot < 0 ? rest : rest.slice(0, dot));
    if (!Number.isInteger(index) || index < 0 || index >= MAX_NUMBERED_SLOTS) continue;
    const slot = slots.get(index) ?? new Map<string, AttributeValue>();
    slots.set(index, slot.set(dot < 0 ? "content" : rest.slice(dot + 1), value));
  }
  if (slots.size === 0) return undefined;
  return [...slots].sort(([a], [b]) => a - b).map(([, slot]) => slot);
}

function isGiven(value: Side): value is NonNullable<AttributeValue> {
  return value !== undefined && value !== null;
}

function textOf(value: Side): string | null {
  return isGiven(value) ? asText(value) : null;
}
