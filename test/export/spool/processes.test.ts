import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDiagnostics } from "../../../src/diagnostics/logger";
import { openSpool } from "../../../src/export/spool/open-spool";
import type { Spool, SpooledRecord } from "../../../src/export/spool/spool";
import { createRecordingLogger } from "../../support/recording-logger";
import { takeAll, texts } from "./support/spool-folder";

const DEADLINE_MS = 60_000;
const isWindows = process.platform === "win32";

let root: string;
let children: ChildProcess[];
const spools: Spool[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "playhead-spool-"));
  children = [];
});
afterEach(async () => {
  for (const child of children) if (child.exitCode === null) child.kill("SIGKILL");
  for (const spool of spools.splice(0)) spool.closeSync();
  rmSync(root, { recursive: true, force: true });
});

interface App {
  readonly child: ChildProcess;
  readonly lines: string[];
  readonly warnings: string[];
  /** Resolves when it has printed `count` lines. */
  printed(count: number): Promise<void>;
  /** @returns exit code, null when a signal ended it; all it printed has been read then */
  readonly ended: Promise<number | null>;
}

function startApp(name: string, args: readonly string[], shellPrefix?: string): App {
  const path = fileURLToPath(new URL(`./apps/${name}.ts`, import.meta.url));
  const command = [process.execPath, "--import", "tsx", path, ...args];
  const [file = "", ...rest] =
    shellPrefix === undefined
      ? command
      : ["sh", "-c", `${shellPrefix} exec "$@"`, "sh", ...command];
  const child = spawn(file, rest, { stdio: ["ignore", "pipe", "pipe"], timeout: DEADLINE_MS });
  children.push(child);
  const lines: string[] = [];
  const warnings: string[] = [];
  let unfinished = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    const parts = (unfinished + text).split("\n");
    unfinished = parts.pop() ?? "";
    lines.push(...parts);
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    warnings.push(...text.split("\n").filter((line) => line !== ""));
  });
  const ended = once(child, "close").then(([code]: (number | null)[]) => code ?? null);
  return {
    child,
    lines,
    warnings,
    ended,
    async printed(count) {
      while (lines.length < count) {
        await Promise.race([once(child.stdout, "data"), ended]);
        if (child.exitCode !== null) throw new Error(`ended early: ${warnings.join("\n")}`);
      }
    },
  };
}

function open(dir: string): Spool {
  const diagnostics = createDiagnostics(createRecordingLogger(), "warn");
  const spool = openSpool({ dir, maxBytes: 1_000_000_000, diagnostics });
  spools.push(spool);
  return spool;
}

describe("two processes on one folder", () => {
  it("lose nothing that was stored when one is killed while it appends, and the other goes on", async () => {
    const dir = join(root, "spool");
    const journals = { killed: join(root, "killed.log"), other: join(root, "other.log") };
    const killed = startApp("append-loop", [dir, "killed", journals.killed]);
    const other = startApp("append-loop", [dir, "other", journals.other]);
    await Promise.all([killed.printed(100), other.printed(50)]);
    killed.child.kill("SIGKILL");
    await killed.ended;

    const spool = open(dir);
    const ids = idsIn(await takeAll(spool));
    const { stored, settled } = readJournal(journals.killed);
    expect(stored.length).toBeGreaterThanOrEqual(2_000);
    const missing = stored.filter((id) => !settled.has(id) && !ids.includes(id));
    expect(missing).toEqual(settledLast(stored, settled, ids));
    expect(ids.filter((id) => settled.has(id) || !id.startsWith("killed-"))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(spool.damagedCount).toBe(0);

    const roundsBefore = other.lines.length;
    await other.printed(roundsBefore + 20); // the other one is not disturbed
    other.child.kill("SIGKILL");
    await other.ended;
    const rest = idsIn(await takeAll(spool));
    const journal = readJournal(journals.other);
    const gone = journal.stored.filter((id) => !journal.settled.has(id) && !rest.includes(id));
    expect(gone).toEqual(settledLast(journal.stored, journal.settled, rest));
    expect(rest.filter((id) => journal.settled.has(id) || !id.startsWith("other-"))).toEqual([]);
    expect(other.warnings).toEqual([]);
  });
});

interface Journal {
  readonly stored: readonly string[];
  readonly settled: ReadonlySet<string>;
}

function readJournal(path: string): Journal {
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  const after = (word: string): string[] =>
    lines.filter((line) => line.startsWith(word)).map((line) => line.slice(word.length));
  return { stored: after("stored "), settled: new Set(after("settled ")) };
}

function idsIn(records: readonly SpooledRecord[]): string[] {
  return texts(records).map((text) => text.split(" ")[0] ?? "");
}

/**
 * Records of the last round whose settling was written, but not journalled any more when the
 * process was killed: every fifth one after the last that was. All of the round or none, since
 * they are settled by one write.
 */
function settledLast(
  stored: readonly string[],
  settled: ReadonlySet<string>,
  read: readonly string[],
): string[] {
  const last = Math.max(-1, ...[...settled].map(numberOf));
  const open = stored.filter((id) => numberOf(id) > last && numberOf(id) % 5 === 0);
  return open.some((id) => read.includes(id)) ? [] : open;
}

function numberOf(id: string): number {
  return Number(id.split("-")[1]);
}

describe("a process that ends", () => {
  it.each([
    ["naturally", "end", 0],
    ["by process.exit", "exit", 3],
    ["by an uncaught error", "throw", 1],
  ])("%s is not kept alive, and leaves what was not settled", async (_, way, exitCode) => {
    const dir = join(root, "spool");
    const app = startApp("exit-handler", [dir, way]);
    expect(await app.ended).toBe(exitCode);
    expect(readdirSync(dir).length).toBe(1);
    expect(texts(await takeAll(open(dir)))).toEqual(["kept"]);
  });
});

describe.skipIf(isWindows)("a disk that is full", () => {
  it("costs the records that do not fit, one warning, and none of those stored before", async () => {
    const dir = join(root, "spool");
    // Signals that are ignored stay so in the child: writing past the limit then fails with EFBIG.
    const app = startApp("full-disk", [dir], "trap '' XFSZ; ulimit -f 32;");
    expect(await app.ended).toBe(0);
    expect(app.lines).toEqual(["[0,1,4]"]);
    expect(app.warnings).toEqual([
      `[playhead] Cannot write to the spool in ${dir} (EFBIG). Nothing is stored there until that works; it is tried again every 30 s.`,
    ]);
    const taken = texts(await takeAll(open(dir)));
    expect(taken.map((text) => [text[0], text.length])).toEqual([
      ["0", 3_000],
      ["1", 3_000],
      ["4", 3_000],
    ]);
  });
});
