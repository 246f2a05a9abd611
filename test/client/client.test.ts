import { describe, expect, it, onTestFinished, vi } from "vitest";
import * as playhead from "../../src/index";
import { useTraced } from "../support/traced";

const traced = useTraced();

describe("getClient", () => {
  it("returns the first client of the process, and the next one once that is shut down", async () => {
    expect(playhead.getClient()).toBe(traced.client);
    const second = traced.createClient();
    expect(playhead.getClient()).toBe(traced.client);
    await traced.client.shutdown();
    expect(playhead.getClient()).toBe(second);
  });

  it("finds a client by its public key", () => {
    const other = traced.createClient({ publicKey: "pk-other", secretKey: "sk" });
    expect(playhead.getClient({ publicKey: "pk-other" })).toBe(other);
    expect(playhead.getClient()).toBe(traced.client);
  });

  it("keeps to a client from the environment that has recorded something, and says so", async () => {
    await traced.client.shutdown();
    vi.stubEnv("LANGFUSE_BASE_URL", traced.sink.url);
    onTestFinished(() => void vi.unstubAllEnvs());
    const implicit = playhead.getClient();
    implicit.startSpan("early").end();
    const explicit = traced.createClient();

    expect(playhead.getClient()).toBe(implicit);
    expect(explicit.stats().offered).toBe(0);
    expect(traced.logger.lines.join()).toContain("The top-level functions keep to the client");
    await implicit.shutdown();
  });

  it("gives way to a client made by hand when it made one from the environment", async () => {
    await traced.client.shutdown();
    const implicit = playhead.getClient();
    const explicit = traced.createClient();
    expect(playhead.getClient()).toBe(explicit);
    await implicit.shutdown();
    expect(playhead.getClient()).toBe(explicit);
  });
});

describe("the top-level functions", () => {
  it("work on the default client at each call, also for functions wrapped before it was made", async () => {
    const greet = playhead.observe(function greet(name: string) {
      playhead.updateCurrentTrace({ sessionId: "s" });
      playhead.startAsCurrentSpan("inner", () => playhead.updateCurrentSpan({ output: "o" }));
      return `hi ${name}`;
    });
    greet("you");
    await playhead.flush();

    expect(traced.sink.span("inner").parentSpanId).toBe(traced.sink.span("greet").spanId);
    expect(traced.sink.span("inner").attributes).toMatchObject({
      "session.id": "s",
      "langfuse.observation.output": "o",
    });
  });

  it("exist for every function of the client", () => {
    const client = playhead.Playhead.prototype;
    let names: string[] = [];
    for (
      let level: object = client;
      level !== Object.prototype;
      level = Object.getPrototypeOf(level)
    ) {
      const descriptors = Object.entries(Object.getOwnPropertyDescriptors(level));
      names = names.concat(
        descriptors.filter(([, { value }]) => typeof value === "function").map(([name]) => name),
      );
    }
    const internal = [
      "constructor",
      "start",
      "startActive",
      "flushBeforeExit",
      "interruptBeforeExit",
      "closeBeforeExit",
    ];
    const missing = names.filter((name) => !internal.includes(name) && !(name in playhead));
    expect(missing).toEqual([]);
  });
});

describe("requests", () => {
  it("carry authorization, the SDK's name and version, and the ingestion version", async () => {
    const client = traced.createClient({
      publicKey: "pk",
      secretKey: "sk",
      headers: { "x-own": "1" },
      compression: "gzip",
    });
    client.startSpan({ name: "any", input: "x".repeat(5_000) }).end();
    await client.flush();

    const [request] = traced.sink.requests;
    expect(request?.path).toBe("/api/public/otel/v1/traces");
    expect(request?.headers).toMatchObject({
      authorization: `Basic ${Buffer.from("pk:sk").toString("base64")}`,
      "content-type": "application/x-protobuf",
      "content-encoding": "gzip",
      "x-langfuse-sdk-name": "playhead",
      "x-langfuse-sdk-version": "0.1.0",
      "x-langfuse-ingestion-version": "4",
      "x-own": "1",
    });
  });

  it("put environment and release on the resource", async () => {
    const client = traced.createClient({ environment: "Staging", release: "1.2.3" });
    client.startSpan("any").end();
    await client.flush();

    const text = traced.sink.requests[0]?.body.toString("latin1");
    expect(text).toContain("langfuse.environment");
    expect(text).toContain("staging");
    expect(text).toContain("1.2.3");
  });
});

describe("scores", () => {
  it("go to a trace, an observation or a session, with an id of their own", async () => {
    const { client } = traced;
    const root = client.startSpan("root");
    root.score({ name: "on span", value: 0.5, comment: "so so" });
    root.scoreTrace({ name: "on trace", value: true });
    client.createScore({ name: "on session", value: "good", sessionId: "s", id: "fixed" });
    root.end();
    const report = await client.flush();

    const scores = traced.sink.scores() as Record<string, unknown>[];
    const byName = Object.fromEntries(scores.map((score) => [score["name"], score]));
    expect(byName).toEqual({
      "on span": {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        name: "on span",
        value: 0.5,
        dataType: "NUMERIC",
        traceId: root.traceId,
        observationId: root.id,
        comment: "so so",
      },
      "on trace": {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        name: "on trace",
        value: 1,
        dataType: "BOOLEAN",
        traceId: root.traceId,
      },
      "on session": {
        id: "fixed",
        name: "on session",
        value: "good",
        dataType: "CATEGORICAL",
        sessionId: "s",
      },
    });
    expect(report.scores).toMatchObject({ offered: 3, delivered: 3, pending: 0 });
  });

  it("without a target are left out with a sentence that says what is missing", async () => {
    traced.client.createScore({ name: "lost", value: 1 });
    traced.client.createScore({ name: "half", value: 1, observationId: "0123456789abcdef" });

    expect((await traced.client.flush()).scores.offered).toBe(0);
    expect(traced.logger.lines).toEqual([
      "[playhead] A score is left out: expected either traceId or sessionId.",
      "[playhead] A score is left out: expected traceId beside observationId.",
    ]);
  });
});

describe("ids", () => {
  it("from a seed are the first 16 bytes of its SHA-256", () => {
    expect(playhead.createTraceId("order-42")).toBe("3bf8b157c4238eefe5ae4a66eca81c6b");
    expect(playhead.createTraceId()).not.toBe(playhead.createTraceId());
  });

  it("given for a new trace are used when valid, else said and replaced", () => {
    const traceId = "0123456789abcdef0123456789abcdef";
    expect(traced.client.startSpan({ name: "x", traceId }).traceId).toBe(traceId);
    expect(traced.client.startSpan({ name: "x", traceId: "nonsense" }).traceId).not.toBe(
      "nonsense",
    );
    expect(traced.logger.lines[0]).toContain("Expected traceId to be 32 lower-case hex digits");
  });
});

describe("bad input", () => {
  const hostile = new Proxy({} as { name: string; value: number; sessionId: string }, {
    get() {
      throw new Error("no");
    },
    ownKeys() {
      throw new Error("no");
    },
  });

  it("throws out of no method that can do without it", async () => {
    const { client } = traced;
    const span = client.startSpan("span");
    expect(() => {
      span.score(hostile).scoreTrace(hostile).update(hostile).updateTrace(hostile);
      span.recordError(hostile);
      client.createScore(hostile);
      client.createEvent(hostile);
      client.propagateAttributes(hostile, () => client.updateCurrentSpan(hostile));
      client.startAsCurrentSpan("active", () => client.scoreCurrentSpan(hostile));
      client.observe(() => 1, hostile)();
      client.createTraceId(5 as unknown as string);
    }).not.toThrow();
    span.end();
    // @ts-expect-error null is no options
    expect((await client.flush(null)).isComplete).toBe(true);
    const { flush } = client;
    const detached = flush(); // called without its client: rejects, as an async function does
    await expect(detached).rejects.toThrow(TypeError);
    expect(await client.getSessionUrl("\ud800")).toBeUndefined();
  });
});

describe("OpenTelemetry", () => {
  it("is left alone: no global provider, no context manager", async () => {
    traced.client.startAsCurrentSpan("x", () => {});
    await traced.client.flush();
    const api = await import("@opentelemetry/api");

    expect(api.trace.getTracer("x").startSpan("y").isRecording()).toBe(false);
    const key = api.createContextKey("k");
    api.context.with(api.context.active().setValue(key, 1), () => {
      expect(api.context.active().getValue(key)).toBeUndefined();
    });
  });
});

describe("disabled tracing", () => {
  it("runs all work and records nothing", async () => {
    const client = traced.createClient({ enabled: false });
    const result = client.propagateAttributes({ sessionId: "s" }, () =>
      client.startAsCurrentSpan("root", (root) => {
        root.update({ output: 1 }).updateTrace({ userId: "u" }).recordError(new Error("x"));
        root.startAsCurrentGeneration("inner", (inner) => inner.end());
        using other = client.startAsCurrentSpan("other");
        other.score({ name: "s", value: 1 });
        client.updateCurrentTrace({ userId: "u" });
        return client.getCurrentTraceId();
      }),
    );

    expect(result).toBeUndefined();
    expect(client.stats()).toMatchObject({ offered: 0, scores: { offered: 0 } });
    expect(traced.logger.lines).toEqual([]);
  });
});

describe("links", () => {
  it("are undefined, with one sentence on why, where no project answers", async () => {
    expect(await traced.client.getTraceUrl("1".repeat(32))).toBeUndefined();
    expect(await traced.client.getSessionUrl("s")).toBeUndefined();
    expect(traced.logger.lines).toHaveLength(1);
    expect(traced.logger.lines[0]).toContain("Expected a project from");
  });
});
