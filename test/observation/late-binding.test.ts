import { describe, expect, it } from "vitest";
import { useTraced } from "../support/traced";

const traced = useTraced();

const sessionsByName = (): Record<string, unknown> =>
  Object.fromEntries(
    traced.sink.spans().map(({ name, attributes }) => [name, attributes["session.id"]]),
  );

describe("updateTrace", () => {
  it("reaches spans that ended before it was called", async () => {
    await traced.client.startAsCurrentSpan("root", async (root) => {
      root.startSpan("first").end();
      await traced.client.startAsCurrentSpan("second", async () => {});
      root.updateTrace({ sessionId: "late" });
    });
    await traced.client.flush();

    expect(sessionsByName()).toEqual({ first: "late", second: "late", root: "late" });
  });

  it("keeps the last value when set twice", async () => {
    traced.client.startAsCurrentSpan("root", (root) => {
      root.updateTrace({ sessionId: "one", userId: "u" });
      root.startSpan("between").end();
      root.updateTrace({ sessionId: "two" });
    });
    await traced.client.flush();

    expect(sessionsByName()).toEqual({ between: "two", root: "two" });
    expect(traced.sink.span("between").attributes["user.id"]).toBe("u");
  });

  it("does not reach a trace that runs at the same time", async () => {
    const request = (id: string): Promise<void> =>
      traced.client.startAsCurrentSpan(`root ${id}`, async () => {
        await traced.client.startAsCurrentSpan(`step ${id}`, () => Promise.resolve());
        traced.client.updateCurrentTrace({ sessionId: id });
        await Promise.resolve();
      });
    await Promise.all([request("a"), request("b")]);
    await traced.client.flush();

    expect(sessionsByName()).toEqual({
      "root a": "a",
      "step a": "a",
      "root b": "b",
      "step b": "b",
    });
  });

  it("sets each trace field under its key of the contract", async () => {
    traced.client.startAsCurrentSpan("root", (root) => {
      root.updateTrace({
        name: "chat",
        sessionId: "s",
        userId: "u",
        tags: ["a", "b", "a"],
        metadata: { plan: "pro", nested: { deep: [1] }, empty: "" },
        version: "v2",
        release: "r1",
        environment: "staging",
        public: true,
      });
    });
    await traced.client.flush();

    expect(traced.sink.span("root").attributes).toMatchObject({
      "langfuse.trace.name": "chat",
      "session.id": "s",
      "user.id": "u",
      "langfuse.trace.tags": ["a", "b"],
      "langfuse.trace.metadata.plan": "pro",
      "langfuse.trace.metadata.nested": '{"deep":[1]}',
      "langfuse.version": "v2",
      "langfuse.release": "r1",
      "langfuse.environment": "staging",
      "langfuse.trace.public": true,
    });
    expect(traced.sink.span("root").attributes).not.toHaveProperty("langfuse.trace.metadata.empty");
  });

  it("clears a field with null and leaves one that is undefined", async () => {
    traced.client.startAsCurrentSpan("root", (root) => {
      root.updateTrace({ sessionId: "s", userId: "u", tags: ["t"] });
      root.updateTrace({ userId: null, sessionId: undefined, tags: null });
    });
    await traced.client.flush();

    const { attributes } = traced.sink.span("root");
    expect(attributes["session.id"]).toBe("s");
    expect(attributes).not.toHaveProperty("user.id");
    expect(attributes).not.toHaveProperty("langfuse.trace.tags");
  });

  it("takes fields that are inherited or hidden, and those before a getter that throws", async () => {
    class Fields {
      readonly #sessionId: string;
      constructor(sessionId: string) {
        this.#sessionId = sessionId;
      }
      get sessionId(): string {
        return this.#sessionId;
      }
    }
    traced.client.startAsCurrentSpan("hidden", (root) =>
      root.updateTrace(new Fields("of a class")),
    );
    traced.client.startAsCurrentSpan("inherited", (root) =>
      root.updateTrace(Object.create({ sessionId: "of a prototype" })),
    );
    traced.client.startAsCurrentSpan("broken", (root) =>
      root.updateTrace({
        sessionId: "beside it",
        get userId(): string {
          throw new RangeError("no user");
        },
      }),
    );
    await traced.client.flush();

    expect(sessionsByName()).toEqual({
      hidden: "of a class",
      inherited: "of a prototype",
      broken: "beside it",
    });
  });

  it("gives the root its input and output, which beat captured ones", async () => {
    const answer = traced.client.observe(function answer(_question: string) {
      traced.client.updateCurrentTrace({ input: { clean: true }, output: "said" });
      return "captured";
    });
    answer("captured");
    await traced.client.flush();

    expect(traced.sink.span("answer").attributes).toMatchObject({
      "langfuse.observation.input": '{"clean":true}',
      "langfuse.observation.output": "said",
    });
  });

  it("reaches what ends after the root with the values of that moment", async () => {
    const root = traced.client.startSpan("root");
    const late = root.startSpan("late");
    root.updateTrace({ sessionId: "s" });
    root.end();
    late.end();
    await traced.client.flush();

    expect(sessionsByName()).toEqual({ root: "s", late: "s" });
  });

  it("says once that the root has ended already", () => {
    const root = traced.client.startSpan("root");
    root.end();
    root.updateTrace({ sessionId: "s" });
    root.updateTrace({ sessionId: "s" });

    expect(traced.logger.lines).toEqual([
      "[playhead] updateTrace() after the trace's root has ended reaches only spans that end from now on. Call it before.",
    ]);
  });
});

describe("flush", () => {
  it("lets held spans go with the attributes they have so far", async () => {
    const root = traced.client.startSpan("root");
    root.updateTrace({ sessionId: "early" });
    root.startSpan("child").end();
    expect(traced.client.stats().held).toBe(1);
    await traced.client.flush();

    expect(sessionsByName()).toEqual({ child: "early" });
    root.updateTrace({ sessionId: "final" });
    root.end();
    await traced.client.flush();
    expect(traced.sink.span("root").attributes["session.id"]).toBe("final");
  });
});

describe("propagateAttributes", () => {
  it("gives a trace its first values, which updateTrace may change", async () => {
    traced.client.propagateAttributes(
      { sessionId: "first", userId: "u", traceName: "chat" },
      () => {
        traced.client.startAsCurrentSpan("root", (root) => {
          root.startSpan("child").end();
          root.updateTrace({ sessionId: "second" });
        });
      },
    );
    await traced.client.flush();

    expect(sessionsByName()).toEqual({ child: "second", root: "second" });
    expect(traced.sink.span("child").attributes).toMatchObject({
      "user.id": "u",
      "langfuse.trace.name": "chat",
    });
  });

  it("beats the trace on spans started in a scope inside it, and only there", async () => {
    traced.client.startAsCurrentSpan("root", (root) => {
      root.updateTrace({ userId: "trace", metadata: { a: "trace", b: "trace" } });
      traced.client.propagateAttributes({ userId: "scope", metadata: { a: "scope" } }, () => {
        traced.client.startAsCurrentSpan("inside", (inside) => {
          inside.startSpan("deeper").end();
        });
      });
      root.startSpan("outside").end();
    });
    await traced.client.flush();

    const usersByName = Object.fromEntries(
      traced.sink.spans().map(({ name, attributes }) => [name, attributes["user.id"]]),
    );
    expect(usersByName).toEqual({
      inside: "scope",
      deeper: "scope",
      outside: "trace",
      root: "trace",
    });
    expect(traced.sink.span("inside").attributes).toMatchObject({
      "langfuse.trace.metadata.a": "scope",
      "langfuse.trace.metadata.b": "trace",
    });
  });

  it("lends its values to the observation it is called in, for want of the trace's own", async () => {
    traced.client.startAsCurrentSpan("bare", () => {
      traced.client.withSession("scoped", () => {});
    });
    traced.client.startAsCurrentSpan("set", (root) => {
      traced.client.withSession("scoped", () => {});
      root.updateTrace({ sessionId: "trace" });
    });
    await traced.client.flush();

    expect(sessionsByName()).toEqual({ bare: "scoped", set: "trace" });
  });

  it("adds up tags and merges metadata of scopes within each other", async () => {
    const { client } = traced;
    client.propagateAttributes({ tags: ["a"], metadata: { x: 1, y: 1 } }, () =>
      client.propagateAttributes({ tags: ["b", "a"], metadata: { y: 2 } }, () =>
        client.startSpan("root").end(),
      ),
    );
    await client.flush();

    expect(traced.sink.span("root").attributes).toMatchObject({
      "langfuse.trace.tags": ["a", "b"],
      "langfuse.trace.metadata.x": "1",
      "langfuse.trace.metadata.y": "2",
    });
  });

  it("adds its tags to those the trace has when it is called inside", async () => {
    traced.client.propagateAttributes({ tags: ["around"] }, () =>
      traced.client.startAsCurrentSpan("root", (root) => {
        root.updateTrace({ tags: ["around", "updated"] });
        traced.client.propagateAttributes({ tags: ["inside"] }, () =>
          traced.client.startSpan("child").end(),
        );
      }),
    );
    await traced.client.flush();

    const tags = "langfuse.trace.tags";
    expect(traced.sink.span("child").attributes[tags]).toEqual(["around", "updated", "inside"]);
    expect(traced.sink.span("root").attributes[tags]).toEqual(["around", "updated"]);
  });

  it("does not leave its scope", async () => {
    await traced.client.withSession("s", async () => {
      await Promise.resolve();
    });
    traced.client.startSpan("after").end();
    await traced.client.flush();

    expect(sessionsByName()).toEqual({ after: undefined });
  });
});
