import { describe, expectTypeOf, it } from "vitest";
import {
  createEvent,
  type FlushReport,
  flush,
  getClient,
  getCurrentObservation,
  type Observation,
  type Playhead,
  propagateAttributes,
  shutdown,
  startAsCurrentGeneration,
  startAsCurrentObservation,
  startAsCurrentSpan,
  startGeneration,
  startObservation,
  startSpan,
  withSession,
} from "../../src/index";

describe("start functions with work", () => {
  it("return what the work returns", () => {
    expectTypeOf(startAsCurrentSpan("a", () => 1)).toEqualTypeOf<number>();
    expectTypeOf(startAsCurrentSpan({ name: "a" }, async () => "b")).toEqualTypeOf<
      Promise<string>
    >();
    expectTypeOf(startAsCurrentGeneration("a", () => undefined)).toEqualTypeOf<undefined>();
    expectTypeOf(
      startAsCurrentObservation({ name: "a", asType: "agent" }, () => [true]),
    ).toEqualTypeOf<boolean[]>();
  });

  it("hand the observation to the work", () => {
    startAsCurrentSpan("a", (span) => {
      expectTypeOf(span).toEqualTypeOf<Observation>();
      expectTypeOf(span.startAsCurrentGeneration("b", () => 1)).toEqualTypeOf<number>();
      expectTypeOf(span.updateTrace({ sessionId: "s" }).update({ output: 1 })).toEqualTypeOf(span);
    });
  });
});

describe("start functions without work", () => {
  it("return the observation, which is disposable", () => {
    for (const observation of [
      startAsCurrentSpan("a"),
      startAsCurrentGeneration("a"),
      startAsCurrentObservation({ name: "a" }),
      startSpan("a"),
      startGeneration({ name: "a", model: "m" }),
      startObservation({ name: "a", asType: "retriever" }),
      createEvent("a"),
    ]) {
      expectTypeOf(observation).toEqualTypeOf<Observation>();
      expectTypeOf(observation).toExtend<Disposable>();
      expectTypeOf(observation).toExtend<AsyncDisposable>();
    }
  });

  it("take the fields of an observation and no others", () => {
    startSpan({ name: "a", input: 1n, metadata: new Map(), level: "DEBUG", startTime: new Date() });
    startSpan({ name: "a", sampled: true, traceId: "0af7651916cd43dd8448eb211c80319c" });
    // @ts-expect-error an observation has a name
    startSpan({ input: 1 });
    // @ts-expect-error sessionId belongs to the trace: updateTrace
    startSpan({ name: "a", sessionId: "s" });
    // @ts-expect-error no such level
    startSpan({ name: "a", level: "FATAL" });
  });
});

describe("scopes", () => {
  it("return what the work returns", () => {
    expectTypeOf(propagateAttributes({ userId: "u" }, async () => 1)).toEqualTypeOf<
      Promise<number>
    >();
    expectTypeOf(withSession("s", () => "a")).toEqualTypeOf<string>();
    expectTypeOf(getCurrentObservation()).toEqualTypeOf<Observation | undefined>();
  });
});

describe("the client", () => {
  it("has the top-level functions as methods of the same type", () => {
    const client = getClient();
    expectTypeOf(client).toEqualTypeOf<Playhead>();
    expectTypeOf(client).toExtend<AsyncDisposable>();
    expectTypeOf(client.startAsCurrentSpan).toEqualTypeOf(startAsCurrentSpan);
    expectTypeOf(client.propagateAttributes).toEqualTypeOf(propagateAttributes);
    expectTypeOf(flush()).toEqualTypeOf<Promise<FlushReport>>();
    expectTypeOf(shutdown()).toEqualTypeOf<Promise<FlushReport>>();
  });
});
