import { asText } from "./attribute-values";
import type { AttributeValue } from "./otlp-types";
import { INPUT_OUTPUT_RULES } from "./vocabularies/precedence";
import type { SpanSource } from "./vocabularies/source";

export interface InputOutput {
  readonly input: string | null;
  readonly output: string | null;
}

/** Input and output as text: strings stay as captured, structures become JSON. */
export function mapInputOutput(source: SpanSource): InputOutput {
  for (const rule of INPUT_OUTPUT_RULES) {
    const captured = rule(source);
    if (captured !== undefined) {
      return { input: textOf(captured.input), output: textOf(captured.output) };
    }
  }
  return { input: null, output: null };
}

function textOf(value: AttributeValue | undefined): string | null {
  return value === undefined || value === null ? null : asText(value);
}
