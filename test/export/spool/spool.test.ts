import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  append,
  attributes,
  EVERYTHING,
  type SpoolFolder,
  score,
  settlesWritten,
  span,
  spoolFolder,
  TRACE_A,
  TRACE_B,
  takeAll,
  texts,
} from "./support/spool-folder";

let folder: SpoolFolder;
beforeEach(() => {
  folder = spoolFolder();
});
afterEach(() => {
  folder[Symbol.dispose]();
});

describe("append and take", () => {
  it("gives back what was spooled, every field of it, in the order it came", async () => {
    const { spool } = folder.open();
    const records = [
      span("first", { isRoot: true, traceAttributes: Buffer.from("attributes") }),
      score('{"value":1}'),
      span("", { traceId: "" }),
    ];
    const tickets = records.map((record) => append(spool, record));
    const taken = await spool.take(EVERYTHING);
    expect(taken.map(({ ticket: _, ...record }) => record)).toEqual(records);
    expect(taken.map(({ ticket }) => ticket)).toEqual(tickets);
    expect(tickets.map(({ kind, byteLength, isAdopted }) => [kind, byteLength, isAdopted])).toEqual(
      [
        ["span", 15, false],
        ["score", 11, false],
        ["span", 0, false],
      ],
    );
  });

  it("gives each record out once, also to callers at the same time", async () => {
    const { spool } = folder.open();
    for (let index = 0; index < 20; index += 1) append(spool, span(`${index}`));
    const limits = { maxRecords: 12, maxBytes: 1_000 };
    const [left, right, third] = await Promise.all([
      spool.take(limits),
      spool.take(limits),
      spool.take(limits),
    ]);
    expect([left.length, right.length, third.length]).toEqual([12, 8, 0]);
    expect(new Set(texts([...left, ...right])).size).toBe(20);
  });

  it("keeps to the limits, but gives at least one record", async () => {
    const { spool } = folder.open();
    for (const text of ["aaaa", "bbbb", "cccc", "dddddddddddd"]) append(spool, span(text));
    expect(texts(await spool.take({ maxRecords: 1, maxBytes: 100 }))).toEqual(["aaaa"]);
    expect(texts(await spool.take({ maxRecords: 9, maxBytes: 8 }))).toEqual(["bbbb", "cccc"]);
    expect(texts(await spool.take({ maxRecords: 9, maxBytes: 8 }))).toEqual(["dddddddddddd"]);
    expect(await spool.take({ maxRecords: 9, maxBytes: 8 })).toEqual([]);
  });

  it("does not give out what the caller has in memory, until it is spilled", async () => {
    const { spool } = folder.open();
    const first = append(spool, span("first"), true);
    append(spool, span("second"));
    expect(spool.backlog).toEqual({ count: 1, byteLength: 6 });
    expect(spool.spill(first)).toBe(true);
    expect(spool.backlog).toEqual({ count: 2, byteLength: 11 });
    expect(texts(await spool.take(EVERYTHING))).toEqual(["first", "second"]);
    expect(spool.backlog).toEqual({ count: 0, byteLength: 0 });
  });

  it("takes a record back that was taken, to the place of its age", async () => {
    const { spool } = folder.open();
    for (const text of ["first", "second", "third"]) append(spool, span(text));
    const [, second] = await spool.take({ maxRecords: 2, maxBytes: 100 });
    if (second === undefined) throw new Error("nothing taken");
    expect(spool.spill(second.ticket)).toBe(true);
    expect(texts(await spool.take(EVERYTHING))).toEqual(["second", "third"]);
  });

  it("does not give out what is settled or spilled while it is read", async () => {
    const { spool } = folder.open();
    const tickets = ["settled", "spilled", "taken"].map((text) => append(spool, span(text)));
    const [settled, spilled] = tickets;
    if (settled === undefined || spilled === undefined) throw new Error("not stored");
    await spool.adopt();
    const taking = spool.take(EVERYTHING);
    await Promise.resolve(); // chosen by now, but not read
    spool.settle(settled);
    spool.spill(spilled);
    expect(texts(await taking)).toEqual(["taken"]);
    expect(texts(await spool.take(EVERYTHING))).toEqual(["spilled"]);
  });

  it("does not change what is stored when the caller reuses its memory", async () => {
    const { spool } = folder.open();
    const body = Buffer.from("before");
    append(spool, span("", { body }));
    body.write("behind");
    expect(texts(await spool.take(EVERYTHING))).toEqual(["before"]);
  });

  it("stores records larger than a segment, and goes on", async () => {
    const { spool } = folder.open();
    const large = "x".repeat(9_000_000);
    for (const text of ["before", large, "after"]) append(spool, span(text));
    expect(texts(await spool.take(EVERYTHING))).toEqual(["before", large, "after"]);
  });
});

describe("settle", () => {
  it("keeps a record from being given out, by this process and by the next", async () => {
    const { spool, crash } = folder.open();
    const tickets = ["first", "second", "third"].map((text) => append(spool, span(text)));
    const [first, second] = tickets;
    if (first === undefined || second === undefined) throw new Error("not stored");
    spool.settle(first);
    expect(spool.backlog.count).toBe(2);
    const [taken] = await spool.take({ maxRecords: 1, maxBytes: 100 });
    expect(taken?.ticket).toBe(second);
    spool.settle(second);
    await settlesWritten();
    crash();
    expect(texts(await takeAll(folder.open().spool))).toEqual(["third"]);
  });

  it("counts once, and cannot be undone", async () => {
    const { spool } = folder.open();
    const ticket = append(spool, span("only"));
    append(spool, span("other"));
    spool.settle(ticket);
    spool.settle(ticket);
    expect(spool.spill(ticket)).toBe(false);
    expect(spool.backlog).toEqual({ count: 1, byteLength: 5 });
  });

  it("leaves an empty folder when everything is delivered, and goes on after that", async () => {
    const { spool } = folder.open();
    const tickets = Array.from({ length: 50 }, (_, index) => append(spool, span(`${index}`), true));
    for (const ticket of tickets) spool.settle(ticket);
    await settlesWritten();
    expect(folder.files()).toEqual([]);
    expect(spool.storedBytes).toBe(0);
    append(spool, span("later"));
    expect(texts(await spool.take(EVERYTHING))).toEqual(["later"]);
  });

  it("deletes each segment whose records are all settled", async () => {
    const { spool } = folder.open();
    const body = "x".repeat(1_000_000);
    const tickets = Array.from({ length: 9 }, () => append(spool, span(body), true));
    const before = folder.files();
    expect(before.length).toBe(3);
    for (const ticket of tickets.slice(0, 3)) spool.settle(ticket);
    await settlesWritten();
    expect(folder.files()).toEqual(before.slice(1));
  });

  it("is written with the next turn of the event loop at the latest", async () => {
    const { spool, crash } = folder.open();
    const tickets = Array.from({ length: 10_000 }, (_, index) => append(spool, span(`${index}`)));
    for (const ticket of tickets.slice(0, -1)) spool.settle(ticket);
    await settlesWritten();
    crash();
    expect(texts(await takeAll(folder.open().spool))).toEqual(["9999"]);
  });
});

describe("bind", () => {
  const bound = attributes({ "session.id": "final" });

  it("gives a trace's records the attributes bound last, on this side and after a crash", async () => {
    for (const isCrashed of [false, true]) {
      const { spool, crash } = folder.open();
      const early = attributes({ "session.id": "early" });
      append(spool, span("", { traceAttributes: early }));
      append(spool, span("", { traceAttributes: early, traceId: TRACE_B }));
      spool.bind(TRACE_A, attributes({ "session.id": "middle" }));
      append(spool, span("", { traceAttributes: early }));
      spool.bind(TRACE_A, bound);
      if (isCrashed) crash();
      const taken = await takeAll(isCrashed ? folder.open().spool : spool);
      expect(taken.map(({ traceAttributes }) => traceAttributes)).toEqual([bound, early, bound]);
    }
  });

  it("leaves out what a span says itself, and keeps what only the span was given", async () => {
    const { spool } = folder.open();
    append(
      spool,
      span("", {
        body: attributes({ "user.id": "own" }),
        traceAttributes: attributes({ "session.id": "early", "langfuse.trace.name": "scope" }),
      }),
    );
    spool.bind(TRACE_A, attributes({ "user.id": "trace", "session.id": "final" }));
    const [taken] = await spool.take(EVERYTHING);
    expect(taken?.traceAttributes).toEqual(
      attributes({ "session.id": "final", "langfuse.trace.name": "scope" }),
    );
  });

  it("reaches the records of a trace in every segment, although segments are deleted in between", async () => {
    const { spool, crash } = folder.open();
    const filler = "x".repeat(3_000_000);
    append(spool, span("", { body: attributes({ n: "1" }) }));
    const settled = [append(spool, span(filler)), append(spool, span(filler))];
    append(spool, span("", { body: attributes({ n: "2" }) }));
    spool.bind(TRACE_A, bound);
    for (const ticket of settled) spool.settle(ticket);
    await settlesWritten();
    crash();
    const taken = await takeAll(folder.open().spool);
    expect(taken.map(({ traceAttributes }) => traceAttributes)).toEqual([bound, bound]);
  });

  it("leaves a later record with the attributes it brings", async () => {
    const { spool } = folder.open();
    const newer = attributes({ "session.id": "newer" });
    append(spool, span(""));
    spool.bind(TRACE_A, bound);
    append(spool, span("", { traceAttributes: newer }));
    const taken = await spool.take(EVERYTHING);
    expect(taken.map(({ traceAttributes }) => traceAttributes)).toEqual([bound, newer]);
  });

  it("writes nothing for a trace without records", () => {
    const { spool } = folder.open();
    append(spool, span("record"));
    const before = spool.storedBytes;
    spool.bind(TRACE_B, bound);
    spool.bind("no id", bound);
    expect(spool.storedBytes).toBe(before);
  });
});

describe("adopt", () => {
  it("takes over what a dead process had in memory or on disk, oldest first, before one's own", async () => {
    const first = folder.open();
    append(first.spool, span("in memory"), true);
    append(first.spool, span("spooled"));
    first.crash();
    folder.now += 1_000;
    const second = folder.open();
    append(second.spool, span("newer"));
    const taken = await takeAll(second.spool);
    expect(texts(taken)).toEqual(["in memory", "spooled", "newer"]);
    expect(taken.map(({ ticket }) => ticket.isAdopted)).toEqual([true, true, false]);
  });

  it("never touches the segments of a process that is alive", async () => {
    const alive = folder.open();
    append(alive.spool, span("mine"));
    const before = folder.files();
    const other = folder.open();
    expect(await takeAll(other.spool)).toEqual([]);
    expect(folder.files()).toEqual(before);
    expect(texts(await alive.spool.take(EVERYTHING))).toEqual(["mine"]);
  });

  it("gives each record to one of several processes that come at the same time", async () => {
    const dead = folder.open();
    for (let index = 0; index < 10; index += 1) append(dead.spool, span("x".repeat(2_000_000)));
    dead.crash();
    const heirs = Array.from({ length: 4 }, () => folder.open().spool);
    const taken = await Promise.all(heirs.map(takeAll));
    expect(taken.flat().length).toBe(10);
  });

  it("takes over what a spool of the same process left when it was closed", async () => {
    const first = folder.open();
    append(first.spool, span("left"), true);
    first.spool.closeSync();
    const { spool } = folder.open();
    expect(texts(await takeAll(spool))).toEqual(["left"]);
  });

  it("knows the backlog of others once it has resolved", async () => {
    const dead = folder.open();
    append(dead.spool, span("12345"));
    dead.crash();
    const { spool } = folder.open();
    await spool.adopt();
    expect(spool.backlog).toEqual({ count: 1, byteLength: 5 });
  });

  it("passes on what was adopted and not settled when the heir dies, too", async () => {
    const first = folder.open();
    const records = ["first", "second", "third"];
    for (const text of records) append(first.spool, span(text));
    first.crash();
    const second = folder.open();
    const [taken] = await takeAll(second.spool);
    if (taken === undefined) throw new Error("nothing taken");
    second.spool.settle(taken.ticket);
    await settlesWritten();
    second.crash();
    expect(texts(await takeAll(folder.open().spool))).toEqual(["second", "third"]);
  });
});

describe("closeSync", () => {
  it("writes what was settled, keeps the rest, and may be called again", async () => {
    const { spool } = folder.open();
    const settled = append(spool, span("settled"));
    append(spool, span("kept"));
    spool.settle(settled);
    spool.closeSync();
    spool.closeSync();
    expect(texts(await takeAll(folder.open().spool))).toEqual(["kept"]);
  });

  it("leaves nothing behind when all is settled", () => {
    const { spool } = folder.open();
    spool.settle(append(spool, span("settled")));
    spool.closeSync();
    expect(folder.files()).toEqual([]);
  });

  it("ends everything: nothing is stored, given out or changed afterwards", async () => {
    const { spool } = folder.open();
    const ticket = append(spool, span("kept"));
    const taking = spool.take(EVERYTHING);
    spool.closeSync();
    const before = folder.files();
    expect(await taking).toEqual([]);
    expect(spool.append(span("late"), { isInMemory: false })).toBeUndefined();
    expect(spool.spill(ticket)).toBe(false);
    spool.settle(ticket);
    spool.bind(TRACE_A, attributes({ "session.id": "late" }));
    await settlesWritten();
    expect(await takeAll(spool)).toEqual([]);
    expect(folder.files()).toEqual(before);
    expect(texts(await takeAll(folder.open().spool))).toEqual(["kept"]);
  });

  it("hands back what it is about to adopt", async () => {
    const dead = folder.open();
    for (let index = 0; index < 5; index += 1) append(dead.spool, span(`${index}`));
    dead.crash();
    const heir = folder.open().spool;
    const adopting = heir.adopt();
    heir.closeSync();
    await adopting;
    expect((await takeAll(folder.open().spool)).length).toBe(5);
  });
});
