import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDiagnostics } from "../../../../src/diagnostics/logger";
import { openSpool } from "../../../../src/export/spool/open-spool";
import type { Owner, ProcessTable } from "../../../../src/export/spool/owner";
import type {
  Spool,
  SpooledRecord,
  SpoolRecord,
  SpoolTicket,
} from "../../../../src/export/spool/spool";
import { createRecordingLogger, type RecordingLogger } from "../../../support/recording-logger";

export const TRACE_A = "a".repeat(32);
export const TRACE_B = "b".repeat(32);
export const EVERYTHING = { maxRecords: 1_000_000, maxBytes: 1_000_000_000 };
const NO_BYTES = Buffer.alloc(0);

/** A folder for spools, some in processes that only exist in its table of processes. */
export interface SpoolFolder extends Disposable {
  readonly dir: string;
  readonly logger: RecordingLogger;
  /** Records that spools said they lost. */
  readonly lost: SpoolTicket[];
  /** Unix milliseconds that spools see; may be moved. */
  now: number;
  files(): string[];
  /** A spool in a process of its own. */
  open(options?: { maxBytes?: number; dir?: string; host?: string }): RunningSpool;
}

export interface RunningSpool {
  readonly spool: Spool;
  readonly pid: number;
  /** Ends the process as `kill -9` does: nothing is closed or written. */
  crash(): void;
}

export function spoolFolder(): SpoolFolder {
  const root = mkdtempSync(join(tmpdir(), "playhead-spool-"));
  const dir = join(root, "spool");
  const logger = createRecordingLogger();
  const diagnostics = createDiagnostics(logger, "warn");
  const lost: SpoolTicket[] = [];
  const running = new Set<number>();
  const opened: Spool[] = [];
  let lastPid = 1_000;

  const tableFor = (self: Owner): ProcessTable => ({
    self,
    isAlive: (owner) => (owner.host === self.host ? running.has(owner.pid) : undefined),
  });

  return {
    dir,
    logger,
    lost,
    now: 1_750_000_000_000,
    files: () => (existsSync(dir) ? readdirSync(dir).sort() : []),
    open({ maxBytes = 1_000_000_000, dir: otherDir = dir, host = "host" } = {}) {
      lastPid += 1;
      const pid = lastPid;
      running.add(pid);
      const spool = openSpool(
        {
          dir: otherDir,
          maxBytes,
          diagnostics,
          now: () => this.now,
          onLost: (ticket) => lost.push(ticket),
        },
        tableFor({ host, pid, start: `t${pid}` }),
      );
      opened.push(spool);
      return { spool, pid, crash: () => running.delete(pid) };
    },
    [Symbol.dispose]() {
      for (const spool of opened) spool.closeSync();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** A span whose body is a text; not protobuf unless the text is. */
export function span(text: string, more: Partial<SpoolRecord> = {}): SpoolRecord {
  return {
    kind: "span",
    body: Buffer.from(text),
    traceAttributes: NO_BYTES,
    isRoot: false,
    traceId: TRACE_A,
    ...more,
  };
}

export function score(text: string): SpoolRecord {
  return {
    kind: "score",
    body: Buffer.from(text),
    traceAttributes: NO_BYTES,
    isRoot: true,
    traceId: "",
  };
}

/** Attributes as fields of a span, each one a KeyValue with a text; keys and values shorter than 100. */
export function attributes(values: Readonly<Record<string, string>>): Buffer {
  const fields = Object.entries(values).map(([key, value]) => {
    const any = delimited(0x0a, Buffer.from(value));
    return delimited(
      0x4a,
      Buffer.concat([delimited(0x0a, Buffer.from(key)), delimited(0x12, any)]),
    );
  });
  return Buffer.concat(fields);
}

export function append(spool: Spool, record: SpoolRecord, isInMemory = false): SpoolTicket {
  const ticket = spool.append(record, { isInMemory });
  if (ticket === undefined) throw new Error("the spool did not store the record");
  return ticket;
}

export function texts(records: readonly SpooledRecord[]): string[] {
  return records.map(({ body }) => body.toString());
}

/** Everything a spool that adopts the folder now gives out. */
export async function takeAll(spool: Spool): Promise<SpooledRecord[]> {
  await spool.adopt();
  return spool.take(EVERYTHING);
}

/** Resolves on the turn of the event loop after the next one, when what was settled is written. */
export async function settlesWritten(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
}

function delimited(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.of(tag, content.length), content]);
}
