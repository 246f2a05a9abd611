import fc from "fast-check";
import { expect, it } from "vitest";
import { Playhead } from "../../src/client/playhead";
import type { DeliveryCounts, Stats } from "../../src/diagnostics/stats";
import type { Observation } from "../../src/observation/observation";
import { always, type Fault, HEALTHY, startFaultServer } from "../support/fault-server";
import { createRecordingLogger } from "../support/recording-logger";

const FAULTS: readonly Fault[] = [
  { kind: "answer", status: 503 },
  { kind: "answer", status: 429, headers: { "retry-after": "0" } },
  { kind: "reset before answer" },
  { kind: "close after answer" },
];

type Step =
  | { readonly do: "start" | "startChild" | "update" | "updateTrace" | "end" | "score" }
  | { readonly do: "flush" | "recover" | "shutdown" }
  | { readonly do: "fail"; readonly fault: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom("start", "startChild", "end", "end").map(toStep) },
  { weight: 6, arbitrary: fc.constantFrom("update", "updateTrace", "score").map(toStep) },
  { weight: 4, arbitrary: fc.constantFrom("flush", "recover").map(toStep) },
  { weight: 1, arbitrary: fc.constant("shutdown" as const).map(toStep) },
  {
    weight: 2,
    arbitrary: fc.nat(FAULTS.length - 1).map((fault): Step => ({ do: "fail", fault })),
  },
);

function toStep(name: Exclude<Step["do"], "fail">): Step {
  return { do: name };
}

it("keeps its books whatever the order of start, update, end, flush, failure, recovery and shutdown", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      await using server = await startFaultServer(always(HEALTHY));
      const client = new Playhead({
        baseUrl: server.url,
        logger: createRecordingLogger(),
        spool: false,
        flushIntervalMs: 1,
        maxBatchSpans: 3,
        shutdownTimeoutMs: 20,
      });
      const open: Observation[] = [];
      let ended = 0;
      let scored = 0;
      const act: Record<Exclude<Step["do"], "fail">, () => unknown> = {
        start: () => open.push(client.startSpan("root")),
        startChild: () => open.push((open.at(-1) ?? client).startSpan("child")),
        update: () => open.at(-1)?.update({ output: "later" }),
        updateTrace: () => open.at(-1)?.updateTrace({ sessionId: `s${ended}` }),
        end: () => {
          const [observation] = open.splice(-1);
          if (observation === undefined) return;
          observation.end();
          ended += 1;
        },
        score: () => {
          client.createScore({ name: "n", value: 1, sessionId: "s" });
          scored += 1;
        },
        flush: () => client.flush({ timeoutMs: 20 }),
        recover: () => {
          server.script = always(HEALTHY);
        },
        shutdown: () => client.shutdown(),
      };
      for (const taken of steps) {
        if (taken.do === "fail") server.script = always(FAULTS[taken.fault] ?? HEALTHY);
        else await act[taken.do]();
        expectBalanced(client.stats(), ended, scored);
      }
      server.script = always(HEALTHY);
      await client.flush();
      const { pending, delivered, dropped } = client.stats();
      expect({ pending, settled: delivered + dropped }).toEqual({ pending: 0, settled: ended });
      expect(server.repeated).toEqual([]);
      await client.shutdown();
    }),
    { numRuns: 40 },
  );
});

function expectBalanced(stats: Stats, ended: number, scored: number): void {
  expect(stats.offered).toBe(ended);
  expect(stats.scores.offered).toBe(scored);
  for (const books of [stats, stats.bytes, stats.scores]) expect(sumOf(books)).toBe(books.offered);
  expect(stats.held).toBeLessThanOrEqual(stats.pending);
}

function sumOf({ delivered, rejected, dropped, pending }: DeliveryCounts): number {
  expect(Math.min(delivered, rejected, dropped, pending)).toBeGreaterThanOrEqual(0);
  return delivered + rejected + dropped + pending;
}
