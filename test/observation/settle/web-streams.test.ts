import { describe, expect, it } from "vitest";
import { useTraced } from "../../support/traced";

const traced = useTraced();

const outputOf = (name: string): unknown =>
  traced.sink.span(name).attributes["langfuse.observation.output"];

interface Source {
  readonly stream: ReadableStream<string>;
  /** What happened to it. */
  readonly log: string[];
}

/** Gives "0" to "9", one for each pull, and notes what it is asked. */
function createSource(fails?: { at: number; error: unknown }): Source {
  const log: string[] = [];
  let next = 0;
  const stream = new ReadableStream<string>({
    pull(controller) {
      log.push(`pull ${next}`);
      if (fails?.at === next) controller.error(fails.error);
      else if (next === 10) controller.close();
      else controller.enqueue(String(next));
      next += 1;
    },
    cancel(reason) {
      log.push(`cancel ${reason}`);
    },
  });
  return { stream, log };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** As every runtime has it, though the type does not say so. */
function valuesOf(stream: ReadableStream<string>): AsyncIterable<string> {
  type Values = (options: { preventCancel: boolean }) => AsyncIterable<string>;
  return (stream as unknown as { values: Values }).values({ preventCancel: true });
}

/** A target that takes a chunk only when it is let. */
function createSlowTarget(): { target: WritableStream<string>; got: string[]; letOne(): void } {
  const got: string[] = [];
  const waiting: (() => void)[] = [];
  const target = new WritableStream<string>({
    write(chunk) {
      got.push(chunk);
      return new Promise((resolve) => waiting.push(resolve));
    },
    abort(reason) {
      got.push(`abort ${reason}`);
    },
  });
  return { target, got, letOne: () => waiting.shift()?.() };
}

/** Ways to read, each of which notes what the reader sees. */
const WAYS: readonly (readonly [string, (stream: ReadableStream<string>) => Promise<unknown>])[] = [
  [
    "two reads, a release, another reader, a cancel",
    async (stream) => {
      const first = stream.getReader();
      const seen: unknown[] = [await first.read(), await first.read(), stream.locked];
      first.releaseLock();
      seen.push(stream.locked);
      const second = stream.getReader();
      seen.push(await second.read());
      await settled(); // what it pulled ahead
      await second.cancel("enough");
      return [...seen, await second.closed];
    },
  ],
  [
    "a loop that breaks",
    async (stream) => {
      const seen: unknown[] = [];
      for await (const chunk of stream as unknown as AsyncIterable<string>) {
        seen.push(chunk);
        if (chunk === "2") break;
      }
      return [...seen, stream.locked];
    },
  ],
  [
    "a loop that breaks with preventCancel, and a reader for the rest",
    async (stream) => {
      const seen: unknown[] = [];
      for await (const chunk of valuesOf(stream)) {
        seen.push(chunk);
        if (chunk === "2") break;
      }
      const reader = stream.getReader();
      for (let step = await reader.read(); !step.done; step = await reader.read()) {
        seen.push(step.value);
      }
      return seen;
    },
  ],
  [
    "pipeTo a slow target",
    async (stream) => {
      const { target, got, letOne } = createSlowTarget();
      const done = stream.pipeTo(target);
      for (let round = 0; round < 3; round += 1) {
        await settled();
        letOne();
      }
      await settled();
      const before = [...got, stream.locked];
      while (got.length < 10) {
        letOne();
        await settled();
      }
      letOne();
      await done;
      return [...before, ...got, stream.locked];
    },
  ],
  [
    "pipeTo a target that fails",
    async (stream) => {
      const failing = new WritableStream<string>({
        write(chunk) {
          if (chunk === "1") throw new Error("disk full");
        },
      });
      const outcome = await stream.pipeTo(failing).catch((error: unknown) => String(error));
      return [outcome, stream.locked];
    },
  ],
  [
    "pipeTo a target that fails, with preventCancel, then a reader",
    async (stream) => {
      const failing = new WritableStream<string>({
        write(chunk) {
          if (chunk === "1") throw new Error("disk full");
        },
      });
      const outcome = await stream
        .pipeTo(failing, { preventCancel: true })
        .catch((error: unknown) => String(error));
      await settled();
      const reader = stream.getReader();
      const seen: unknown[] = [outcome];
      for (let step = await reader.read(); !step.done; step = await reader.read()) {
        seen.push(step.value);
      }
      return seen;
    },
  ],
  [
    "pipeTo that is aborted",
    async (stream) => {
      const { target, got, letOne } = createSlowTarget();
      const controller = new AbortController();
      const done = stream
        .pipeTo(target, { signal: controller.signal })
        .catch((error: unknown) => String(error));
      await settled();
      letOne();
      await settled();
      letOne();
      controller.abort("stop");
      letOne();
      await settled();
      letOne();
      return [await done, got.slice(0, 2), stream.locked];
    },
  ],
  [
    "pipeThrough",
    async (stream) => {
      const upper = new TransformStream<string, string>({
        transform: (chunk, controller) => controller.enqueue(`<${chunk}>`),
      });
      const readable = stream.pipeThrough(upper);
      const seen: unknown[] = [readable === upper.readable, stream.locked];
      for await (const chunk of readable as unknown as AsyncIterable<string>) seen.push(chunk);
      return seen;
    },
  ],
  [
    "refused calls, then a cancel",
    async (stream) => {
      const seen: unknown[] = [];
      const refused = async (work: () => unknown): Promise<void> => {
        try {
          await work();
          seen.push("done");
        } catch (error) {
          seen.push((error as Error).name);
        }
      };
      const reader = stream.getReader();
      await refused(() => stream.getReader());
      await refused(() => stream.cancel());
      await refused(() => stream.pipeTo(new WritableStream()));
      await refused(() => stream.pipeThrough(new TransformStream()));
      await refused(() => stream.tee());
      await refused(() => stream.pipeTo({} as WritableStream));
      reader.releaseLock();
      await refused(() => stream.pipeThrough({} as TransformStream));
      await refused(() => stream.getReader({ mode: "byob" }));
      await refused(() => stream.cancel("now"));
      return seen;
    },
  ],
  [
    "tee, one half left early",
    async (stream) => {
      const [left, right] = stream.tee();
      const reader = left.getReader();
      const seen: unknown[] = [await reader.read()];
      await Promise.race([reader.cancel("left"), settled()]);
      for await (const chunk of right as unknown as AsyncIterable<string>) seen.push(chunk);
      return seen;
    },
  ],
];

describe("a ReadableStream that is observed", () => {
  it.each(WAYS)("is read by %s as if it were not, and pulls as often", async (_way, read) => {
    const plain = createSource();
    const seen = await read(plain.stream);
    const watched = createSource();
    const observed = traced.client.observe(() => watched.stream)();

    expect(observed).toBe(watched.stream);
    expect(await read(observed)).toEqual(seen);
    expect(watched.log).toEqual(plain.log);
    await settled();
    const isOpen = plain.log.every((line) => !/cancel|pull 10/.test(line));
    expect(traced.client.stats().offered).toBe(isOpen ? 0 : 1);
  });

  it.each(WAYS.filter(([way]) => /two reads|breaks$|tee|preventCancel, and|Through/.test(way)))(
    "and fails mid-way fails for %s as if it were not, and records the error",
    async (_way, read) => {
      const error = new Error("connection lost");
      const outcome = async (stream: ReadableStream<string>): Promise<unknown> =>
        read(stream).catch((failure: unknown) => failure);
      const seen = await outcome(createSource({ at: 2, error }).stream);
      const observed = traced.client.observe(() => createSource({ at: 2, error }).stream, {
        name: "failing",
      })();

      expect(await outcome(observed)).toEqual(seen);
      await settled();
      await traced.client.flush();
      expect(traced.sink.span("failing").statusMessage).toBe("connection lost");
    },
  );

  it("fails a pipe at once, also while the target is busy", async () => {
    let fail: (error: unknown) => void = () => {};
    const source = new ReadableStream<string>({
      start(controller) {
        controller.enqueue("a");
        fail = (error) => controller.error(error);
      },
    });
    const { target, got, letOne } = createSlowTarget();
    const done = traced.client
      .observe(() => source)()
      .pipeTo(target);
    await settled();
    fail("broken");
    letOne();
    await expect(done).rejects.toBe("broken");
    expect(got).toEqual(["a", "abort broken"]);
  });

  it("keeps all that both halves give when only one is left early", async () => {
    const observed = traced.client.observe(() => createSource().stream, { name: "teed" })();
    const [left, right] = observed.tee();
    const reader = left.getReader();
    await reader.read();
    void reader.cancel(); // settles with the other half

    expect(traced.client.stats().offered).toBe(0);
    for await (const _ of right as unknown as AsyncIterable<string>);
    await traced.client.flush();
    expect(outputOf("teed")).toBe("0123456789");
  });

  it("ends when both halves are left", async () => {
    const observed = traced.client.observe(() => createSource().stream, { name: "teed" })();
    const [left, right] = observed.tee();
    const reader = left.getReader();
    await reader.read();
    await Promise.all([reader.cancel("no"), right.cancel("no")]);
    await traced.client.flush();
    expect(outputOf("teed")).toBe("0");
  });

  it("of bytes can be read into the caller's own buffers", async () => {
    const observed = traced.client.observe(
      () =>
        new ReadableStream({
          type: "bytes",
          start(controller) {
            controller.enqueue(new TextEncoder().encode("héllo"));
            controller.close();
          },
        }),
      { name: "bytes" },
    )();
    const reader = observed.getReader({ mode: "byob" });
    let view = new Uint8Array(2);
    let text = Buffer.alloc(0);
    for (;;) {
      const step = await reader.read(view);
      if (step.done) break;
      text = Buffer.concat([text, step.value]);
      view = new Uint8Array(step.value.buffer); // the same memory again
    }
    expect(text.toString()).toBe("héllo");
    await traced.client.flush();
    const { attributes } = traced.sink.span("bytes");
    expect(attributes["langfuse.observation.output"]).toBe("héllo");
  });

  it("that somebody reads already ends at once", () => {
    const { stream } = createSource();
    stream.getReader();
    expect(traced.client.observe(() => stream)()).toBe(stream);
    expect(traced.client.stats().offered).toBe(1);
  });

  it("with an iterator of its own keeps it, and counts each chunk once", async () => {
    const stream = Object.assign(createSource().stream, {
      async *[Symbol.asyncIterator](this: ReadableStream<string>) {
        const reader = this.getReader();
        for (let step = await reader.read(); !step.done; step = await reader.read()) {
          yield `own ${step.value}`;
        }
      },
    });
    const seen: unknown[] = [];
    for await (const chunk of traced.client.observe(() => stream, { name: "own" })()) {
      seen.push(chunk);
    }
    expect(seen[9]).toBe("own 9");
    await traced.client.flush();
    expect(outputOf("own")).toBe("0123456789");
  });

  it("pulls inside its observation when it is asked", async () => {
    const { client } = traced;
    const pulling = client.observe(
      () =>
        new ReadableStream<string>(
          {
            pull(controller) {
              client.startSpan("in pull").end();
              controller.enqueue("x");
              controller.close();
            },
          },
          { highWaterMark: 0 },
        ),
      { name: "pulling" },
    );
    const stream = pulling();
    await settled();
    for await (const _ of stream as unknown as AsyncIterable<string>);
    await client.flush();
    expect(traced.sink.span("in pull").parentSpanId).toBe(traced.sink.span("pulling").spanId);
  });
});
