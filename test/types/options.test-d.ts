import { describe, expectTypeOf, it } from "vitest";
import type * as z from "zod/mini";
import type { optionsSchema } from "../../src/config/schema";
import { type Observation, Playhead, type PlayheadOptions } from "../../src/index";

type SchemaInput = z.input<typeof optionsSchema>;

describe("the documented options", () => {
  it("are exactly those that the schema takes", () => {
    expectTypeOf<keyof SchemaInput>().toEqualTypeOf<keyof PlayheadOptions>();
    expectTypeOf<PlayheadOptions>().toExtend<SchemaInput>();
    expectTypeOf<SchemaInput>().toExtend<PlayheadOptions>();
  });

  it("have the same type as in the schema, one by one", () => {
    // What `headers` holds is readonly for users; the schema does not say so. All else is equal.
    type Given = { [Name in keyof PlayheadOptions]: PlayheadOptions[Name] };
    expectTypeOf<Omit<SchemaInput, "headers">>().toEqualTypeOf<Omit<Given, "headers">>();
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
