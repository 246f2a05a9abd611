import { appendFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { varintLength, writeVarint } from "../../../src/export/protobuf-writer";
import { encodeRecord } from "../../../src/export/spool/segment-format";
import type { SpooledRecord, SpoolRecord, SpoolTicket } from "../../../src/export/spool/spool";
import {
  attributes,
  EVERYTHING,
  type RunningSpool,
  type SpoolFolder,
  settlesWritten,
  spoolFolder,
} from "./support/spool-folder";

type Step =
  | {
      readonly do: "append";
      readonly trace: number;
      readonly size: number;
      readonly isInMemory: boolean;
    }
  | { readonly do: "settle" | "spill"; readonly which: number }
  | { readonly do: "bind"; readonly trace: number }
  | { readonly do: "take"; readonly count: number }
  | { readonly do: "adopt" | "close" }
  | { readonly do: "crash"; readonly tornBytes: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("append" as const),
      trace: fc.nat(2),
      size: fc.oneof(
        { weight: 6, arbitrary: fc.nat(300) },
        { weight: 1, arbitrary: fc.integer({ min: 1_000_000, max: 5_000_000 }) },
      ),
      isInMemory: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom("settle" as const, "spill" as const),
      which: fc.nat(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("bind" as const), trace: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("take" as const), count: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("adopt" as const, "close" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("crash" as const), tornBytes: fc.nat(60) }) },
);

/** A record as it ought to be. */
interface Expected {
  readonly id: string;
  readonly trace: number;
  readonly length: number;
  /** The process whose segments have it; undefined: a dead one's. */
  keeper: number | undefined;
  /** Set while a process has it in memory or settled it. */
  ticket: SpoolTicket | undefined;
  isGivenOut: boolean;
  isSettled: boolean;
  session: string;
}

/** Two processes on one folder, and what each record ought to be. */
class Model {
  readonly #folder: SpoolFolder;
  readonly #running: RunningSpool[] = [];
  readonly #records = new Map<string, Expected>();
  #bindCount = 0;

  constructor(folder: SpoolFolder) {
    this.#folder = folder;
  }

  async start(process: number): Promise<void> {
    this.#running[process] = this.#folder.open();
    await this.#adopt(process);
  }

  async apply(process: number, step: Step): Promise<void> {
    const { spool, crash } = this.#spoolOf(process);
    switch (step.do) {
      case "append": {
        const id = `record ${this.#records.size}`;
        const record = recordFor(id, step);
        const ticket = spool.append(record, { isInMemory: step.isInMemory });
        expect(ticket).toBeDefined();
        this.#records.set(id, {
          id,
          trace: step.trace,
          length: record.body.length,
          keeper: process,
          ticket,
          isGivenOut: step.isInMemory,
          isSettled: false,
          session: "early",
        });
        return;
      }
      case "settle":
      case "spill": {
        const own = this.#keptBy(process).filter(({ ticket }) => ticket !== undefined);
        const chosen = own[step.which % Math.max(1, own.length)];
        if (chosen?.ticket === undefined) return;
        if (step.do === "spill") expect(spool.spill(chosen.ticket)).toBe(true);
        else spool.settle(chosen.ticket);
        chosen.isGivenOut = false;
        chosen.isSettled = step.do === "settle";
        return;
      }
      case "bind": {
        this.#bindCount += 1;
        const session = `bound ${this.#bindCount}`;
        spool.bind(traceId(step.trace), attributes({ "session.id": session }));
        for (const record of this.#keptBy(process)) {
          if (record.trace === step.trace) record.session = session;
        }
        return;
      }
      case "take":
        this.check(process, await spool.take({ maxRecords: step.count, maxBytes: 6_000_000 }));
        return;
      case "adopt":
        await this.#adopt(process);
        return;
      case "close":
        spool.closeSync();
        break;
      case "crash":
        await settlesWritten();
        crash();
        this.#tear(process, step.tornBytes);
        break;
    }
    for (const record of this.#keptBy(process)) {
      record.keeper = undefined;
      record.ticket = undefined;
      record.isGivenOut = false;
    }
    await this.start(process);
  }

  /** Looks whether a process was given only what it may get, as it ought to be. */
  check(process: number, taken: readonly SpooledRecord[]): void {
    for (const { body, traceAttributes, ticket } of taken) {
      const record = this.#records.get(idOf(body));
      if (record === undefined) throw new Error("a record that nobody appended");
      expect([record.id, record.keeper, record.isGivenOut, record.isSettled]).toEqual([
        record.id,
        process,
        false,
        false,
      ]);
      expect(body.length).toBe(record.length);
      expect(traceAttributes).toEqual(attributes({ "session.id": record.session }));
      record.isGivenOut = true;
      record.ticket = ticket;
    }
  }

  /** Ends both processes; a third gets all that was not settled. */
  async end(): Promise<void> {
    for (const process of [0, 1]) {
      const open = this.#keptBy(process).filter(({ isGivenOut }) => !isGivenOut);
      expect(this.#spoolOf(process).spool.backlog.count).toBe(open.length);
    }
    await settlesWritten();
    for (const { crash } of this.#running) crash();
    for (const record of this.#records.values()) {
      record.keeper = undefined;
      record.isGivenOut = false;
    }
    await this.start(2);
    const { spool } = this.#spoolOf(2);
    const taken = await spool.take(EVERYTHING);
    this.check(2, taken);
    const unsettled = [...this.#records.values()].filter(({ isSettled }) => !isSettled);
    expect(taken.length).toBe(unsettled.length);
    for (const { ticket } of taken) spool.settle(ticket);
    await settlesWritten();
    expect(spool.storedBytes).toBe(0);
    expect(spool.damagedCount).toBe(0);
    expect(this.#folder.lost).toEqual([]);
  }

  async #adopt(process: number): Promise<void> {
    await this.#spoolOf(process).spool.adopt();
    for (const record of this.#records.values()) {
      if (record.keeper === undefined && !record.isSettled) record.keeper = process;
    }
  }

  /** Leaves the beginning of a write behind, as a process that is killed may. */
  #tear(process: number, byteLength: number): void {
    const { pid } = this.#spoolOf(process);
    const newest = this.#folder.files().findLast((file) => file.includes(`-${pid}-`));
    if (newest === undefined) return;
    const entry = encodeRecord(recordFor("never stored", { trace: 0, size: 100 }));
    appendFileSync(join(this.#folder.dir, newest), entry.subarray(0, byteLength));
  }

  #keptBy(process: number): Expected[] {
    return [...this.#records.values()].filter(
      ({ keeper, isSettled }) => keeper === process && !isSettled,
    );
  }

  #spoolOf(process: number): RunningSpool {
    const running = this.#running[process];
    if (running === undefined) throw new Error("not started");
    return running;
  }
}

function traceId(trace: number): string {
  return `${trace}`.repeat(32);
}

/** A span with its id as an attribute, and a name of `size` bytes. */
function recordFor(id: string, { trace, size }: { trace: number; size: number }): SpoolRecord {
  const name = Buffer.alloc(1 + varintLength(size) + size, "x");
  name[0] = 0x22;
  writeVarint(name, size, 1);
  return {
    kind: "span",
    body: Buffer.concat([attributes({ id }), name]),
    traceAttributes: attributes({ "session.id": "early" }),
    isRoot: false,
    traceId: traceId(trace),
  };
}

/** @param body - of {@link recordFor}: a KeyValue with the key `id` and a text */
function idOf(body: Buffer): string {
  const valueAt = 10; // behind the tags and lengths of KeyValue, key, AnyValue and text
  return body.toString("utf8", valueAt, valueAt + (body[valueAt - 1] ?? 0));
}

it("gives every record that is not settled out once, whatever two processes do and however they end", async () => {
  const steps = fc.array(fc.tuple(fc.nat(1), step), { minLength: 5, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      using folder = spoolFolder();
      const model = new Model(folder);
      await model.start(0);
      await model.start(1);
      for (const [process, next] of all) await model.apply(process, next);
      await model.end();
    }),
    { numRuns: 60 },
  );
}, 120_000);
