import { describe, expect, it } from "vitest";
import { collectAll, collectUntil } from "../../support/collect-garbage";
import { useTraced } from "../../support/traced";

const traced = useTraced();

async function* words(): AsyncGenerator<string> {
  yield "a";
  yield "b";
}

/** Gives out iterators that do not hold it, as streams of model SDKs do. */
class ModelStream {
  readonly make: () => AsyncGenerator<string>;
  constructor(make: () => AsyncGenerator<string> = words) {
    this.make = make;
  }
  [Symbol.asyncIterator](): AsyncGenerator<string> {
    return this.make();
  }
  tee(): [ModelStream, ModelStream] {
    return [new ModelStream(this.make), new ModelStream(this.make)];
  }
}

const offered = (): number => traced.client.stats().offered;

describe("a result that nobody holds any more", () => {
  it.each<[string, () => unknown]>([
    ["a generator that was never started", () => words()],
    ["an iterable", () => new ModelStream()],
    ["a ReadableStream", () => new ReadableStream()],
    ["a Response", () => new Response("text")],
    [
      "a lazy thenable",
      // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested
      () => ({ where: () => 1, then: (done: (value: number) => void) => done(1) }),
    ],
  ])("ends its observation: %s", async (_shape, make) => {
    traced.client.observe(make)();
    expect(offered()).toBe(0);
    await collectUntil(() => offered() === 1);
  });

  it("ends its observation with what was read of it", async () => {
    await (async () => {
      await traced.client.observe(words)().next();
    })();
    await collectUntil(() => offered() === 1);
    await traced.client.flush();
    expect(traced.sink.span("words").attributes["langfuse.observation.output"]).toBe("a");
  });
});

describe("a result that is still being read", () => {
  const joined = (name: string): unknown =>
    traced.sink.span(name).attributes["langfuse.observation.output"];

  it.each<[string, () => AsyncIterator<string>]>([
    [
      "by an iterator alone",
      () =>
        traced.client
          .observe(() => new ModelStream(), { name: "read" })()
          [Symbol.asyncIterator](),
    ],
    [
      "by one of its halves",
      () => {
        const [half] = traced.client
          .observe(() => new ModelStream(), { name: "read" })()
          .tee();
        return half[Symbol.asyncIterator]();
      },
    ],
    [
      "by a member of what held it",
      () => {
        const holder = {
          get textStream() {
            return words();
          },
        };
        return traced.client.observe(() => holder, { name: "read" })().textStream;
      },
    ],
    [
      "by the body of a response",
      () => {
        const { body } = traced.client.observe(() => new Response("ab"), { name: "read" })();
        const reader = (body as ReadableStream<Uint8Array>).getReader();
        return {
          async next() {
            const { done, value } = await reader.read();
            return done
              ? { done, value: undefined }
              : { done, value: Buffer.from(value).toString() };
          },
        };
      },
    ],
  ])("%s is not taken for collected", async (_way, take) => {
    const iterator = take();
    await collectAll();
    expect(offered()).toBe(0);
    while (!(await iterator.next()).done);
    await traced.client.flush();
    expect(joined("read")).toBe("ab");
  });

  it("after a thenable was awaited is not taken for collected", async () => {
    let answer: (value: string) => void = () => {};
    const lazy = () => ({
      // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested
      then(done: (value: string) => void) {
        answer = done;
      },
    });
    const waiting = (async () => await traced.client.observe(lazy, { name: "awaited" })())();
    await collectAll();
    expect(offered()).toBe(0);
    answer("late");
    expect(await waiting).toBe("late");
    await traced.client.flush();
    expect(joined("awaited")).toBe("late");
  });
});
