import { describe, expect, it } from "vitest";
import { TraceId } from "../../src/attributes/ids";
import { NO_TRACE_ATTRIBUTES } from "../../src/attributes/trace-attributes";
import { createDiagnostics } from "../../src/diagnostics/logger";
import { KeepErrors } from "../../src/observation/keep-errors";
import { TraceState } from "../../src/observation/trace-state";
import { createLevelLog } from "../support/level-log";
import { createRecord } from "../support/span-records";
import { useTraced } from "../support/traced";

describe("with keepErrors, a trace that the rate leaves out", () => {
  const traced = useTraced({ sampleRate: 0, keepErrors: true });
  const names = (): string[] => traced.sink.spans().map(({ name }) => name);

  it("is forgotten when its root has ended without an error", async () => {
    const { client } = traced;
    client.startAsCurrentSpan("root", (root) => {
      expect(root.isRecording).toBe(true);
      root.startSpan("child").update({ level: "WARNING" }).end();
      root.scoreTrace({ name: "s", value: 1 });
    });
    const report = await client.flush();

    expect({ ...report, scores: report.scores.offered }).toMatchObject({
      offered: 0,
      pending: 0,
      scores: 0,
      isAllDelivered: true,
    });
    expect(traced.sink.requests).toEqual([]);
  });

  it("is delivered whole, in order and with its attributes and scores, when an observation fails", async () => {
    const { client } = traced;
    const failure = new Error("no answer");
    expect(() =>
      client.startAsCurrentSpan({ name: "root", input: "question" }, (root) => {
        root.updateTrace({ sessionId: "s-1" });
        root.startSpan({ name: "before", output: "kept" }).end();
        root.score({ name: "early", value: 1 });
        client.startAsCurrentGeneration("fails", () => {
          throw failure;
        });
      }),
    ).toThrow(failure);
    await client.flush();

    expect(names()).toEqual(["before", "fails", "root"]);
    expect(traced.sink.spans().map(({ attributes }) => attributes["session.id"])).toEqual([
      "s-1",
      "s-1",
      "s-1",
    ]);
    expect(traced.sink.span("before").attributes["langfuse.observation.output"]).toBe("kept");
    expect(traced.sink.scores()).toMatchObject([{ name: "early" }]);
    expect(client.stats()).toMatchObject({ offered: 3, delivered: 3 });
  });

  it("is sampled from its error on", async () => {
    const { client } = traced;
    client.startAsCurrentSpan("root", (root) => {
      root.startSpan("tool").recordError(new Error("once")).end();
      root.startSpan("retry").end();
      root.scoreTrace({ name: "late", value: 0 });
    });
    await client.flush();

    expect(names()).toEqual(["tool", "retry", "root"]);
    expect(traced.sink.scores()).toMatchObject([{ name: "late" }]);
  });

  it("counts a level that was set by hand, also on the root itself", async () => {
    const { client } = traced;
    client.startAsCurrentSpan("root", (root) => {
      root.startSpan("child").end();
      root.update({ level: "ERROR", statusMessage: "refused" });
    });
    await client.flush();

    expect(names()).toEqual(["child", "root"]);
  });

  it("is decided by no flush: what waits is on no account and still leaves later", async () => {
    const { client } = traced;
    const root = client.startSpan("root");
    root.startSpan("first").end();
    expect(await client.flush()).toMatchObject({ offered: 0, pending: 0, isComplete: true });

    root.startSpan("second").recordError(new Error("late")).end();
    root.end();
    await client.flush();

    expect(names()).toEqual(["first", "second", "root"]);
  });

  it("leaves alone what fails after its end, and what comes after that", async () => {
    const { client } = traced;
    const root = client.startSpan("root");
    const [quiet, failing, following] = ["quiet", "failing", "following"].map((name) =>
      root.startSpan(name),
    );
    root.end();
    root.scoreTrace({ name: "forgotten", value: 1 });
    quiet?.end();
    failing?.recordError(new Error("in the background")).end();
    following?.end();
    await client.flush();

    expect(names()).toEqual(["failing", "following"]);
    expect(traced.sink.scores()).toEqual([]);
  });

  it("does not share its fate with a trace that runs at the same time", async () => {
    const { client } = traced;
    const fine = client.startSpan("fine");
    const bad = client.startSpan("bad");
    fine.startSpan("step of fine").end();
    bad.startSpan("step of bad").end();
    bad.recordError(new Error("bad")).end();
    fine.end();
    await client.flush();

    expect(names()).toEqual(["step of bad", "bad"]);
  });

  it("stays out where sampled is false, even when it fails", async () => {
    const { client } = traced;
    const root = client.startSpan({ name: "root", sampled: false });
    root.startSpan("child").recordError(new Error("never")).end();
    root.recordError(new Error("never")).end();

    expect((await client.flush()).offered).toBe(0);
  });

  it("is forgotten with a root that shouldExport holds back", async () => {
    const client = traced.createClient({ shouldExport: ({ parentId }) => parentId !== undefined });
    const root = client.startSpan("root");
    root.startSpan("child").end();
    const late = root.startSpan("late");
    root.end();
    late.end();

    expect((await client.flush()).offered).toBe(0);
  });

  it("of a rate of 1 is none: errors change nothing", async () => {
    const client = traced.createClient({ sampleRate: 1 });
    client.startAsCurrentSpan("root", (root) => root.startSpan("child").end());
    await client.flush();

    expect(names()).toEqual(["child", "root"]);
  });
});

describe("without keepErrors", () => {
  const traced = useTraced({ sampleRate: 0 });

  it("an error changes nothing for a trace that the rate leaves out", async () => {
    traced.client.startSpan("root").recordError(new Error("unseen")).end();

    expect((await traced.client.flush()).offered).toBe(0);
  });
});

describe("what waits for an error", () => {
  const limits = { maxHoldBytes: 64 * 1_024 };

  function createKeeper() {
    const { logger, lines } = createLevelLog();
    const ended: string[] = [];
    const scores: string[] = [];
    const keeper = new KeepErrors(
      {
        end: (_trace, { name }) => void ended.push(name),
        release: () => {},
        score: (json) => void scores.push(json),
      },
      limits,
      createDiagnostics(logger, "info"),
    );
    return { keeper, ended, scores, lines };
  }

  function undecided(): TraceState {
    const id = TraceId.random();
    return new TraceState({ id, sampling: "undecided", epochMs: 0, scope: undefined });
  }

  const span = (name: string, bytes = 0) => createRecord({ name, input: "x".repeat(bytes / 2) });
  const error = (name: string) => createRecord({ name, level: "ERROR" });

  it("is bounded in bytes: the oldest trace is forgotten, the others are not", () => {
    const { keeper, ended } = createKeeper();
    const [old, young] = [undecided(), undecided()];
    keeper.end(old, span("old 1", 30_000), NO_TRACE_ATTRIBUTES);
    keeper.end(young, span("young 1", 20_000), NO_TRACE_ATTRIBUTES);
    keeper.end(young, span("young 2", 20_000), NO_TRACE_ATTRIBUTES);

    keeper.end(old, span("old 2"), NO_TRACE_ATTRIBUTES);
    keeper.end(young, error("young 3"), NO_TRACE_ATTRIBUTES);
    expect(ended).toEqual(["young 1", "young 2", "young 3"]);
    expect(keeper.byteLength).toBe(0);

    keeper.end(old, error("old 3"), NO_TRACE_ATTRIBUTES);
    keeper.end(old, span("old 4"), NO_TRACE_ATTRIBUTES);
    expect(ended.slice(3)).toEqual(["old 3", "old 4"]);
  });

  it("says once that it forgets for want of room, and not that traces ended well", () => {
    const { keeper, lines } = createKeeper();
    const fine = undecided();
    keeper.end(fine, span("fine"), NO_TRACE_ATTRIBUTES);
    keeper.release(fine);
    expect(lines).toEqual([]);
    for (const trace of [undecided(), undecided(), undecided()]) {
      keeper.end(trace, span("large", 60_000), NO_TRACE_ATTRIBUTES);
    }
    expect(lines).toEqual([
      "warn: [playhead] More than 65536 bytes of spans wait for an error of their traces (keepErrors): the oldest traces are forgotten, and of one that fails later only what ends from then on is delivered. Raise maxHoldBytes, or record less in each span.",
    ]);
  });

  it("never grows past its bound, however many traces stay open", () => {
    const { keeper } = createKeeper();
    let largest = 0;
    for (let index = 0; index < 2_000; index += 1) {
      keeper.end(undecided(), span("step"), NO_TRACE_ATTRIBUTES);
      keeper.score("{}", undecided());
      largest = Math.max(largest, keeper.byteLength);
    }
    expect(largest).toBeLessThanOrEqual(limits.maxHoldBytes);
    expect(largest).toBeGreaterThan(limits.maxHoldBytes / 2);
  });

  it("counts pictures and files with it, whether they stood as text or as bytes", () => {
    const media = (original: string | undefined) => ({
      token: "token",
      contentType: "image/png",
      source: "bytes" as const,
      field: "input" as const,
      load: () => new Uint8Array(),
      original,
    });
    for (const original of ["x".repeat(limits.maxHoldBytes), undefined]) {
      const { keeper } = createKeeper();
      const plain = undecided();
      keeper.end(plain, span("plain"), NO_TRACE_ATTRIBUTES);
      const record = { ...span("picture"), media: [media(original)] };
      keeper.end(undecided(), record, NO_TRACE_ATTRIBUTES);
      expect(plain.sampling).toBe("forgotten");
      expect(keeper.byteLength).toBe(0);
    }
  });

  it("lets go of a trace that alone is too large, and takes up others again", () => {
    const { keeper, ended } = createKeeper();
    const [huge, small] = [undecided(), undecided()];
    keeper.end(huge, span("huge", 200_000), NO_TRACE_ATTRIBUTES);
    expect(keeper.byteLength).toBe(0);
    keeper.end(small, span("small"), NO_TRACE_ATTRIBUTES);
    keeper.end(small, error("fails"), NO_TRACE_ATTRIBUTES);
    expect(ended).toEqual(["small", "fails"]);
  });
});
