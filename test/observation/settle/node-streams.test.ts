import { once } from "node:events";
import { PassThrough, Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { describe, expect, it } from "vitest";
import { useTraced } from "../../support/traced";

const traced = useTraced();

const outputOf = (name: string): unknown =>
  traced.sink.span(name).attributes["langfuse.observation.output"];

interface Source {
  readonly stream: Readable;
  /** Each read it was asked for. */
  readonly log: string[];
}

function createSource(fails = false): Source {
  const log: string[] = [];
  let next = 0;
  const stream = new Readable({
    highWaterMark: 4,
    read() {
      log.push(`read ${next}`);
      if (fails && next === 3) this.destroy(new Error("socket gone"));
      else this.push(next === 6 ? null : `é${next}`);
      next += 1;
    },
  });
  return { stream, log };
}

const collectInto = (got: string[]): Writable =>
  new Writable({
    highWaterMark: 1,
    write(chunk, _encoding, done) {
      got.push(String(chunk));
      setImmediate(done);
    },
  });

const WAYS: readonly (readonly [string, (stream: Readable) => Promise<unknown>])[] = [
  [
    "pipe",
    async (stream) => {
      const got: string[] = [];
      const target = stream.pipe(collectInto(got));
      await once(target, "finish");
      return got;
    },
  ],
  [
    "pipeline",
    async (stream) => {
      const got: string[] = [];
      await pipeline(stream, new PassThrough(), collectInto(got));
      return got;
    },
  ],
  ["a loop", async (stream) => stream.toArray()],
  [
    "text with setEncoding",
    async (stream) => {
      stream.setEncoding("utf8");
      const got: string[] = [];
      stream.on("data", (text: string) => got.push(text));
      await once(stream, "end");
      return got;
    },
  ],
  [
    "read on demand",
    async (stream) => {
      const got: string[] = [];
      stream.on("readable", () => {
        for (let part = stream.read(); part !== null; part = stream.read()) got.push(String(part));
      });
      await once(stream, "end");
      return got.join("");
    },
  ],
];

describe("a Node stream that is observed", () => {
  it.each(WAYS)("is read by %s as if it were not, with as many reads", async (_way, read) => {
    const plain = createSource();
    const seen = await read(plain.stream);
    const watched = createSource();
    const observed = traced.client.observe(() => watched.stream, { name: "node" })();

    expect(observed).toBe(watched.stream);
    expect(observed.listenerCount("data") + observed.listenerCount("end")).toBe(0);
    expect(await read(observed)).toEqual(seen);
    expect(watched.log).toEqual(plain.log);
    await traced.client.flush();
    expect(outputOf("node")).toBe("é0é1é2é3é4é5");
    expect(traced.client.stats().offered).toBe(1);
  });

  it.each(WAYS.slice(1, 3))("and fails fails by %s with the same error", async (_way, read) => {
    const observed = traced.client.observe(() => createSource(true).stream, { name: "broken" })();
    await expect(read(observed)).rejects.toThrow("socket gone");
    await traced.client.flush();
    expect(traced.sink.span("broken").statusMessage).toBe("socket gone");
  });

  it("ends with what came when a loop over it is left, or it is destroyed", async () => {
    const make = traced.client.observe(() => createSource().stream, { name: "left" });
    for await (const chunk of make()) if (String(chunk) === "é1") break;
    const destroyed = make();
    destroyed.destroy();
    await once(destroyed, "close");
    await traced.client.flush();
    const outputs = traced.sink
      .spans()
      .map((span) => span.attributes["langfuse.observation.output"]);
    expect(outputs).toEqual(["é0é1", undefined]);
  });

  it("made of a generator runs its steps inside the observation", async () => {
    const { client } = traced;
    const observed = client.observe(
      () =>
        Readable.from(
          (async function* () {
            client.startSpan("step").end();
            yield { part: 1 };
          })(),
        ),
      { name: "from" },
    )();
    expect(await observed.toArray()).toEqual([{ part: 1 }]);
    await client.flush();
    expect(outputOf("from")).toBe('[{"part":1}]');
    expect(traced.sink.span("step").parentSpanId).toBe(traced.sink.span("from").spanId);
  });

  it("that is over already ends at once, without a dump of its insides", async () => {
    const { stream } = createSource();
    await stream.toArray();
    expect(traced.client.observe(() => stream, { name: "over" })()).toBe(stream);
    await traced.client.flush();
    expect(outputOf("over")).toBeUndefined();
  });
});
