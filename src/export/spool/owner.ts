import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** The process that may write to a segment, as its file name says it: letters and digits only. */
export interface Owner {
  /** Where `pid` means something: a machine, or a container of it. */
  readonly host: string;
  readonly pid: number;
  /** When the process started, so that one that got its id later is told apart; "0": not known. */
  readonly start: string;
}

export interface ProcessTable {
  readonly self: Owner;
  /** Undefined: this host cannot tell. In doubt, a process is alive. */
  isAlive(owner: Owner): boolean | undefined;
}

/** What the operating system says of processes; replaced in tests. */
export interface ProcessProbe {
  readonly pid: number;
  readonly hostname: string;
  /** Text of a file, or target of a link, below /proc; undefined where there is none. */
  readProc(path: string): string | undefined;
  exists(pid: number): boolean;
}

const UNKNOWN_START = "0";
/** Fields of /proc/<pid>/stat behind the command, which may hold spaces itself. Spec: proc(5). */
const STAT_STATE = 0;
const STAT_START_TICKS = 19;

/** Asks the operating system for this process itself when it is first needed. */
export function createProcessTable(probe: ProcessProbe = systemProbe()): ProcessTable {
  let self: Owner | undefined;
  const table: ProcessTable = {
    get self() {
      self ??= findSelf(probe);
      return self;
    },
    isAlive(owner) {
      if (owner.host !== table.self.host) return undefined;
      if (!probe.exists(owner.pid)) return false;
      const runningSince = startOf(probe, owner.pid);
      if (runningSince === "gone") return false;
      if (runningSince === undefined || owner.start === UNKNOWN_START) return true;
      return runningSince === owner.start;
    },
  };
  return table;
}

function findSelf(probe: ProcessProbe): Owner {
  // Two containers may share a host name and a volume, and both have a process 1.
  const namespace = probe.readProc("self/ns/pid") ?? "";
  const host = createHash("sha256")
    .update(`${probe.hostname}\0${namespace}`)
    .digest("hex")
    .slice(0, 8);
  const start = startOf(probe, probe.pid) ?? UNKNOWN_START;
  return { host, pid: probe.pid, start };
}

/** Boot and ticks since it; "gone" for a process that has ended and only waits for its parent. */
function startOf(probe: ProcessProbe, pid: number): string | undefined {
  const stat = probe.readProc(`${pid}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const state = fields[STAT_STATE];
  if (state === "Z" || state === "X") return "gone";
  const ticks = fields[STAT_START_TICKS];
  if (ticks === undefined || !/^\d+$/.test(ticks)) return undefined;
  const boot = probe.readProc("sys/kernel/random/boot_id")?.replaceAll("-", "").slice(0, 8) ?? "";
  return `${boot}t${ticks}`;
}

function systemProbe(): ProcessProbe {
  return {
    pid: process.pid,
    hostname: hostname(),
    readProc(path) {
      if (process.platform !== "linux") return undefined;
      try {
        const full = `/proc/${path}`;
        return path.includes("/ns/") ? readlinkSync(full) : readFileSync(full, "latin1").trim();
      } catch {
        return undefined; // no such process, or no /proc here: the caller knows what to make of it
      }
    },
    exists(pid) {
      try {
        process.kill(pid, 0);
        return true;
      } catch (error) {
        // EPERM: it is there, and another user's.
        return (error as NodeJS.ErrnoException).code !== "ESRCH";
      }
    },
  };
}
