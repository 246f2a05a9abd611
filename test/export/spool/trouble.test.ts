import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ELSEWHERE_TIMEOUT_MS } from "../../../src/export/spool/folder";
import { RETRY_MS } from "../../../src/export/spool/open-spool";
import { HEADER_BYTES, PREFIX_BYTES } from "../../../src/export/spool/segment-format";
import {
  append,
  attributes,
  EVERYTHING,
  type SpoolFolder,
  settlesWritten,
  span,
  spoolFolder,
  TRACE_A,
  takeAll,
  texts,
} from "./support/spool-folder";

const RECORD_BYTES = PREFIX_BYTES + 1 + 16 + 4;
const isWindows = process.platform === "win32";
const isRoot = process.getuid?.() === 0;

let folder: SpoolFolder;
beforeEach(() => {
  folder = spoolFolder();
});
afterEach(() => {
  folder[Symbol.dispose]();
});

function onlyFile(): string {
  const [file, ...others] = folder.files();
  if (file === undefined || others.length > 0) throw new Error("expected one segment");
  return join(folder.dir, file);
}

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

describe("the folder", () => {
  it("is made with the first record, not before", async () => {
    const { spool } = folder.open();
    await spool.adopt();
    expect(readdirSync(dirname(folder.dir))).toEqual([]);
    append(spool, span("first"));
    expect(folder.files().length).toBe(1);
  });

  it.skipIf(isWindows)("and its files are open to the owner alone", () => {
    append(folder.open().spool, span("secret"));
    expect(modeOf(folder.dir)).toBe(0o700);
    expect(modeOf(onlyFile())).toBe(0o600);
  });

  it("may vanish while records are in memory: the next ones are stored in a new one", async () => {
    const { spool } = folder.open();
    const held = append(spool, span("held"), true);
    append(spool, span("spooled"));
    rmSync(folder.dir, { recursive: true });
    folder.now += 2_000;
    append(spool, span("after"));
    expect(spool.spill(held)).toBe(false);
    expect(folder.lost.map(({ byteLength }) => byteLength)).toEqual([7]);
    expect(texts(await spool.take(EVERYTHING))).toEqual(["after"]);
  });

  it("may vanish before records are taken: each is told as lost", async () => {
    const { spool } = folder.open();
    for (const text of ["1", "22", "333"]) append(spool, span(text));
    rmSync(folder.dir, { recursive: true });
    expect(await spool.take({ maxRecords: 2, maxBytes: 100 })).toEqual([]);
    expect(folder.lost.map(({ byteLength }) => byteLength).sort()).toEqual([1, 2, 3]);
    expect(spool.backlog).toEqual({ count: 0, byteLength: 0 });
    expect(spool.storedBytes).toBe(0);
  });
});

describe("a folder that cannot be written to", () => {
  it("costs one warning, is tried again after a while, and is told to work again", async () => {
    writeFileSync(folder.dir, "a file");
    const { spool } = folder.open();
    for (let index = 0; index < 5; index += 1) {
      expect(spool.append(span("refused"), { isInMemory: true })).toBeUndefined();
    }
    rmSync(folder.dir);
    folder.now += RETRY_MS - 1;
    expect(spool.append(span("too soon"), { isInMemory: true })).toBeUndefined();
    folder.now += 1;
    append(spool, span("stored"));
    expect(folder.logger.lines).toEqual([
      `[playhead] Cannot write to the spool in ${folder.dir} (EEXIST). Nothing is stored there until that works; it is tried again every 30 s.`,
    ]);
    expect(texts(await spool.take(EVERYTHING))).toEqual(["stored"]);
  });

  it("warns again in its next episode", () => {
    const { spool } = folder.open();
    for (let episode = 0; episode < 2; episode += 1) {
      writeFileSync(folder.dir, "a file");
      expect(spool.append(span("refused"), { isInMemory: true })).toBeUndefined();
      rmSync(folder.dir);
      folder.now += RETRY_MS;
      spool.settle(append(spool, span("stored")));
      rmSync(folder.dir, { recursive: true });
      folder.now += RETRY_MS;
    }
    expect(folder.logger.lines.length).toBe(2);
  });

  it.skipIf(isWindows || isRoot)("because of its permissions stores nothing", () => {
    mkdirSync(folder.dir, { mode: 0o500 });
    const { spool } = folder.open();
    expect(spool.append(span("refused"), { isInMemory: true })).toBeUndefined();
    expect(folder.logger.lines.length).toBe(1);
    chmodSync(folder.dir, 0o700);
  });
});

describe("maxBytes", () => {
  it("is never passed by records, and said once per episode", async () => {
    const maxBytes = HEADER_BYTES + 4 * (RECORD_BYTES + 100) + 50;
    const { spool } = folder.open({ maxBytes });
    const record = span("x".repeat(100));
    const tickets = Array.from({ length: 10 }, () => spool.append(record, { isInMemory: true }));
    const stored = tickets.filter((ticket) => ticket !== undefined);
    expect(stored.length).toBe(4);
    expect(spool.storedBytes).toBeLessThanOrEqual(maxBytes);
    expect(folder.logger.lines).toEqual([
      `[playhead] The spool in ${folder.dir} is full (${maxBytes} bytes). Nothing more is stored until something is delivered.`,
    ]);
    for (const ticket of stored) spool.settle(ticket);
    await settlesWritten();
    for (let index = 0; index < 4; index += 1) append(spool, record);
    expect(spool.append(record, { isInMemory: true })).toBeUndefined();
    expect(folder.logger.lines.length).toBe(2);
  });

  it("counts what others have in the folder, and looks again after a while", () => {
    const other = folder.open();
    append(other.spool, span("x".repeat(1_000)), true);
    const { spool } = folder.open({ maxBytes: 1_500 });
    expect(spool.storedBytes).toBe(HEADER_BYTES + RECORD_BYTES + 1_000);
    expect(spool.append(span("y".repeat(1_000)), { isInMemory: true })).toBeUndefined();
    other.crash();
    rmSync(onlyFile());
    folder.now += 5_000;
    append(spool, span("y".repeat(1_000)));
    expect(spool.storedBytes).toBe(HEADER_BYTES + RECORD_BYTES + 1_000);
  });

  it("refuses a record that could never fit, and stores the next", () => {
    const { spool } = folder.open({ maxBytes: 1_000 });
    expect(spool.append(span("x".repeat(1_000)), { isInMemory: true })).toBeUndefined();
    append(spool, span("small"));
    expect(folder.logger.lines).toEqual([
      "[playhead] A record of 1029 bytes does not fit into the spool (1000 bytes) and is not stored.",
    ]);
  });

  it("is what all files in the folder really have", async () => {
    const { spool } = folder.open();
    const tickets = Array.from({ length: 12 }, (_, index) =>
      append(spool, span(`${index}`.repeat(400_000)), true),
    );
    spool.bind(TRACE_A, attributes({ "session.id": "s" }));
    for (const ticket of tickets.slice(5)) spool.settle(ticket);
    await settlesWritten();
    const sizes = folder.files().map((file) => statSync(join(folder.dir, file)).size);
    expect(spool.storedBytes).toBe(sizes.reduce((sum, size) => sum + size, 0));
  });
});

describe("damage", () => {
  /** Ten records of 3 bytes in one segment, whose process is dead. */
  function writeTen(): string {
    const { spool, crash } = folder.open();
    for (let index = 0; index < 10; index += 1) append(spool, span(`r-${index}`));
    crash();
    return onlyFile();
  }
  const entryBytes = RECORD_BYTES + 3;
  const all = Array.from({ length: 10 }, (_, index) => `r-${index}`);

  it("of one bit drops that record alone, is counted and said once", async () => {
    const path = writeTen();
    const bytes = readFileSync(path);
    for (const index of [3, 5]) {
      const at = HEADER_BYTES + index * entryBytes + entryBytes - 1;
      bytes[at] = (bytes[at] ?? 0) ^ 1;
    }
    writeFileSync(path, bytes);
    const { spool } = folder.open();
    expect(texts(await takeAll(spool))).toEqual(all.filter((_, at) => at !== 3 && at !== 5));
    expect(spool.damagedCount).toBe(2);
    expect(folder.logger.lines.length).toBe(1);
    expect(folder.logger.lines[0]).toContain("Skipping damaged records");
  });

  it("of a length ends the reading of that segment, not of the others", async () => {
    const path = writeTen();
    const bytes = readFileSync(path);
    bytes[HEADER_BYTES + 4 * entryBytes + 3] = 0x7f;
    writeFileSync(path, bytes);
    folder.now += 1;
    const second = folder.open();
    append(second.spool, span("elsewhere"));
    expect(texts(await takeAll(second.spool))).toEqual([...all.slice(0, 4), "elsewhere"]);
    expect(second.spool.damagedCount).toBe(1);
    expect(folder.logger.lines.length).toBe(1);
  });

  it("that happens while the process runs is told as lost", async () => {
    const { spool } = folder.open();
    for (const text of ["good", "damaged"]) append(spool, span(text));
    const bytes = readFileSync(onlyFile());
    bytes.writeUInt8(0, bytes.length - 1);
    writeFileSync(onlyFile(), bytes);
    expect(texts(await spool.take(EVERYTHING))).toEqual(["good"]);
    expect(folder.lost.map(({ byteLength }) => byteLength)).toEqual([7]);
    expect(spool.damagedCount).toBe(1);
  });

  it("at any byte of the tail costs the torn record alone, and settling goes on behind the cut", async () => {
    const path = writeTen();
    const bytes = readFileSync(path);
    const name = path.slice(folder.dir.length + 1);
    for (let cut = 1; cut <= 2 * entryBytes; cut += 1) {
      rmSync(folder.dir, { recursive: true });
      mkdirSync(folder.dir);
      writeFileSync(join(folder.dir, name), bytes.subarray(0, bytes.length - cut));
      const left = all.slice(0, 10 - Math.ceil(cut / entryBytes));
      const first = folder.open();
      const [taken, ...others] = await takeAll(first.spool);
      expect(texts(others)).toEqual(left.slice(1));
      expect(first.spool.damagedCount).toBe(0);
      if (taken === undefined) throw new Error("nothing taken");
      first.spool.settle(taken.ticket);
      first.spool.closeSync();
      const second = folder.open();
      expect(texts(await takeAll(second.spool))).toEqual(left.slice(1));
      second.spool.closeSync();
    }
  });

  it.each([
    ["zeros", Buffer.alloc(5_000)],
    ["text", Buffer.from("garbage ".repeat(600))],
    ["ones", Buffer.alloc(3, 0xff)],
  ])("at the end, of %s, is cut off", async (_, garbage) => {
    const path = writeTen();
    const good = readFileSync(path);
    writeFileSync(path, Buffer.concat([good, garbage]));
    const { spool } = folder.open();
    expect(texts(await takeAll(spool))).toEqual(all);
    expect(spool.storedBytes).toBe(good.length);
    expect(statSync(onlyFile()).size).toBe(good.length);
  });

  it("of a header cut short leaves nothing to read, and the file is deleted", async () => {
    truncateSync(writeTen(), 5);
    expect(await takeAll(folder.open().spool)).toEqual([]);
    expect(folder.files()).toEqual([]);
  });
});

describe("segments that are not ours to read", () => {
  it("of another version are left alone and said once", async () => {
    const { spool, crash } = folder.open();
    append(spool, span("from the future"));
    crash();
    const path = onlyFile();
    const bytes = readFileSync(path);
    bytes[HEADER_BYTES - 1] = 2;
    writeFileSync(path, bytes);
    copyFileSync(path, path.replace(/-[0-9a-f]{12}\./, "-000000000000."));
    const before = folder.files();
    const heir = folder.open().spool;
    expect(await takeAll(heir)).toEqual([]);
    expect(await takeAll(heir)).toEqual([]);
    expect(folder.files()).toEqual(before);
    expect(heir.storedBytes).toBe(2 * bytes.length);
    expect(folder.logger.lines.length).toBe(1);
    expect(folder.logger.lines[0]).toContain("of another version");
  });

  it("are neither other files nor links", async () => {
    const { spool, crash } = folder.open();
    append(spool, span("outside"));
    crash();
    const path = onlyFile();
    const outside = join(dirname(folder.dir), "outside");
    renameSync(path, outside);
    if (!isWindows) symlinkSync(outside, path);
    writeFileSync(join(folder.dir, "notes.txt"), "mine");
    const before = folder.files();
    expect(await takeAll(folder.open().spool)).toEqual([]);
    expect(folder.files()).toEqual(before);
  });

  it("of another host are left alone until nobody has touched them for ten minutes", async () => {
    const away = folder.open({ host: "elsewhere" });
    append(away.spool, span("away"));
    const path = onlyFile();
    const touch = (agoMs: number): void => {
      const at = (folder.now - agoMs) / 1_000;
      utimesSync(path, at, at);
    };
    const { spool } = folder.open();
    touch(ELSEWHERE_TIMEOUT_MS);
    expect(await takeAll(spool)).toEqual([]);
    touch(ELSEWHERE_TIMEOUT_MS + 1_000);
    expect(texts(await takeAll(spool))).toEqual(["away"]);
  });

  it("show other hosts that their process is alive, as long as there are any", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    try {
      const { spool } = folder.open();
      const ticket = append(spool, span("idle"), true);
      folder.now += 60 * 60_000;
      vi.advanceTimersByTime(5 * 60_000);
      expect(statSync(onlyFile()).mtimeMs).toBe(folder.now);
      spool.settle(ticket);
      await settlesWritten();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it("are told as lost to a process that slept, and it goes on with a new one", async () => {
    const away = folder.open({ host: "elsewhere" });
    append(away.spool, span("away"));
    const held = append(away.spool, span("held"), true);
    utimesSync(onlyFile(), 1, 1);
    const { spool } = folder.open();
    expect(texts(await takeAll(spool))).toEqual(["away", "held"]);
    folder.now += 2_000;
    append(away.spool, span("awake"));
    expect(away.spool.spill(held)).toBe(false);
    expect(folder.lost.length).toBe(1);
    expect(texts(await away.spool.take(EVERYTHING))).toEqual(["awake"]);
    expect(folder.files().length).toBe(2);
  });
});
