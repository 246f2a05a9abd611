import { describe, expect, it } from "vitest";
import { collectUntil } from "../../support/collect-garbage";
import { useTraced } from "../../support/traced";

const traced = useTraced();

const outputOf = (name: string): unknown =>
  traced.sink.span(name).attributes["langfuse.observation.output"];

let runs = 0;

/** A query that runs each time it is awaited; `where` changes it in place, as Knex does. */
class MutableQuery implements PromiseLike<string[]> {
  readonly #conditions: string[] = [];
  where(condition: string): this {
    this.#conditions.push(condition);
    return this;
  }
  // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested
  then<A = string[], B = never>(
    onFulfilled?: ((value: string[]) => A | PromiseLike<A>) | null,
    onRejected?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.run().then(onFulfilled, onRejected);
  }
  catch<B>(onRejected: (error: unknown) => B): Promise<string[] | B> {
    return this.run().catch(onRejected);
  }
  finally(onFinally: () => void): Promise<string[]> {
    return this.run().finally(onFinally);
  }
  execute(): Promise<string[]> {
    return this.run();
  }
  async run(): Promise<string[]> {
    runs += 1;
    traced.client.startSpan("connection").end();
    if (this.#conditions.includes("broken")) throw new Error("no such column");
    return [...this.#conditions, "row"];
  }
}

/** A query whose methods make another one, as Drizzle and Kysely do. */
class ImmutableQuery extends MutableQuery {
  override where(condition: string): this {
    const next = new ImmutableQuery() as this; // the same class
    MutableQuery.prototype.where.call(next, condition);
    return next;
  }
}

describe("a query builder", () => {
  it("does not run until it is awaited, and then once, inside the observation", async () => {
    runs = 0;
    const find = traced.client.observe(() => new MutableQuery(), { name: "query" });
    const query = find();
    await new Promise((resolve) => setImmediate(resolve));
    expect([runs, traced.client.stats().offered, query instanceof MutableQuery]).toEqual([
      0,
      0,
      true,
    ]);
    expect(await query.where("a = 1")).toEqual(["a = 1", "row"]);
    expect(runs).toBe(1);
    await traced.client.flush();
    expect(outputOf("query")).toBe('["a = 1","row"]');
    expect(traced.sink.span("connection").parentSpanId).toBe(traced.sink.span("query").spanId);
  });

  it("that is never awaited never runs, and its observation ends when it is collected", async () => {
    runs = 0;
    traced.client.observe(() => new MutableQuery())();
    await collectUntil(() => traced.client.stats().offered === 1);
    expect(runs).toBe(0);
  });

  it("whose methods make another one works as it did; the first ends when it is collected", async () => {
    runs = 0;
    const rows = await traced.client
      .observe(() => new ImmutableQuery(), { name: "first" })()
      .where("x")
      .where("y");
    expect([rows, runs]).toEqual([["y", "row"], 1]);
    await collectUntil(() => traced.client.stats().offered === 2); // and the connection's
    await traced.client.flush();
    expect(outputOf("first")).toBeUndefined();
  });

  it.each<[string, (query: MutableQuery) => Promise<unknown>]>([
    ["catch", (query) => query.catch(() => [])],
    ["finally", (query) => query.finally(() => {})],
    ["execute", (query) => query.execute()],
    ["then without callbacks", (query) => query.then()],
  ])("that is set going by %s is recorded, and runs once", async (_way, go) => {
    runs = 0;
    expect(await go(traced.client.observe(() => new MutableQuery(), { name: "going" })())).toEqual([
      "row",
    ]);
    await traced.client.flush();
    expect([runs, outputOf("going")]).toEqual([1, '["row"]']);
  });

  it.each<[string, (query: MutableQuery) => Promise<unknown>]>([
    ["await", async (query) => await query],
    ["catch", (query) => query.catch((error: unknown) => Promise.reject(error))],
    ["finally", (query) => query.finally(() => {})],
    ["execute", (query) => query.execute()],
  ])("that fails by %s records the error, and the caller gets the same one", async (_way, go) => {
    const query = traced.client.observe(() => new MutableQuery().where("broken"), {
      name: "failing",
    })();
    await expect(go(query)).rejects.toThrow("no such column");
    await traced.client.flush();
    expect(traced.sink.span("failing").statusMessage).toBe("no such column");
  });
});

describe("a thenable", () => {
  type Then = (done: (value: unknown) => unknown, fail: (error: unknown) => unknown) => unknown;
  const thenable = (then: Then): PromiseLike<unknown> => ({ then }) as PromiseLike<unknown>; // as await takes it

  it("that calls back twice counts once, and the caller is called as often as before", async () => {
    const twice = thenable((done) => {
      done("first");
      done("second");
    });
    const heard: unknown[] = [];
    traced.client
      .observe(() => twice, { name: "twice" })()
      .then((value) => heard.push(value));
    await traced.client.flush();
    expect(heard).toEqual(["first", "second"]);
    expect(outputOf("twice")).toBe("first");
  });

  it("that throws in then fails with that error", async () => {
    const failure = new Error("in then");
    const throwing = thenable(() => {
      throw failure;
    });
    const call = async (): Promise<unknown> =>
      await traced.client.observe(() => throwing, { name: "throwing" })();
    await expect(call()).rejects.toBe(failure);
    await traced.client.flush();
    expect(traced.sink.span("throwing").statusMessage).toBe("in then");
  });

  it("that calls back with a promise is followed to what that settles to, and nothing is left unhandled", async () => {
    const nested = thenable((done) => done(Promise.reject(new Error("nested"))));
    const call = async (): Promise<unknown> =>
      await traced.client.observe(() => nested, { name: "nested" })();
    await expect(call()).rejects.toThrow("nested");
    await traced.client.flush();
    expect(traced.sink.span("nested").statusMessage).toBe("nested");
  });

  it("that is frozen is handed on as it is", async () => {
    const frozen = Object.freeze(thenable((done) => done("value")));
    expect(await traced.client.observe(() => frozen)()).toBe("value");
    expect(traced.client.stats().offered).toBe(1);
  });

  it("whose `then` throws when it is read is a value", () => {
    const odd = {
      // biome-ignore lint/suspicious/noThenProperty: a getter that throws is what is tested
      get then(): never {
        throw new Error("hands off");
      },
    };
    expect(traced.client.observe(() => odd)()).toBe(odd);
    expect(traced.client.stats().offered).toBe(1);
  });
});

describe("a promise", () => {
  it("with members of its own stays the same object, and its rejection the caller's to handle", async () => {
    const failure = new Error("exit code 1");
    const made = Object.assign(Promise.reject(failure), { pid: 42, kill: () => true });
    const child = traced.client.observe(() => made, { name: "child" })();

    expect(child).toBe(made);
    expect([child.pid, child.kill(), child instanceof Promise]).toEqual([42, true, true]);
    await expect(child).rejects.toBe(failure);
    expect(await child.catch((error: unknown) => error)).toBe(failure);
    await expect(Promise.all([child])).rejects.toBe(failure);
    await traced.client.flush();
    expect(traced.sink.span("child").statusMessage).toBe("exit code 1");
  });

  it("with members of its own ends its observation though nobody awaits it", async () => {
    traced.client.observe(() => Object.assign(Promise.resolve("out"), { pid: 1 }), {
      name: "forgotten",
    })();
    await new Promise((resolve) => setImmediate(resolve));
    await traced.client.flush();
    expect(outputOf("forgotten")).toBe("out");
  });

  it("of a subclass stays the same object, and is followed when it is awaited", async () => {
    class Cancelable<T> extends Promise<T> {
      cancel(): string {
        return "cancelled";
      }
    }
    const made = Cancelable.resolve("value") as Cancelable<string>; // resolve gives its own class
    const promise = traced.client.observe(() => made, { name: "subclass" })();
    expect([promise === made, promise.cancel()]).toEqual([true, "cancelled"]);
    expect(promise.then((value) => value)).toBeInstanceOf(Cancelable);
    expect(await promise).toBe("value");
    await traced.client.flush();
    expect(outputOf("subclass")).toBe("value");
  });

  it("runs the caller's callbacks in the caller's context", async () => {
    const { client } = traced;
    const query = client.observe(() => new MutableQuery(), { name: "query" })();
    await client.startAsCurrentSpan("caller", async () => {
      const seen = await query.then(() => client.getCurrentObservation()?.name);
      expect(seen).toBe("caller");
    });
  });
});
