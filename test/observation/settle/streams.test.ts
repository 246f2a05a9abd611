import { Readable } from "node:stream";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { ChunkCollector } from "../../../src/capture/chunk-collector";
import { useTraced } from "../../support/traced";

const traced = useTraced();

const outputOf = (name: string): unknown =>
  traced.sink.span(name).attributes["langfuse.observation.output"];

/** Every ReadableStream of the runtime can be iterated, though its type does not say so. */
async function readAll(stream: ReadableStream): Promise<void> {
  for await (const _ of stream as unknown as AsyncIterable<unknown>);
}

async function* words(...given: string[]): AsyncGenerator<string, string> {
  for (const word of given) {
    await Promise.resolve();
    yield word;
  }
  return "returned";
}

describe("a generator", () => {
  it("keeps its observation open until it is exhausted, and joins its texts", async () => {
    const stream = traced.client.observe(async function* speak() {
      yield* words("Hel", "lo");
    })();
    expect(traced.client.stats().offered).toBe(0);
    const heard: string[] = [];
    for await (const word of stream) heard.push(word);

    expect(heard).toEqual(["Hel", "lo"]);
    await traced.client.flush();
    expect(outputOf("speak")).toBe("Hello");
  });

  it("runs each step inside the observation, and the consumer outside of it", async () => {
    const { client } = traced;
    const seen: (string | undefined)[] = [];
    const stream = client.observe(async function* outer() {
      client.startSpan("in step 1").end();
      yield 1;
      await Promise.resolve();
      client.startSpan("in step 2").end();
      yield 2;
    })();
    for await (const _ of stream) seen.push(client.getCurrentObservationId());
    await client.flush();

    expect(seen).toEqual([undefined, undefined]);
    const { spanId } = traced.sink.span("outer");
    expect(traced.sink.span("in step 1").parentSpanId).toBe(spanId);
    expect(traced.sink.span("in step 2").parentSpanId).toBe(spanId);
    expect(outputOf("outer")).toBe("[1,2]");
  });

  it("ends its observation when it is left early, with what came", async () => {
    const stream = traced.client.observe(() => words("a", "b", "c"), { name: "left" })();
    for await (const word of stream) if (word === "b") break;
    await traced.client.flush();

    expect(outputOf("left")).toBe("ab");
  });

  it("that throws records the error, keeps what came, and throws the same error", async () => {
    const failure = new Error("mid-way");
    const stream = traced.client.observe(function* breaking() {
      yield "part";
      throw failure;
    })();
    expect(() => [...stream]).toThrow(failure);
    await traced.client.flush();

    expect(outputOf("breaking")).toBe("part");
    expect(traced.sink.span("breaking").statusMessage).toBe("mid-way");
  });

  it("stays the very object it was, with its return value", () => {
    function* counting(): Generator<number, string> {
      yield 1;
      return "end";
    }
    const made = counting();
    const returned = traced.client.observe(() => made)();

    expect(returned).toBe(made);
    expect(returned.next()).toEqual({ value: 1, done: false });
    expect(returned.next()).toEqual({ value: "end", done: true });
    expect(traced.client.stats().offered).toBe(1);
  });

  it("within a promise counts as the result of the promise", async () => {
    const stream = await traced.client.observe(async function later() {
      return words("x", "y");
    })();
    expect(traced.client.stats().offered).toBe(0);
    for await (const _ of stream);
    await traced.client.flush();

    expect(outputOf("later")).toBe("xy");
  });

  it("leaves nothing behind where output is not captured", async () => {
    const stream = traced.client.observe(() => words("secret"), {
      name: "quiet",
      captureOutput: false,
    })();
    for await (const _ of stream);
    await traced.client.flush();

    expect(outputOf("quiet")).toBeUndefined();
  });

  it("is not collected at all where output is not captured", async () => {
    const add = vi.spyOn(ChunkCollector.prototype, "add");
    onTestFinished(() => add.mockRestore());
    for await (const _ of traced.client.observe(() => words("a"), { captureOutput: false })());
    for await (const _ of traced.client.startAsCurrentSpan("span", () => words("a")));
    expect(add).not.toHaveBeenCalled();
    for await (const _ of traced.client.observe(() => words("a"))());
    expect(add).toHaveBeenCalledExactlyOnceWith("a");
  });
});

describe("a stream of a model call", () => {
  it("sets the time of its first chunk, and when its text came", async () => {
    const stream = traced.client.startAsCurrentGeneration("model", () => words("Hel", "lo!"));
    for await (const _ of stream);
    await traced.client.flush();

    const { attributes } = traced.sink.span("model");
    expect(attributes["langfuse.observation.completion_start_time"]).toMatch(/^"\d{4}-/);
    const timeline = JSON.parse(String(attributes["playhead.stream.timeline"])) as number[];
    expect([timeline[1], timeline[3]]).toEqual([3, 3]);
    expect(timeline[2]).toBeGreaterThanOrEqual(timeline[0] ?? Number.NaN);
  });

  it("in OpenAI's chunks adds up to the message, its tool calls one by one", async () => {
    const delta = (fields: object) => ({ choices: [{ index: 0, delta: fields }] });
    const call = (index: number, fields: object) => delta({ tool_calls: [{ index, ...fields }] });
    async function* chunks(): AsyncGenerator<object> {
      yield delta({ role: "assistant", content: "Let me " });
      yield delta({ content: "look." });
      yield call(0, { id: "a", function: { name: "first", arguments: '{"x"' } });
      yield call(1, { id: "b", function: { name: "second", arguments: "{}" } });
      yield call(0, { function: { arguments: ":1}" } });
      yield { choices: [], usage: { total_tokens: 3 } };
    }
    for await (const _ of traced.client.observe(chunks)());
    await traced.client.flush();

    expect(JSON.parse(String(outputOf("chunks")))).toEqual({
      role: "assistant",
      content: "Let me look.",
      tool_calls: [
        { id: "a", type: "function", function: { name: "first", arguments: '{"x":1}' } },
        { id: "b", type: "function", function: { name: "second", arguments: "{}" } },
      ],
    });
  });

  it("that gives out iterators and can be teed is watched whichever way it is read", async () => {
    class ModelStream implements AsyncIterable<string> {
      readonly controller = new AbortController();
      [Symbol.asyncIterator](): AsyncIterator<string> {
        return words("a", "b");
      }
      tee(): [ModelStream, ModelStream] {
        return [new ModelStream(), new ModelStream()];
      }
    }
    const create = traced.client.observe(async () => new ModelStream(), { name: "iterated" });
    const stream = await create();
    expect(stream).toBeInstanceOf(ModelStream);
    expect(stream.controller.signal.aborted).toBe(false);
    for await (const _ of stream);
    const teed = await traced.client.observe(async () => new ModelStream(), { name: "teed" })();
    const [left, right] = teed.tee();
    for await (const _ of left);
    for await (const _ of right);
    await traced.client.flush();

    expect([outputOf("iterated"), outputOf("teed")]).toEqual(["ab", "ab"]);
    expect(traced.client.stats().offered).toBe(2);
  });
});

describe("a ReadableStream", () => {
  const open = (name: string): ReadableStream<string> =>
    traced.client.observe(
      () =>
        new ReadableStream<string>({
          start(controller) {
            controller.enqueue("a");
            controller.enqueue("b");
            controller.close();
          },
        }),
      { name },
    )();

  it.each<[string, (stream: ReadableStream<string>) => Promise<unknown>]>([
    [
      "a reader",
      async (stream) => {
        const reader = stream.getReader();
        while (!(await reader.read()).done);
      },
    ],
    ["iteration", (stream) => readAll(stream)],
    ["pipeTo", (stream) => stream.pipeTo(new WritableStream())],
    ["pipeThrough", (stream) => readAll(stream.pipeThrough(new TransformStream()))],
    ["tee", (stream) => Promise.all(stream.tee().map((half) => readAll(half)))],
  ])("is observed until it has been read by %s", async (_way, read) => {
    const stream = open("stream");
    expect(stream).toBeInstanceOf(ReadableStream);
    expect(traced.client.stats().offered).toBe(0);
    await read(stream);
    await traced.client.flush();

    expect(outputOf("stream")).toBe("ab");
    expect(traced.client.stats().offered).toBe(1);
  });

  it("ends its observation when it is cancelled", async () => {
    const reader = open("cancelled").getReader();
    await reader.read();
    await reader.cancel();
    await traced.client.flush();

    expect(outputOf("cancelled")).toBe("a");
  });
});

describe("a Node stream", () => {
  it("is not set going, and is observed until it ends", async () => {
    let reads = 0;
    const chunks = ["x", "y"];
    const source = new Readable({
      objectMode: true,
      read() {
        reads += 1;
        this.push(chunks.shift() ?? null);
      },
    });
    const stream = traced.client.observe(() => source, { name: "node" })();
    await new Promise((resolve) => setImmediate(resolve));
    expect([stream === source, reads]).toEqual([true, 0]);
    for await (const _ of stream);
    await traced.client.flush();

    expect(outputOf("node")).toBe("xy");
  });

  it("that fails records its error", async () => {
    const stream = traced.client.observe(() => new Readable({ read() {} }), { name: "broken" })();
    stream.on("error", () => {});
    stream.destroy(new Error("socket gone"));
    await new Promise((resolve) => stream.on("close", resolve));
    await traced.client.flush();

    expect(traced.sink.span("broken").statusMessage).toBe("socket gone");
  });
});

describe("a Response", () => {
  it("is observed until its body has been read, and is the same object", async () => {
    const made = Response.json({ answer: 42 });
    const response = await traced.client.observe(async () => made, { name: "fetched" })();
    expect(response).toBe(made);
    expect(traced.client.stats().offered).toBe(0);
    expect(await response.json()).toEqual({ answer: 42 });
    await traced.client.flush();

    expect(outputOf("fetched")).toBe('{"answer":42}');
  });

  it("without a body ends at once", () => {
    traced.client.observe(() => new Response(null, { status: 204 }))();
    expect(traced.client.stats().offered).toBe(1);
  });
});

describe("an object that holds a stream", () => {
  it("is observed by the member that is read", async () => {
    class StreamResult {
      get textStream(): AsyncGenerator<string> {
        return words("held ", "text");
      }
      get fullStream(): AsyncGenerator<string> {
        return words("other");
      }
    }
    const result = traced.client.observe(() => new StreamResult(), { name: "holder" })();
    expect(result).toBeInstanceOf(StreamResult);
    expect(traced.client.stats().offered).toBe(0);
    for await (const _ of result.textStream);
    await traced.client.flush();

    expect(outputOf("holder")).toBe("held text");
  });
});

describe("values", () => {
  it.each([[[1, 2]], [new Map([["a", 1]])], [new Set([1])], ["text"], [new Uint8Array(2)]])(
    "that can be iterated but are no streams end at once: %o",
    (value) => {
      expect(traced.client.observe(() => value)()).toBe(value);
      expect(traced.client.stats().offered).toBe(1);
    },
  );
});
