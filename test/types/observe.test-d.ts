import { describe, expectTypeOf, it } from "vitest";
import { type ObserveDecorator, observe } from "../../src/index";

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

describe("the options of a function", () => {
  const load = async (id: string, limit?: number): Promise<{ readonly rows: string[] }> => ({
    rows: [id, String(limit)],
  });

  it("know its arguments and what it settles to", () => {
    observe(load, {
      name: (...args) => {
        expectTypeOf(args).toEqualTypeOf<[id: string, limit?: number]>();
        return args[0];
      },
      captureInput: (id, limit) => {
        expectTypeOf(id).toEqualTypeOf<string>();
        expectTypeOf(limit).toEqualTypeOf<number | undefined>();
      },
      captureOutput: (result) => {
        expectTypeOf(result).toEqualTypeOf<{ readonly rows: string[] }>();
      },
    });
  });

  it("do not say what the chunks of a stream add up to", () => {
    async function* speak(): AsyncGenerator<string> {
      yield "a";
    }
    observe(speak, { captureOutput: (result) => expectTypeOf(result).toEqualTypeOf<unknown>() });
  });

  it("take annotated parameters where the function is not known yet", () => {
    const asTool = observe({ asType: "tool", name: (city: string) => `weather ${city}` });
    expectTypeOf(asTool(load)).toEqualTypeOf<typeof load>();
  });

  it("refuse what is wrong", () => {
    // @ts-expect-error a name is a text or a function
    observe(load, { name: 5 });
    // @ts-expect-error no such option
    observe(load, { capture: false });
    // @ts-expect-error the function gives no text
    observe(load, { name: () => 5 });
  });
});

describe("observe(Class)", () => {
  it("keeps constructor, instances, static members and type parameters", () => {
    class Box<Item> {
      static made = 0;
      readonly item: Item;

      constructor(item: Item) {
        this.item = item;
      }
    }
    const Observed = observe(Box, {
      name: (item) => String(item),
      captureOutput: (box) => box.item,
    });
    expectTypeOf(Observed).toEqualTypeOf<typeof Box>();
    expectTypeOf(new Observed(1).item).toEqualTypeOf<number>();
    expectTypeOf(Observed.made).toEqualTypeOf<number>();
  });

  it("keeps a private constructor private", () => {
    class Single {
      static get(): Single {
        return new Single();
      }

      private constructor() {}
    }
    const Observed = observe(Single);
    // @ts-expect-error private
    new Observed();
    expectTypeOf(Observed.get()).toEqualTypeOf<Single>();
  });

  it("keeps an abstract class abstract", () => {
    abstract class Shape {
      abstract area(): number;
    }
    const Observed = observe(Shape);
    // @ts-expect-error abstract
    new Observed();
    expectTypeOf(Observed).toEqualTypeOf<typeof Shape>();
  });
});

describe("observe()", () => {
  it("gives a wrapper and decorator", () => {
    expectTypeOf(observe()).toEqualTypeOf<ObserveDecorator>();
    expectTypeOf(observe()((value: number) => value)).toEqualTypeOf<(value: number) => number>();
  });
});
