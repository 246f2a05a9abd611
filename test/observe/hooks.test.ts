import { describe, expect, it } from "vitest";
import { useTraced } from "../support/traced";

const traced = useTraced();
const io = (name: string): [unknown, unknown] => {
  const { attributes } = traced.sink.span(name);
  return [attributes["langfuse.observation.input"], attributes["langfuse.observation.output"]];
};
const fail = (): never => {
  throw new Error("a hook that fails");
};

describe("the name", () => {
  it("may be a function of the arguments", async () => {
    const search = traced.client.observe(
      (language: string, text: string) => `${language}:${text}`,
      { name: (language) => `search ${language}` },
    );
    expect([search("en", "a"), search("de", "b")]).toEqual(["en:a", "de:b"]);
    await traced.client.flush();

    expect(traced.sink.spans().map(({ name }) => name)).toEqual(["search en", "search de"]);
  });

  it.each([
    ["throws", fail],
    ["gives no text", () => undefined as unknown as string],
    ["gives an empty text", () => ""],
    ["is async and rejects", (async () => fail()) as unknown as () => string],
  ])("is the function's own where the function for it %s", async (_title, name) => {
    const answer = function answer(): number {
      return 42;
    };
    expect(traced.client.observe(answer, { name })()).toBe(42);
    await traced.client.flush();

    expect(traced.sink.spans().map((span) => span.name)).toEqual(["answer"]);
  });
});

describe("what is captured", () => {
  it("may be picked from the arguments and from the result", async () => {
    const login = traced.client.observe(
      async (user: { id: string; password: string }) => ({ token: user.password, ok: true }),
      {
        name: "login",
        captureInput: ({ id }) => ({ id }),
        captureOutput: ({ ok }) => ok,
      },
    );
    expect(await login({ id: "ann", password: "hidden" })).toEqual({ token: "hidden", ok: true });
    await traced.client.flush();

    expect(io("login")).toEqual(['{"id":"ann"}', "true"]);
  });

  it("may be picked although the client captures nothing", async () => {
    const client = traced.createClient({ captureInput: false, captureOutput: false });
    client.observe((a: string) => a, { name: "picked", captureInput: (a) => a.length })("abc");
    await client.flush();

    expect(io("picked")).toEqual(["3", undefined]);
  });

  it("is what the chunks of a stream add up to", async () => {
    const speak = traced.client.observe(
      async function* speak() {
        yield "Hel";
        yield "lo";
      },
      { captureOutput: (text) => String(text).toUpperCase() },
    );
    for await (const _ of speak());
    await traced.client.flush();

    expect(io("speak")[1]).toBe("HELLO");
  });

  it("is none of the content where the function that picks it throws", async () => {
    const secret = traced.client.observe((text: string) => text, {
      name: "secret",
      captureInput: fail,
      captureOutput: fail,
    });
    expect(secret("hunter2")).toBe("hunter2");
    await traced.client.flush();

    expect(io("secret")).toEqual(["[captureInput failed]", "[captureOutput failed]"]);
    const said = traced.logger.lines.filter((line) => line.includes("your call went on untouched"));
    expect(said).toHaveLength(1);
    expect(said.join()).not.toContain("hunter2");
  });

  it("is nothing where the option cannot be read", async () => {
    const options = {
      name: "unreadable",
      get captureInput(): boolean {
        return fail();
      },
    };
    traced.client.observe((text: string) => text.length, options)("hunter2");
    await traced.client.flush();

    expect(io("unreadable")).toEqual([undefined, "7"]);
  });

  it("is not asked for where the call fails or returns nothing", async () => {
    const seen: unknown[] = [];
    const captureOutput = (result: unknown): unknown => seen.push(result);
    expect(traced.client.observe(fail, { captureOutput })).toThrow("a hook that fails");
    traced.client.observe(() => {}, { captureOutput })();

    expect(seen).toEqual([]);
  });
});

describe("fixed fields", () => {
  it("stand on every call", async () => {
    const complete = traced.client.observe((text: string) => text, {
      name: "complete",
      asType: "generation",
      model: "gpt-4o",
      modelParameters: { temperature: 0 },
      metadata: { team: "search" },
      version: "3",
      level: "DEBUG",
      prompt: { name: "greeting", version: 2 },
    });
    complete("a");
    await traced.client.flush();

    expect(traced.sink.span("complete").attributes).toMatchObject({
      "langfuse.observation.type": "generation",
      "langfuse.observation.model.name": "gpt-4o",
      "langfuse.observation.model.parameters": '{"temperature":0}',
      "langfuse.observation.metadata.team": "search",
      "langfuse.version": "3",
      "langfuse.observation.level": "DEBUG",
      "langfuse.observation.prompt.name": "greeting",
      "langfuse.observation.prompt.version": 2,
    });
  });
});
