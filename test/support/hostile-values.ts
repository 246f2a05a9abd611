import fc from "fast-check";

/** Builds a value. A thunk, since the generator itself looks into what it hands out. */
export type Build = () => unknown;

/** Values of every kind that captured content can be, alone and inside one another. */
export function hostileValue(): fc.Arbitrary<Build> {
  const { value } = fc.letrec<{ value: Build }>((tie) => {
    const inner = tie("value");
    const list = (maxLength: number): fc.Arbitrary<Build[]> => fc.array(inner, { maxLength });
    const key = fc.oneof(fc.string(), fc.constantFrom("__proto__", "toJSON", "constructor"));
    return {
      value: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        leaf(),
        list(5).map((items) => () => built(items)),
        fc
          .array(fc.tuple(key, inner), { maxLength: 5 })
          .map(
            (entries) => () => Object.fromEntries(entries.map(([name, build]) => [name, build()])),
          ),
        fc
          .array(fc.tuple(inner, inner), { maxLength: 4 })
          .map((entries) => () => new Map(entries.map(([name, build]) => [name(), build()]))),
        list(4).map((items) => () => new Set(built(items))),
        inner.map((cause) => () => new Error("outer", { cause: cause() })),
        list(3).map((errors) => () => new AggregateError(built(errors))),
        inner.map((build) => () => ({ toJSON: build })),
        inner.map((build) => () => new Instance(build())),
        inner.map((build) => () => cyclic(build())),
        inner.map((build) => () => doubling(build())),
        inner.map((build) => () => deep(build())),
        inner.map((build) => () => selfish(build())),
        fc.tuple(inner, proxyTraps()).map(
          ([build, traps]) =>
            () =>
              proxied(build(), traps),
        ),
      ),
    };
  });
  return value;
}

function built(items: readonly Build[]): unknown[] {
  return items.map((build) => build());
}

class Instance {
  readonly inner: unknown;

  constructor(inner: unknown) {
    this.inner = inner;
  }

  get throwing(): never {
    throw new Error("getter of the prototype");
  }
}

function leaf(): fc.Arbitrary<Build> {
  const values = fc.oneof(
    fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
      withUnicodeString: true,
    }),
    fc.string({ unit: "binary", maxLength: 5_000 }),
    fc.constantFrom<unknown>(
      Number.NaN,
      Number.NEGATIVE_INFINITY,
      -0,
      2n ** 80n,
      Symbol("s"),
      "\ud800 lone \udfff",
      /re/g,
      new URL("https://example.org/?q=1"),
      new URLSearchParams("a=1"),
      new Headers({ a: "b" }),
      new Date(Number.NaN),
      Promise.resolve(1),
      new WeakMap(),
      new ReadableStream(),
      new Blob(["x"], { type: "image/png" }),
      Object.create(null),
      globalThis,
      process,
      function named() {},
      class Named {},
      new Array(1_000_000),
    ),
  );
  return fc.oneof(
    values.map((value) => () => value),
    fc.constant(throwingMembers),
    fc.constant(revokedProxy),
  );
}

function throwingMembers(): object {
  return {
    kept: 1,
    get throws(): never {
      throw new TypeError("getter");
    },
    get throwsNoError(): never {
      throw null;
    },
  };
}

function revokedProxy(): unknown {
  const { proxy, revoke } = Proxy.revocable([], {});
  revoke();
  return proxy;
}

function cyclic(inner: unknown): object {
  const value: { inner: unknown; self?: unknown } = { inner };
  value.self = [value, new Map([["value", value]])];
  return value;
}

/** Each level stands twice in the next. */
function doubling(inner: unknown): unknown {
  let node = inner;
  for (let level = 0; level < 28; level += 1) node = { left: node, right: [node] };
  return node;
}

function deep(inner: unknown): unknown {
  let node = inner;
  for (let level = 0; level < 20_000; level += 1) node = level % 2 === 0 ? [node] : { node };
  return node;
}

/** Its toJSON gives itself, or throws when asked again. */
function selfish(inner: unknown): object {
  let count = 0;
  return {
    inner,
    toJSON(): unknown {
      count += 1;
      if (count > 1) throw new Error("asked twice");
      return this;
    },
  };
}

type Trap = "get" | "has" | "ownKeys" | "getPrototypeOf" | "getOwnPropertyDescriptor";

function proxyTraps(): fc.Arbitrary<{ traps: Trap[]; answersFunctions: boolean }> {
  return fc.record({
    traps: fc.subarray<Trap>([
      "get",
      "has",
      "ownKeys",
      "getPrototypeOf",
      "getOwnPropertyDescriptor",
    ]),
    answersFunctions: fc.boolean(),
  });
}

/** A proxy whose chosen traps throw; `answersFunctions` makes every member a function instead. */
function proxied(
  inner: unknown,
  { traps, answersFunctions }: { traps: Trap[]; answersFunctions: boolean },
): unknown {
  const target = typeof inner === "object" && inner !== null ? inner : [inner];
  const handler: ProxyHandler<object> = {};
  for (const trap of traps) {
    handler[trap] = () => {
      throw new RangeError(trap);
    };
  }
  if (answersFunctions) handler.get = () => () => inner;
  return new Proxy(target, handler);
}
