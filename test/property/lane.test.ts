import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { SpanItem } from "../../src/export/span-lane";
import { DELIVERED, PATIENT, REJECTED, RETRYABLE, TOO_LARGE } from "../support/scripted-delivery";
import {
  createScriptedLane,
  idOf,
  type LaneSetup,
  type ScriptedLane,
} from "../support/scripted-lane";

const AGAIN = { ...RETRYABLE, retryAfterMs: 0 };
const ANSWERS = [DELIVERED, DELIVERED, REJECTED, AGAIN, TOO_LARGE, "partial"] as const;

type Step =
  | { readonly kind: "offer"; readonly contentBytes: number }
  | { readonly kind: "answer"; readonly which: number; readonly answer: (typeof ANSWERS)[number] }
  | { readonly kind: "wait" }
  | { readonly kind: "drain" }
  /** The process ends and another one goes on. */
  | { readonly kind: "restart" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("offer" as const),
      contentBytes: fc.integer({ min: 1, max: 400 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("answer" as const),
      which: fc.nat({ max: 3 }),
      answer: fc.constantFrom(...ANSWERS),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("wait" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("drain" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart" as const) }) },
);

/** Lanes on one folder, one after the other, and what a server would say of them. */
class Run {
  readonly #setup: LaneSetup;
  #scripted: ScriptedLane;
  #offeredCount = 0;
  readonly #bytes = new Map<string, number>();
  readonly #delivered = new Set<string>();
  readonly #rejected = new Set<string>();
  #droppedCount = 0;
  /** Of the present lane. */
  #own = { offered: 0, deliveredBytes: 0, deliveredCount: 0 };
  #hasRestarted = false;

  constructor(setup: LaneSetup) {
    this.#setup = setup;
    this.#scripted = createScriptedLane(setup);
  }

  async take(step: Step): Promise<void> {
    const { lane, open } = this.#scripted;
    switch (step.kind) {
      case "offer": {
        this.#offeredCount += 1;
        const byteLength = this.#scripted.offer(this.#offeredCount, step.contentBytes);
        this.#bytes.set(idOf(this.#offeredCount), byteLength);
        this.#own.offered += byteLength;
        break;
      }
      case "answer": {
        const attempt = open[step.which % Math.max(1, open.length)];
        if (attempt === undefined) break;
        if (step.answer !== "partial") {
          if (step.answer.status === "delivered") this.#note(attempt.items);
          await attempt.answer(step.answer);
          break;
        }
        const [bad, ...rest] = attempt.items;
        const later = rest.slice(0, 1);
        this.#note(rest.slice(1));
        await attempt.answer({
          status: "per-item",
          rejected: bad === undefined ? [] : [{ item: bad, failure: REJECTED }],
          retryable: later.length === 0 ? undefined : { items: later, failure: RETRYABLE },
        });
        break;
      }
      case "wait":
        await new Promise((resolve) => setTimeout(resolve, 2));
        break;
      case "drain":
        void lane.drain(PATIENT);
        break;
      case "restart":
        await this.#restart();
    }
    this.#check();
  }

  #note(items: readonly SpanItem[]): void {
    for (const item of items) {
      const id = item.body.toString("hex", 20, 28);
      expect(this.#delivered.has(id)).toBe(false);
      expect(item.byteLength).toBe(this.#bytes.get(id));
      this.#delivered.add(id);
      this.#own.deliveredCount += 1;
      this.#own.deliveredBytes += item.byteLength;
    }
  }

  async #restart(): Promise<void> {
    const { lane } = this.#scripted;
    const { pending } = lane.account.counts;
    const { spooled } = lane.stats();
    const { kept, lost } = lane.close("process ended");
    expect(kept + lost).toBe(pending - spooled);
    expect(lane.close("process ended")).toEqual({ kept: 0, lost: 0 });
    expect(lane.account.counts.pending).toBe(pending - lost);
    expect(lane.stats().spooled).toBe(pending - lost);
    this.#readEvents();
    this.#hasRestarted = true;
    this.#own = { offered: 0, deliveredBytes: 0, deliveredCount: 0 };
    this.#scripted = createScriptedLane(this.#setup);
    await this.#scripted.lane.adopt();
  }

  /** Takes over what the present lane has told. */
  #readEvents(): void {
    for (const { kind, count, reason } of this.#scripted.events) {
      if (kind === "dropped") this.#droppedCount += count;
      if (kind !== "rejected") continue;
      const id = /^span ([0-9a-f]{16}) /.exec(reason)?.[1] ?? "";
      expect(this.#rejected.has(id)).toBe(false);
      this.#rejected.add(id);
    }
  }

  #check(): void {
    const { counts, bytes, spooled } = this.#scripted.lane.stats();
    for (const { offered, delivered, rejected, dropped, pending } of [counts, bytes]) {
      expect(offered).toBe(delivered + rejected + dropped + pending);
      expect(pending).toBeGreaterThanOrEqual(0);
    }
    expect(counts.pending === 0).toBe(bytes.pending === 0);
    expect(spooled).toBeLessThanOrEqual(counts.pending);
    expect(counts.delivered).toBe(this.#own.deliveredCount);
    expect(bytes.delivered).toBe(this.#own.deliveredBytes);
    if (!this.#hasRestarted) expect(bytes.offered).toBe(this.#own.offered);
  }

  /** Lets the endpoint take everything from here on. */
  async finish(): Promise<void> {
    const { lane } = this.#scripted;
    let isDrained = false;
    void lane.drain(PATIENT).then((isSettled) => {
      expect(isSettled).toBe(true);
      isDrained = true;
    });
    const deadlineAt = performance.now() + 10_000;
    while (!isDrained && performance.now() < deadlineAt) {
      await this.take({ kind: "answer", which: 0, answer: DELIVERED });
      await nextTurn();
    }
    expect(isDrained).toBe(true);
    await nextTurn(); // drops are told on the next turn
    expect(lane.stats()).toMatchObject({
      counts: { pending: 0 },
      bytes: { pending: 0 },
      spooled: 0,
    });
    expect(lane.close("process ended")).toEqual({ kept: 0, lost: 0 });
    this.#readEvents();
    expect([...this.#rejected].filter((id) => this.#delivered.has(id))).toEqual([]);
    expect(this.#delivered.size + this.#rejected.size + this.#droppedCount).toBe(
      this.#offeredCount,
    );
    const { dir } = this.#setup;
    expect(existsSync(dir) ? readdirSync(dir) : []).toEqual([]);
  }
}

it.each([
  ["of 10 MB", { maxSpoolBytes: 10_000_000, isDurable: false }],
  ["of 2 KB, which is soon full", { maxSpoolBytes: 2_048, isDurable: false }],
  ["that is durable", { maxSpoolBytes: 10_000_000, isDurable: true }],
])(
  "keeps its books in spans and bytes, and delivers nothing twice, over a spool %s",
  async (_, setup) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 50 }), async (steps) => {
        const dir = join(mkdtempSync(join(tmpdir(), "playhead-lane-")), "spans");
        try {
          const run = new Run({ dir, ...setup });
          for (const next of steps) await run.take(next);
          await run.finish();
        } finally {
          rmSync(join(dir, ".."), { recursive: true, force: true });
        }
      }),
      { numRuns: 120 },
    );
  },
);
