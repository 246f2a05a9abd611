import { describe, expectTypeOf, it } from "vitest";
import type { InputOf } from "../../src/config/kinds";
import type { optionsKind } from "../../src/config/schema";
import { type Observation, Playhead, type PlayheadOptions } from "../../src/index";

/** What the interface promises not to change, and the schema does not speak of. */
type DeepReadonly<Value> = Value extends (...args: never[]) => unknown
  ? Value
  : Value extends readonly (infer Item)[]
    ? readonly DeepReadonly<Item>[]
    : Value extends object
      ? { readonly [Name in keyof Value]: DeepReadonly<Value[Name]> }
      : Value;

describe("the documented options", () => {
  it("are exactly those that the code takes, of the same types", () => {
    type SchemaInput = InputOf<typeof optionsKind>;
    expectTypeOf<DeepReadonly<SchemaInput>>().toEqualTypeOf<DeepReadonly<PlayheadOptions>>();
    expectTypeOf<SchemaInput>().toExtend<PlayheadOptions>();
  });

  it("are all optional, and may be undefined", () => {
    expectTypeOf<Record<never, never>>().toExtend<PlayheadOptions>();
    expectTypeOf<{ sampleRate: undefined }>().toExtend<PlayheadOptions>();
    expectTypeOf(Playhead).constructorParameters.toEqualTypeOf<[options?: PlayheadOptions]>();
  });

  it("refuse unknown names and wrong types", () => {
    // @ts-expect-error baseUrl
    new Playhead({ baseURL: "http://127.0.0.1:7717" });
    // @ts-expect-error a number
    new Playhead({ sampleRate: "0.5" });
    // @ts-expect-error one of five words
    new Playhead({ logLevel: "loud" });
  });

  it("show hooks what they need", () => {
    new Playhead({
      onError(event) {
        expectTypeOf(event.kind).toEqualTypeOf<"rejected" | "dropped" | "unreachable">();
      },
      shouldExport(candidate) {
        expectTypeOf(candidate.type).toEqualTypeOf<Observation["type"]>();
        return candidate.durationMs > 1;
      },
    });
  });
});
