import { firstTruthy } from "../attribute-values";
import type { Attributes, AttributeValue, OtlpEvent } from "../otlp-types";

/** A span with what surrounds it, as far as the rules of the vocabularies look at it. */
export interface SpanSource {
  readonly attributes: Attributes;
  readonly events: readonly OtlpEvent[];
  readonly scope: { readonly name: string; readonly version: string };
  readonly resource: Attributes;
}

/** What a vocabulary has captured; a side that is not there is undefined. */
export interface Captured {
  readonly input: AttributeValue | undefined;
  readonly output: AttributeValue | undefined;
}

/** Undefined where the vocabulary says neither. */
export type InputOutputRule = (source: SpanSource) => Captured | undefined;

/** Token counts as a library reports them: the details are still contained in their direction. */
export interface TokenCounts {
  readonly input: number | undefined;
  readonly output: number | undefined;
  readonly total: number | undefined;
  /** By the name under which they are kept: `input_…` is part of `input`, `output_…` of `output`. */
  readonly details: Readonly<Record<string, number | undefined>>;
}

/** On each side the first of the keys that holds something. */
export function capturedPair(
  attributes: Attributes,
  inputKeys: readonly string[],
  outputKeys: readonly string[],
): Captured | undefined {
  return captured(firstTruthy(attributes, inputKeys), firstTruthy(attributes, outputKeys));
}

export function captured(
  input: AttributeValue | undefined,
  output: AttributeValue | undefined,
): Captured | undefined {
  return input === undefined && output === undefined ? undefined : { input, output };
}
