import { createEndpointTransport } from "../client/endpoint";
import { SDK_NAME, SDK_VERSION } from "../client/version";
import type { ResolvedConfig } from "../config/resolve";
import type { Diagnostics } from "../diagnostics/logger";
import type { DeliveryCounts } from "../diagnostics/stats";
import { isOrphan, listSegments } from "../export/spool/folder";
import { openSpool } from "../export/spool/open-spool";
import { createProcessTable, type ProcessTable } from "../export/spool/owner";
import type { Spool } from "../export/spool/spool";
import { type OpenSpool, Target } from "../export/target";
import { SIGNALS, type Signal, type TargetFolder } from "./spool-folders";

export interface PushOptions {
  readonly config: ResolvedConfig;
  /** Take what processes of other machines wrote a moment ago, too. */
  readonly isForced: boolean;
  readonly diagnostics: Diagnostics;
  /** Told now and then how many records of a folder are settled, of those found. */
  readonly onProgress: (settledCount: number, foundCount: number) => void;
  /** Resolves when the user asks to stop. */
  readonly stopped: Promise<void>;
}

/** Spans, or scores, of one folder: `found = delivered + rejected + lost + left`. */
export interface PushedSignal {
  readonly found: number;
  readonly delivered: number;
  readonly rejected: number;
  /** Damaged on disk. */
  readonly lost: number;
  /** Still on disk. */
  readonly left: number;
}

/** Files that belong to a process that is alive, or may be. */
export interface FilesInUse {
  readonly pid: number;
  /** Whether that process runs on this machine; it delivers them itself. */
  readonly isHere: boolean;
  readonly fileCount: number;
  readonly byteLength: number;
}

export interface PushedFolder {
  readonly name: string;
  readonly spans: PushedSignal;
  readonly scores: PushedSignal;
  readonly inUse: readonly FilesInUse[];
  /** Files that are in no use and could not be sent whole: undelivered, damaged, or not readable. */
  readonly leftFileCount: number;
  /** What the endpoint, or the way to it, said last, when something went wrong. */
  readonly lastError: string | undefined;
}

/** A folder is given up when nothing in it was settled for this long, in milliseconds. */
const STALL_MS = 15_000;
const PROGRESS_EVERY_MS = 100;

/** Delivers what a folder holds, oldest first; what cannot be delivered stays. Never rejects. */
export async function pushFolder(
  folder: TargetFolder,
  options: PushOptions,
): Promise<PushedFolder> {
  const table = tableFor(options);
  const inUse = filesInUse(folder, table);
  const spools = new Map<Signal, Spool>();
  const target = createTarget(folder, spools, table, options);
  // Before anything is taken out of them; the target's own way of adopting begins to deliver, too.
  await Promise.all([...spools.values()].map((spool) => spool.adopt()));
  const found = { spans: foundIn(spools.get("spans")), scores: foundIn(spools.get("scores")) };

  await deliver(target, found.spans + found.scores, options);
  const { lastError, scores, ...spans } = target.stats();
  const outcome = (signal: Signal, { delivered, rejected }: DeliveryCounts): PushedSignal => {
    const lost = spools.get(signal)?.damagedCount ?? 0;
    const left = Math.max(0, found[signal] - delivered - rejected - lost);
    return { found: found[signal], delivered, rejected, lost, left };
  };
  const pushed = { spans: outcome("spans", spans), scores: outcome("scores", scores) };
  target.close("stopped");
  const leftFiles = filesOf(folder).filter((file) => isOrphan(file, table, Date.now()));
  return { name: folder.name, ...pushed, inUse, leftFileCount: leftFiles.length, lastError };
}

/** @param spools - takes the spools that the target opens */
function createTarget(
  folder: TargetFolder,
  spools: Map<Signal, Spool>,
  table: ProcessTable,
  { config, diagnostics }: PushOptions,
): Target {
  const [target] = config.targets;
  const openers: Partial<Record<Signal, OpenSpool>> = {};
  for (const signal of SIGNALS) {
    const dir = folder.dirs[signal];
    if (dir === undefined) continue;
    // An endpoint that takes no scores would refuse them for good.
    if (signal === "scores" && target.ingestionUrl === undefined) continue;
    openers[signal] = (onLost) => {
      const maxBytes = Number.MAX_SAFE_INTEGER;
      const spool = openSpool({ dir, maxBytes, diagnostics, onLost }, table);
      spools.set(signal, spool);
      return spool;
    };
  }
  return new Target({
    config: target,
    limits: config,
    spool: undefined,
    openSpool: openers,
    head: {
      serviceName: process.env["OTEL_SERVICE_NAME"],
      environment: config.environment,
      release: config.release,
      sdkName: SDK_NAME,
      sdkVersion: SDK_VERSION,
    },
    transport: createEndpointTransport(target, config.timeoutMs),
    isOnly: true,
    diagnostics,
    onEvent: () => undefined, // the outcome says it all
  });
}

/** Resolves when all is settled, nothing more can be, or the user asked to stop. */
async function deliver(
  target: Target,
  foundCount: number,
  { onProgress, stopped }: PushOptions,
): Promise<void> {
  // Keeps the process alive, too: nothing else here does.
  const progress = setInterval(
    () => onProgress(settledCount(target), foundCount),
    PROGRESS_EVERY_MS,
  );
  await Promise.race([drain(target), stopped]);
  clearInterval(progress);
  await target.halt();
}

/** Waits for as long as something is settled; a folder whose first attempt fails is given up at once. */
async function drain(target: Target): Promise<void> {
  for (let leavesOnFailure = true; ; leavesOnFailure = false) {
    const before = settledCount(target);
    const timer = setTimeout(() => target.expireDrains(), STALL_MS).unref();
    const deadlineAt = performance.now() + STALL_MS;
    const isComplete = await target.drain({ deadlineAt, leavesOnFailure });
    clearTimeout(timer);
    if (isComplete || settledCount(target) === before) return;
  }
}

function settledCount(target: Target): number {
  const { delivered, rejected, scores } = target.stats();
  return delivered + rejected + scores.delivered + scores.rejected;
}

/** Records found, those that turned out damaged included. */
function foundIn(spool: Spool | undefined): number {
  return spool === undefined ? 0 : spool.backlog.count + spool.damagedCount;
}

function tableFor({ isForced }: PushOptions): ProcessTable {
  const table = createProcessTable();
  if (!isForced) return table;
  return { self: table.self, isAlive: (owner) => table.isAlive(owner) ?? false };
}

function filesInUse(folder: TargetFolder, table: ProcessTable): FilesInUse[] {
  const byOwner = new Map<string, FilesInUse>();
  for (const file of filesOf(folder)) {
    const { owner } = file.name;
    if (owner === undefined || isOrphan(file, table, Date.now())) continue;
    const key = `${owner.host}-${owner.pid}`;
    const known = byOwner.get(key);
    byOwner.set(key, {
      pid: owner.pid,
      isHere: owner.host === table.self.host,
      fileCount: (known?.fileCount ?? 0) + 1,
      byteLength: (known?.byteLength ?? 0) + file.byteLength,
    });
  }
  return [...byOwner.values()];
}

function filesOf({ dirs }: TargetFolder): ReturnType<typeof listSegments> {
  return Object.values(dirs).flatMap((dir) => listSegments(dir));
}
