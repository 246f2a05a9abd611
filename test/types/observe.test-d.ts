import { describe, expectTypeOf, it } from "vitest";
import { observe } from "../../src/index";

describe("observe(fn)", () => {
  it("keeps arguments and result, with their names and defaults", () => {
    const answer = (question: string, limit = 3, ...tags: string[]): number =>
      question.length + limit + tags.length;
    expectTypeOf(observe(answer)).toEqualTypeOf<
      (question: string, limit?: number, ...tags: string[]) => number
    >();
  });

  it("keeps the promise of an async function as it is", () => {
    const load = async (id: string): Promise<{ readonly id: string }> => ({ id });
    expectTypeOf(observe(load)).toEqualTypeOf<(id: string) => Promise<{ readonly id: string }>>();
  });

  it("keeps type parameters", () => {
    function first<Item>(items: readonly Item[]): Item | undefined {
      return items[0];
    }
    const observed = observe(first);
    expectTypeOf(observed).toEqualTypeOf<typeof first>();
    expectTypeOf(observed([1, 2])).toEqualTypeOf<number | undefined>();
    expectTypeOf(observed(["a"])).toEqualTypeOf<string | undefined>();
  });

  it("keeps overloads", () => {
    function parse(text: string): string;
    function parse(text: string, isNumber: true): number;
    function parse(text: string, isNumber?: true): string | number {
      return isNumber ? Number(text) : text;
    }
    const observed = observe(parse);
    expectTypeOf(observed("1")).toEqualTypeOf<string>();
    expectTypeOf(observed("1", true)).toEqualTypeOf<number>();
  });

  it("keeps the type of `this`", () => {
    interface Counter {
      count: number;
    }
    function increase(this: Counter, by: number): number {
      return this.count + by;
    }
    expectTypeOf(observe(increase)).toEqualTypeOf<(this: Counter, by: number) => number>();
    expectTypeOf(observe(increase)).thisParameter.toEqualTypeOf<Counter>();
  });

  it("keeps generators and properties of the function", () => {
    async function* stream(count: number): AsyncGenerator<string, number, boolean> {
      const isMore = yield String(count);
      return isMore ? 1 : 0;
    }
    const withVersion = Object.assign((value: number) => value, { version: 1 as const });
    expectTypeOf(observe(stream)).returns.toEqualTypeOf<AsyncGenerator<string, number, boolean>>();
    expectTypeOf(observe(withVersion)).toHaveProperty("version").toEqualTypeOf<1>();
  });

  it("takes no value that is not a function", () => {
    // @ts-expect-error a promise is the result of a function, not one
    observe(Promise.resolve(1));
    // @ts-expect-error no such type
    observe(() => 1, { asType: "robot" });
  });
});

describe("observe(options)(fn)", () => {
  it("keeps the exact type, too", () => {
    function first<Item>(items: readonly Item[]): Item | undefined {
      return items[0];
    }
    const observed = observe({ name: "first", asType: "tool", captureInput: false })(first);
    expectTypeOf(observed).toEqualTypeOf<typeof first>();
  });
});
