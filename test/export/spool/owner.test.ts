import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { createProcessTable, type Owner, type ProcessProbe } from "../../../src/export/spool/owner";
import {
  compareSegmentNames,
  formatSegmentName,
  newSegmentName,
  parseSegmentName,
} from "../../../src/export/spool/segment-name";

interface Machine {
  readonly hostname?: string;
  readonly namespace?: string;
  readonly boot?: string;
  /** State and start of each process, by id. */
  readonly processes: Readonly<Record<number, { state?: string; ticks: number }>>;
  readonly hasProc?: boolean;
}

function probeOf(pid: number, machine: Machine): ProcessProbe {
  const { hostname = "host", namespace = "pid:[1]", boot = "b007", processes } = machine;
  return {
    pid,
    hostname,
    exists: (other) => processes[other] !== undefined,
    readProc(path) {
      if (machine.hasProc === false) return undefined;
      if (path === "self/ns/pid") return namespace;
      if (path === "sys/kernel/random/boot_id") return boot;
      const running = processes[Number(path.split("/")[0])];
      if (running === undefined) return undefined;
      // A command may look like the fields behind it.
      return `1 (a) S 1 (b)) ${running.state ?? "S"} ${"0 ".repeat(18)}${running.ticks} 0 0`;
    },
  };
}

function ownerOn(machine: Machine, pid: number): Owner {
  return createProcessTable(probeOf(pid, machine)).self;
}

describe("a process", () => {
  const machine = { processes: { 7: { ticks: 100 }, 8: { ticks: 200 } } };
  const table = createProcessTable(probeOf(7, machine));

  it("knows itself and the others of its host that run", () => {
    expect(table.isAlive(table.self)).toBe(true);
    expect(table.isAlive(ownerOn(machine, 8))).toBe(true);
  });

  it("is dead when nothing has its id", () => {
    expect(table.isAlive(ownerOn({ processes: { 9: { ticks: 300 } } }, 9))).toBe(false);
  });

  it("is dead when its id is another's now", () => {
    expect(table.isAlive(ownerOn({ processes: { 8: { ticks: 150 } } }, 8))).toBe(false);
  });

  it("is dead when the machine was started anew, although id and ticks are the same", () => {
    expect(table.isAlive(ownerOn({ ...machine, boot: "b008" }, 8))).toBe(false);
  });

  it("is dead when it only waits for its parent", () => {
    const zombies = createProcessTable(
      probeOf(7, { processes: { 7: { ticks: 100 }, 8: { ticks: 200, state: "Z" } } }),
    );
    expect(zombies.isAlive(ownerOn(machine, 8))).toBe(false);
  });

  it("cannot be told on another host, or in another container of the same name", () => {
    expect(table.isAlive(ownerOn({ ...machine, hostname: "other" }, 8))).toBeUndefined();
    expect(table.isAlive(ownerOn({ ...machine, namespace: "pid:[2]" }, 8))).toBeUndefined();
  });

  it("is alive in doubt: where its start is not known", () => {
    const noProc = { ...machine, namespace: "", hasProc: false };
    const blind = createProcessTable(probeOf(7, noProc));
    expect(blind.isAlive(ownerOn(noProc, 8))).toBe(true);
    expect(blind.isAlive({ ...blind.self, pid: 9 })).toBe(false);
  });
});

describe("the real table", () => {
  it("tells a process that runs from one that has ended", async () => {
    const table = createProcessTable();
    expect(table.isAlive(createProcessTable().self)).toBe(true);
    const child = spawn(process.execPath, ["-e", ""]);
    const pid = child.pid ?? 0;
    await once(child, "exit");
    expect(table.isAlive({ ...table.self, pid })).toBe(false);
  });

  it.runIf(process.platform === "linux")("tells this process from an earlier one of its id", () => {
    const table = createProcessTable();
    const earlier = { ...table.self, start: `${table.self.start}0` };
    expect(table.isAlive(earlier)).toBe(false);
  });
});

describe("the name of a segment", () => {
  const owner = { host: "0123abcd", pid: 4_242, start: "deadbeeft991" };

  it("says who owns it, and is read back", () => {
    const name = newSegmentName(1_750_000_000_123, owner);
    expect(parseSegmentName(formatSegmentName(name))).toEqual(name);
    const free = { ...name, owner: undefined };
    expect(formatSegmentName(free)).toMatch(/^1750000000123-\d+-[0-9a-f]{12}\.free\.spool$/);
    expect(parseSegmentName(formatSegmentName(free))).toEqual(free);
  });

  it("holds what the real table says of this process", () => {
    const name = newSegmentName(Date.now(), createProcessTable().self);
    expect(parseSegmentName(formatSegmentName(name))).toEqual(name);
  });

  it("orders by time, then by the order they were made in", () => {
    const names = [newSegmentName(2, owner), newSegmentName(2, owner), newSegmentName(1, owner)];
    const [second, third, first] = names;
    expect(names.toSorted(compareSegmentNames)).toEqual([first, second, third]);
  });

  it.each(["notes.txt", "1-1-0.free.spool", "1-1-0123456789ab.a-b-c.spool", ".spool"])(
    "is not %s",
    (fileName) => {
      expect(parseSegmentName(fileName)).toBeUndefined();
    },
  );
});
