import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { OutgoingRecord } from "../../src/config/outgoing-record";
import type { Observation } from "../../src/observation/observation";
import { traceSecrets } from "../support/trace-secrets";
import { useTraced } from "../support/traced";

const FAILED = "[masking failed]";
const traced = useTraced({ flushIntervalMs: 60_000, spool: false });

afterEach(() => {
  vi.useRealTimers();
});

/** What a mask from a blog post does: every SECRET goes, wherever it stands. */
function maskAll(record: OutgoingRecord): OutgoingRecord {
  return JSON.parse(JSON.stringify(record).replaceAll("SECRET", "***")) as OutgoingRecord; // same shape
}

/** Of the kind, but no text of it can be read. */
function throwing(kind: OutgoingRecord["kind"]): object {
  const read = () => {
    throw new Error("SECRET");
  };
  const names = ["name", "input", "metadata", "tags"];
  return Object.defineProperties(
    { kind },
    Object.fromEntries(names.map((name) => [name, { get: read, enumerable: true }])),
  );
}

function longError(): Error {
  const error = new Error("failed");
  error.stack = "x".repeat(4_000);
  return error;
}

function wire(): string {
  return traced.sink.requests.map(({ body }) => body.toString("latin1")).join("\n");
}

describe("mask", () => {
  it.each([
    ["returns", (record: OutgoingRecord) => maskAll(record)],
    ["promises", async (record: OutgoingRecord) => maskAll(record)],
    ["changes in place", (record: OutgoingRecord) => Object.assign(record, maskAll(record))],
  ])("that %s the record masks every text of spans, traces and scores", async (_how, mask) => {
    const client = traced.createClient({ mask });
    traceSecrets(client);
    const report = await client.flush();
    expect(report).toMatchObject({ isAllDelivered: true, delivered: 1, scores: { delivered: 1 } });
    expect(wire()).not.toContain("SECRET");
    const { attributes } = traced.sink.span("name ***");
    expect(attributes).toMatchObject({
      "langfuse.observation.input": '{"text":"in ***","list":["***"]}',
      "langfuse.observation.output": "out ***",
      "langfuse.observation.metadata.key ***": "value ***",
      "langfuse.observation.metadata.nested": '{"deep":"***"}',
      "langfuse.observation.model.name": "model ***",
      "langfuse.observation.prompt.name": "prompt ***",
      "langfuse.observation.prompt.version": 3,
      "langfuse.version": "version ***",
      "session.id": "session ***",
      "user.id": "user ***",
      "langfuse.trace.name": "trace ***",
      "langfuse.trace.tags": ["tag ***"],
      "langfuse.trace.metadata.trace key ***": "trace value ***",
    });
    expect(traced.sink.scores()).toEqual([
      expect.objectContaining({
        name: "score ***",
        value: "value ***",
        comment: "comment ***",
        sessionId: "session ***",
        metadata: { "score key ***": "score value ***" },
        dataType: "CATEGORICAL",
      }),
    ]);
  });

  it("is shown a span with what it may not change, as the texts that would leave", async () => {
    const seen: OutgoingRecord[] = [];
    const client = traced.createClient({
      mask(record) {
        seen.push(structuredClone(record));
        return record;
      },
    });
    const root = client.startSpan("root");
    const child = root.startGeneration({ name: "child", input: { a: 1 }, level: "WARNING" });
    child.end();
    root.end();
    await client.flush();
    expect(seen).toEqual([
      expect.objectContaining({
        kind: "span",
        traceId: root.traceId,
        id: child.id,
        parentId: root.id,
        type: "generation",
        name: "child",
        input: '{"a":1}',
        level: "WARNING",
      }),
      expect.objectContaining({ kind: "span", id: root.id, name: "root" }),
    ]);
  });

  it("is asked once per version of a trace's attributes, whatever the number of its spans", async () => {
    const kinds: string[] = [];
    const client = traced.createClient({
      mask(record) {
        kinds.push(record.kind);
        return record;
      },
    });
    client.startAsCurrentSpan("root", (root) => {
      root.updateTrace({ sessionId: "s" });
      for (let count = 0; count < 10; count += 1) root.startSpan("child").end();
    });
    await client.flush();
    expect(kinds.filter((kind) => kind === "trace")).toHaveLength(1);
    expect(traced.sink.spans().map(({ attributes }) => attributes["session.id"])).toEqual(
      Array.from({ length: 11 }, () => "s"),
    );
  });

  it.each([
    ["once", false, 1],
    ["once per span where each is written to disk at its end, and not again", true, 3],
  ])(
    "is asked %s about the same values that scopes lend to spans of a trace",
    async (_often, durable, count) => {
      const folder = mkdtempSync(join(tmpdir(), "playhead-mask-"));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      const seen: OutgoingRecord[] = [];
      const client = traced.createClient({
        spool: durable && { dir: folder, durable },
        mask(record) {
          if (record.kind === "trace") seen.push(structuredClone(record));
          return maskAll(record);
        },
      });
      client.startAsCurrentSpan("root", (root) => {
        root.updateTrace({ sessionId: "s" });
        for (let step = 0; step < 3; step += 1) {
          client.startAsCurrentSpan("step", () =>
            client.propagateAttributes({ userId: "SECRET", metadata: { a: 1 } }, () => undefined),
          );
        }
      });
      await client.flush();
      await client.shutdown();
      const lent = seen.filter((record) => "userId" in record && record.userId === "SECRET");
      expect(lent).toHaveLength(count);
      const steps = traced.sink.spans().filter(({ name }) => name === "step");
      expect(steps.map(({ attributes }) => attributes["user.id"])).toEqual(Array(3).fill("***"));
      expect(steps.map(({ attributes }) => attributes["session.id"])).toEqual(Array(3).fill("s"));
    },
  );

  it("may return values that are no texts: they leave as JSON text, and what it leaves out is left out", async () => {
    const client = traced.createClient({
      mask: (record) =>
        record.kind === "span"
          ? ({ kind: "span", name: record.name, input: { masked: true } } as never)
          : record,
    });
    client.startSpan({ name: "work", input: "in", output: "out", metadata: { a: 1 } }).end();
    await client.flush();
    const { attributes } = traced.sink.span("work");
    expect(attributes["langfuse.observation.input"]).toBe('{"masked":true}');
    expect(attributes).not.toHaveProperty("langfuse.observation.output");
    expect(attributes).not.toHaveProperty("langfuse.observation.metadata.a");
  });

  it("sees what observations are at their end, not what the program made of it since", async () => {
    const client = traced.createClient({ mask: async (record) => record });
    const input = { text: "before" };
    const span = client.startSpan({ name: "work", input });
    input.text = "after";
    span.end();
    await client.flush();
    expect(traced.sink.span("work").attributes["langfuse.observation.input"]).toContain("before");
  });
});

describe("a mask that fails", () => {
  it.each([
    [
      "throws",
      () => {
        throw new Error("SECRET in a message");
      },
      "failed with Error",
    ],
    ["rejects", () => Promise.reject(new TypeError("SECRET")), "failed with TypeError"],
    [
      "throws no error",
      () => {
        throw "SECRET";
      },
      "failed with a value of type string",
    ],
    ["returns nothing", () => undefined, "returned a value of type undefined"],
    ["returns a text", () => "SECRET", "returned a value of type string"],
    ["returns another kind", () => ({ kind: "other" }), "returned another kind of record"],
    ["promises nothing", async () => null, "returned null"],
    [
      "returns what throws when it is read",
      ({ kind }: OutgoingRecord) => throwing(kind),
      "returned a record that cannot be read",
    ],
    [
      "promises what throws when it is read",
      async ({ kind }: OutgoingRecord) => throwing(kind),
      "returned a record that cannot be read",
    ],
    [
      "is a thenable that resolves to one that never answers",
      () => ({
        // biome-ignore lint/suspicious/noThenProperty: what this is about
        then: (resolve: (value: unknown) => void) => resolve(new Promise(() => undefined)),
      }),
      "did not answer within 20 ms",
    ],
    ["never answers", () => new Promise(() => undefined), "did not answer within 20 ms"],
    [
      "is written for another SDK",
      ({ data }: { data: string }) => data.replace("S", ""),
      "failed with TypeError",
    ],
  ])("(it %s) leaves a mark in place of each text", async (_how, mask, cause) => {
    const client = traced.createClient({ mask: mask as never, maskTimeoutMs: 20 });
    traceSecrets(client);
    const report = await client.flush();
    expect(report).toMatchObject({ isAllDelivered: true, delivered: 1, scores: { delivered: 1 } });
    expect(wire()).not.toContain("SECRET");
    const span = traced.sink.span(FAILED);
    expect(span.attributes).toMatchObject({
      "langfuse.observation.type": "generation",
      "langfuse.observation.level": "ERROR",
      "langfuse.observation.input": FAILED,
      "langfuse.observation.output": FAILED,
      [`langfuse.observation.metadata.${FAILED}`]: FAILED,
      "session.id": FAILED,
      "user.id": FAILED,
    });
    expect(traced.sink.scores()).toEqual([
      expect.objectContaining({ name: FAILED, comment: FAILED }),
    ]);
    expect(traced.logger.lines.filter((line) => line.includes("mask"))).toEqual([
      expect.stringContaining(cause),
    ]);
    expect(traced.logger.lines.join()).not.toContain("SECRET");
  });

  it("does not keep a flush waiting past its deadline, and what it held back counts as pending", async () => {
    const client = traced.createClient({
      mask: () => new Promise(() => undefined),
      maskTimeoutMs: 60_000,
      shutdownTimeoutMs: 30,
    });
    client.startSpan("work").end();
    const report = await client.flush({ timeoutMs: 30 });
    expect(report).toMatchObject({ isComplete: false, offered: 1, pending: 1 });
    expect(wire()).toBe("");
  });

  it("is masked as failed, and delivered, when the client shuts down before it answers", async () => {
    const client = traced.createClient({
      mask: () => new Promise(() => undefined),
      maskTimeoutMs: 60_000,
      shutdownTimeoutMs: 1_000,
    });
    traceSecrets(client);
    const report = await client.shutdown();
    expect(report).toMatchObject({ isAllDelivered: true, delivered: 1, scores: { delivered: 1 } });
    expect(traced.sink.span(FAILED).attributes).toMatchObject({ "session.id": FAILED });
    expect(wire()).not.toContain("SECRET");
    expect(traced.logger.lines.filter((line) => line.includes("mask"))).toEqual([
      expect.stringContaining(`The mask had no time to answer; texts are replaced by "${FAILED}".`),
    ]);
  });

  it("does not go round for ever when it traces itself", async () => {
    let calls = 0;
    const client = traced.createClient({
      mask(record) {
        calls += 1;
        return client.startAsCurrentSpan("inside the mask", () => record);
      },
    });
    client.startSpan("work").end();
    await client.flush();
    expect(calls).toBe(1);
    expect(
      traced.sink
        .spans()
        .map(({ name }) => name)
        .sort(),
    ).toEqual([FAILED, "work"]);
  });

  it("does not go round for ever when it traces itself after a wait", async () => {
    let calls = 0;
    const client = traced.createClient({
      async mask(record) {
        calls += 1;
        await Promise.resolve();
        return client.startAsCurrentSpan("inside the mask", async () => record);
      },
    });
    client.startSpan("work").end();
    await client.flush();
    expect(calls).toBe(1);
  });

  it.each([
    ["texts", 4, 12_000, (span: Observation) => span.update({ input: "x".repeat(4_000) })],
    ["stacks of errors", 4, 12_000, (span: Observation) => span.recordError(longError())],
    ["nothing but a name", 9, 10_000, (span: Observation) => span],
  ])(
    "takes no more memory than the hold may when its answers do not come, for spans with %s",
    async (_what, most, maxHoldBytes, fill) => {
      const client = traced.createClient({
        mask: () => new Promise(() => undefined),
        maskTimeoutMs: 60_000,
        shutdownTimeoutMs: 30,
        maxHoldBytes,
      });
      for (let count = 0; count < 20; count += 1) fill(client.startSpan("work")).end();
      const report = await client.flush({ timeoutMs: 100 });
      expect(report.pending).toBeGreaterThan(0);
      expect(report.pending).toBeLessThanOrEqual(most);
      expect(report).toMatchObject({ offered: 20, delivered: 20 - report.pending });
      expect(traced.logger.lines).toContainEqual(
        expect.stringContaining(`${maxHoldBytes} bytes wait`),
      );
    },
  );
});

describe("an async mask", () => {
  it("delivers spans that end while their trace goes on with the attributes it has then", async () => {
    const client = traced.createClient({ mask: async (record) => maskAll(record) });
    await client.startAsCurrentSpan("root", async (root) => {
      client.startSpan("early").end();
      await Promise.resolve();
      root.updateTrace({ sessionId: "late SECRET" });
    });
    await client.flush();
    for (const name of ["root", "early"]) {
      expect(traced.sink.span(name).attributes["session.id"]).toBe("late ***");
    }
  });

  it("is part of what a flush waits for", async () => {
    const answers: (() => void)[] = [];
    const client = traced.createClient({
      mask: (record) => new Promise((resolve) => answers.push(() => resolve(record))),
      maskTimeoutMs: 60_000,
    });
    client.startSpan("work").end();
    const flushed = client.flush();
    expect(client.stats()).toMatchObject({ offered: 1, pending: 1 });
    answers.shift()?.();
    expect(await flushed).toMatchObject({ isAllDelivered: true, delivered: 1 });
  });
});
