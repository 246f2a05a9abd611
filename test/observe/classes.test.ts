// biome-ignore-all lint/complexity/noThisInStatic: what `this` is there is what these are about
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { useTraced } from "../support/traced";

const traced = useTraced();
const INPUT = "langfuse.observation.input";
const OUTPUT = "langfuse.observation.output";

describe("a wrapped class", () => {
  it("makes instances with their private fields, and records arguments and instance", async () => {
    class Account {
      #balance: number;
      readonly owner: string;

      constructor(owner: string, balance: number) {
        this.owner = owner;
        this.#balance = balance;
      }

      get balance(): number {
        return this.#balance;
      }
    }
    const Observed = traced.client.observe(Account);
    const account = new Observed("Ann", 7);
    await traced.client.flush();

    expect([account.balance, account.owner]).toEqual([7, "Ann"]);
    expect(account).toBeInstanceOf(Observed);
    expect(account).toBeInstanceOf(Account);
    expect(Object.getPrototypeOf(account)).toBe(Account.prototype);
    expect(account.constructor).toBe(Account);
    const { attributes } = traced.sink.span("Account");
    expect(attributes[INPUT]).toBe('{"owner":"Ann","balance":7}');
    expect(attributes[OUTPUT]).toBe('{"[class]":"Account","owner":"Ann"}');
  });

  it("can be derived from: the derived class is new.target, and super() is observed", async () => {
    const seen: unknown[] = [];
    const Base = traced.client.observe(
      class Base {
        readonly kind: string;

        constructor(kind: string) {
          seen.push(new.target);
          this.kind = kind;
        }
      },
    );
    class Derived extends Base {
      #own = "private";

      constructor() {
        super("derived");
      }

      get own(): string {
        return this.#own;
      }
    }
    const derived = new Derived();
    await traced.client.flush();

    expect(seen).toEqual([Derived]);
    expect(derived).toBeInstanceOf(Derived);
    expect(derived).toBeInstanceOf(Base);
    expect(new Base("base")).not.toBeInstanceOf(Derived);
    expect([derived.own, derived.kind]).toEqual(["private", "derived"]);
    expect(traced.sink.span("Base").attributes[INPUT]).toBe("derived");
  });

  it("is new.target itself to a constructor that asks", () => {
    class Abstract {
      constructor() {
        if (new.target === Abstract) throw new TypeError("Abstract cannot be made");
      }
    }
    const Observed = traced.client.observe(Abstract);

    expect(() => new Observed()).toThrow("Abstract cannot be made");
    expect(new (class Concrete extends Observed {})()).toBeInstanceOf(Abstract);
  });

  it("shares static members, and observes what its static methods construct", async () => {
    class Counter {
      static made = 0;
      static create(): Counter {
        return new this();
      }

      constructor() {
        Counter.made += 1;
      }
    }
    const Observed = traced.client.observe(Counter);
    expect(Observed.create).toBe(Counter.create);
    expect(Observed.create()).toBeInstanceOf(Counter);
    Observed.made = 10;
    new Observed();
    await traced.client.flush();

    expect([Counter.made, Observed.made]).toEqual([11, 11]);
    expect(traced.sink.spans().map(({ name }) => name)).toEqual(["Counter", "Counter"]);
  });

  it("reaches private static members through this in static methods and accessors", () => {
    class Vault {
      readonly isLocked = true;
      static #secret = 1;
      static read(): number {
        return this.#secret;
      }
      static get secret(): number {
        return this.#secret;
      }
      static set secret(value: number) {
        this.#secret = value;
      }
    }
    const Observed = traced.client.observe(Vault);

    Observed.secret = 5;
    expect([Observed.secret, Observed.read(), Observed.read.name]).toEqual([5, 5, "read"]);
  });

  it("runs private logic of the constructor", () => {
    class Single {
      static readonly #key = Symbol("key");
      static get(): Single {
        return new Single(Single.#key);
      }

      constructor(key: symbol) {
        if (key !== Single.#key) throw new TypeError("Use Single.get()");
      }
    }
    const Observed = traced.client.observe(Single);

    expect(Observed.get()).toBeInstanceOf(Observed);
    expect(() => new Observed(Symbol("other"))).toThrow("Use Single.get()");
  });

  it("throws the constructor's own error, recorded, also when it is called without new", async () => {
    const failure = new RangeError("too small");
    class Strict {
      constructor() {
        throw failure;
      }
    }
    const Observed = traced.client.observe(Strict);
    expect(() => new Observed()).toThrow(failure);
    expect(() => (Observed as unknown as () => void)()).toThrow(/without 'new'/);
    await traced.client.flush();

    expect(traced.sink.spans().map(({ statusMessage }) => statusMessage)).toEqual([
      "too small",
      "Class constructor Strict cannot be invoked without 'new'",
    ]);
  });

  it("ends its observation with the constructor, also where the instance is a stream", () => {
    class Source extends Readable {
      override _read(): void {}
    }
    const Observed = traced.client.observe(Source);
    const source = new Observed();

    expect(traced.client.stats().offered).toBe(1);
    expect(source).toBeInstanceOf(Readable);
    source.destroy();
  });

  it("may be built into the language", async () => {
    const ObservedMap = traced.client.observe(Map);
    const map = new ObservedMap([["a", 1]]);
    const ObservedPromise = traced.client.observe(Promise);

    expect(map.get("a")).toBe(1);
    expect(await ObservedPromise.resolve(3).then((value) => value + 1)).toBe(4);
  });

  it("may be bound, and knows its instances all the same", () => {
    class Point {}
    const Observed = traced.client.observe(Point.bind(null) as unknown as typeof Point);
    class Derived extends Point {}

    expect(new Observed()).toBeInstanceOf(Point);
    expect(new Observed()).toBeInstanceOf(Observed);
    expect(new Derived()).toBeInstanceOf(Observed);
    expect({}).not.toBeInstanceOf(Observed);
  });

  it("constructs without a trace where tracing is disabled", () => {
    const { observe, stats } = traced.createClient({ enabled: false });
    class Plain {
      readonly value: number;

      constructor(value: number) {
        this.value = value;
      }
    }
    const Observed = observe(Plain);

    expect(new Observed(4)).toEqual(new Plain(4));
    expect(new (class extends Observed {})(5)).toBeInstanceOf(Plain);
    expect(stats).toBeTypeOf("function");
  });
});

describe("a function used as a constructor", () => {
  interface Legacy {
    value: number;
  }
  type LegacyClass = { new (value: number): Legacy; prototype: object };

  it("makes instances, also with a prototype that is given to the wrapper later", () => {
    const original = function Legacy(this: Legacy, value: number) {
      this.value = value;
    } as unknown as LegacyClass;
    const Observed = traced.client.observe(original);

    expect(new Observed(3)).toBeInstanceOf(original);
    expect(new Observed(3).value).toBe(3);
    Observed.prototype = { later: true };
    expect(new Observed(3)).toMatchObject({ value: 3, later: true });
    expect(new Observed(3)).toBeInstanceOf(Observed);
  });

  it("can be called on an instance of what derives from it", () => {
    const original = function Legacy(this: Legacy, value: number) {
      this.value = value;
    };
    const Observed = traced.client.observe(original);
    const instance = {} as Legacy;
    Observed.call(instance, 8);

    expect(instance.value).toBe(8);
  });
});
