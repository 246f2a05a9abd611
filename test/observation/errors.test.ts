import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import type { ArrivedSpan } from "../support/otlp-sink";
import { useTraced } from "../support/traced";

const traced = useTraced();

interface RecordedError {
  readonly level: unknown;
  readonly status: string | undefined;
  readonly type: unknown;
  readonly message: unknown;
  readonly stack: unknown;
}

async function recordedError(): Promise<RecordedError> {
  await traced.client.flush();
  const span: ArrivedSpan = traced.sink.span("failing");
  const [event] = span.events;
  const attributes = Object.fromEntries(event?.attributes ?? []);
  return {
    level: span.attributes["langfuse.observation.level"],
    status: span.statusMessage,
    type: attributes["exception.type"],
    message: attributes["exception.message"],
    stack: attributes["exception.stacktrace"],
  };
}

function fail(thrown: unknown): void {
  const failing = traced.client.observe(function failing() {
    throw thrown;
  });
  let caught: unknown = "nothing";
  try {
    failing();
  } catch (error) {
    caught = error;
  }
  expect(Object.is(caught, thrown)).toBe(true); // a matcher would look into it
}

describe("an error that is recorded in a catch and thrown again", () => {
  it("is one exception event, and two texts are two", async () => {
    const error = new Error("no");
    const work = (): unknown =>
      traced.client.startAsCurrentSpan("failing", (span) => {
        span.recordError("text").recordError("text").recordError(error);
        throw error;
      });
    expect(work).toThrow(error);
    await traced.client.flush();

    const messages = traced.sink
      .span("failing")
      .events.map(({ attributes }) => new Map(attributes).get("exception.message"));
    expect(messages).toEqual(["text", "text", "no"]);
  });
});

describe("errors of one observation beyond what a span can tell", () => {
  it("keep the first 128, the level and the latest status", async () => {
    const span = traced.client.startSpan("failing");
    for (let count = 1; count <= 200; count += 1) span.recordError(`error ${count}`);
    span.end();
    await traced.client.flush();

    const { events, statusMessage } = traced.sink.span("failing");
    expect(events.length).toBe(128);
    expect(statusMessage).toBe("error 200");
  });
});

describe("an error that a function throws", () => {
  it("is recorded with level, status, type, message and stack, and is left as it was", async () => {
    const error = Object.freeze(new RangeError("too far"));
    const members = Object.getOwnPropertyNames(error);
    fail(error);
    expect(Object.getOwnPropertyNames(error)).toEqual(members);
    expect(await recordedError()).toEqual({
      level: "ERROR",
      status: "too far",
      type: "RangeError",
      message: "too far",
      stack: error.stack,
    });
    expect(traced.sink.span("failing").statusCode).toBe(2);
  });

  it("is recorded with the stacks of its causes and of what it is an aggregate of", async () => {
    const cause = new Error("the disk", { cause: "a cable" });
    const inner = new TypeError("one of two");
    const error = new AggregateError([inner, "the other"], "all failed", { cause });
    fail(error);
    expect((await recordedError()).stack).toBe(
      [
        error.stack,
        `Containing: ${inner.stack}`,
        "Containing: the other",
        `Caused by: ${cause.stack}`,
        "Caused by: a cable",
      ].join("\n"),
    );
  });

  it("may be its own cause", async () => {
    const error = new Error("ouroboros");
    error.cause = error;
    fail(error);
    expect((await recordedError()).stack).toBe(error.stack);
  });

  const refuse = (): never => {
    throw new Error("hands off");
  };

  it.each<[string, () => unknown, Partial<RecordedError>]>([
    ["a text", () => "just text", { status: "just text", type: "string" }],
    ["null", () => null, { status: "null", type: "null" }],
    ["undefined", () => undefined, { status: "undefined", type: "undefined" }],
    ["an object", () => ({ code: 7 }), { status: '{"code":7}', type: "object" }],
    [
      "an object like an error",
      () => ({ name: "E", message: "m" }),
      { status: "m", type: "E", stack: "E: m" },
    ],
    [
      "an error of another realm",
      () => runInNewContext('new TypeError("far")'),
      { status: "far", type: "TypeError" },
    ],
    [
      "an error whose members throw",
      () =>
        Object.defineProperties(new Error("x"), {
          stack: { get: refuse }, // first: to replace it reads the message
          message: { get: refuse },
          cause: { get: refuse },
        }),
      { status: "Error", type: "Error", stack: "Error" },
    ],
    [
      "a proxy that throws when it is touched",
      () => new Proxy(new Error("x"), { get: refuse, getPrototypeOf: refuse }),
      {},
    ],
    [
      "an abort",
      () => AbortSignal.abort().reason,
      { type: "AbortError", status: "This operation was aborted" },
    ],
  ])("may be %s", async (_what, create, expected) => {
    fail(create());
    expect(await recordedError()).toMatchObject({ level: "ERROR", ...expected });
  });
});

describe("a part of a stream that tells of an error", () => {
  it("is recorded as one, and the stream goes on", async () => {
    const stream = traced.client.observe(async function* failing() {
      yield { type: "text-delta", id: "1", text: "Hel" };
      yield { type: "error", error: new Error("overloaded") };
      yield { type: "text-delta", id: "1", text: "lo" };
    })();
    for await (const _ of stream);
    expect(await recordedError()).toMatchObject({ level: "ERROR", status: "overloaded" });
    expect(traced.sink.span("failing").attributes["langfuse.observation.output"]).toBe(
      '{"role":"assistant","content":"Hello"}',
    );
  });
});

describe("a rejection that nobody handles", () => {
  const CLIENT = fileURLToPath(new URL("../../src/client/playhead.ts", import.meta.url));
  const run = (body: string): { status: number | null; stderr: string } =>
    spawnSync(
      process.execPath,
      [
        "--import",
        import.meta.resolve("tsx"),
        "--input-type=module",
        "-e",
        `import { Playhead } from ${JSON.stringify(CLIENT)};
         const { observe } = new Playhead({ baseUrl: "http://127.0.0.1:9", spool: false, logger: { error() {}, warn() {}, info() {}, debug() {} } });
         ${body}`,
      ],
      { encoding: "utf8" },
    );

  it.each([
    ["of a promise", 'observe(async () => { throw new Error("nobody cares"); })();'],
    [
      "of a promise with members",
      'observe(() => Object.assign(Promise.reject(new Error("nobody cares")), { pid: 1 }))();',
    ],
    [
      "of a thenable's chain",
      'observe(() => ({ then: (done, fail) => Promise.reject(new Error("nobody cares")).then(done, fail) }))().then(() => {});',
    ],
    [
      "of a step of a generator",
      'observe(async function* () { throw new Error("nobody cares"); })().next();',
    ],
  ])("%s ends the process as without us", (_what, body) => {
    const { status, stderr } = run(body);
    expect(stderr).toContain("nobody cares");
    expect(status).toBe(1);
  });

  it("but that the caller handles does not", () => {
    const { status, stderr } = run(`
      const made = () => Object.assign(Promise.reject(new Error("x")), { pid: 1 });
      await observe(made)().catch(() => {});
      await observe(async () => { throw new Error("y"); })().catch(() => {});
      try { for await (const _ of observe(async function* () { throw new Error("z"); })()); } catch {}
      process.exit(0);`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });
});
