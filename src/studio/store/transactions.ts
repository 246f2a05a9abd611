import type { ChangeEvent } from "../api/types";
import { beginTransaction, commitAfter, inTransaction } from "./in-transaction";
import type { Database } from "./open-database";
import type { Summaries } from "./summaries";

/** What the writes of one transaction changed. */
export interface Touched {
  /** Traces whose observations changed: their summaries are out of date. */
  readonly outdatedTraceIds: Set<string>;
  /** Traces and sessions that changed otherwise. */
  readonly traceIds: Set<string>;
  readonly sessionIds: Set<string>;
}

/** How a group of writes went. */
export interface GroupOutcome {
  /** Everything that changed, of all writes together. */
  readonly change: ChangeEvent;
  /** One for each write, in their order: undefined for one that is committed. */
  readonly errors: readonly unknown[];
}

/**
 * The transactions of one connection. A write is a transaction of its own, or part of the group that
 * is being run. Before each commit the summaries are brought up to date, each of them once.
 */
export class Transactions {
  readonly #database: Database;
  readonly #summaries: Summaries;
  /** Of the write that is under way. */
  #touched: Touched | undefined;

  constructor(database: Database, summaries: Summaries) {
    this.#database = database;
    this.#summaries = summaries;
  }

  /**
   * @returns what changed; within a group without the sessions, which are known at its end
   * @throws what `work` throws; then nothing is written
   */
  write(work: (touched: Touched) => void): ChangeEvent {
    if (this.#touched === undefined) {
      return inTransaction(this.#database, () => this.#summarize(this.#collect(work)));
    }
    work(this.#touched);
    return changeOf(this.#touched);
  }

  /**
   * Runs writes in one transaction. Of a write that throws nothing stays, and the others are as if
   * it had not been: then all are run again, each of them so that it can be taken back, and where the
   * transaction itself fails each in one of its own. So a write may run three times.
   * @throws when no transaction can be begun: another process writes, or the file is gone
   */
  writeTogether(writes: readonly (() => void)[]): GroupOutcome {
    // Without savepoints first: for them SQLite copies each page before its first change.
    const ways = [this.#runAll, this.#runRevocably];
    for (const run of writes.length > 1 ? ways : []) {
      beginTransaction(this.#database);
      try {
        return commitAfter(this.#database, () => run.call(this, writes));
      } catch {
        // Not lost: what failed fails again, alone in the end, and is given to its own writer.
      }
    }
    return this.#runEach(writes);
  }

  /** @throws what any of the writes throws */
  #runAll(writes: readonly (() => void)[]): GroupOutcome {
    const all = nothingTouched();
    for (const write of writes) merge(all, this.#collect(write));
    return { change: this.#summarize(all), errors: writes.map(() => undefined) };
  }

  #runRevocably(writes: readonly (() => void)[]): GroupOutcome {
    const all = nothingTouched();
    const errors = writes.map((write) => {
      this.#database.exec("SAVEPOINT one_write");
      try {
        merge(all, this.#collect(write));
        this.#database.exec("RELEASE one_write");
        return undefined;
      } catch (error) {
        // Throws where SQLite has given up the whole transaction, as it does on a full disk.
        this.#database.exec("ROLLBACK TO one_write");
        this.#database.exec("RELEASE one_write");
        return error;
      }
    });
    return { change: this.#summarize(all), errors };
  }

  #runEach(writes: readonly (() => void)[]): GroupOutcome {
    const all = nothingTouched();
    const errors: unknown[] = [];
    for (const write of writes) {
      beginTransaction(this.#database);
      try {
        const change = commitAfter(this.#database, () => this.#summarize(this.#collect(write)));
        merge(all, { ...touchedBy(change), outdatedTraceIds: new Set() });
        errors.push(undefined);
      } catch (error) {
        errors.push(error);
      }
    }
    return { change: changeOf(all), errors };
  }

  /** What `work` touches, apart from what other writes do. */
  #collect(work: (touched: Touched) => void): Touched {
    const touched = nothingTouched();
    this.#touched = touched;
    try {
      work(touched);
    } finally {
      this.#touched = undefined;
    }
    return touched;
  }

  #summarize(touched: Touched): ChangeEvent {
    for (const id of this.#summaries.update(touched.outdatedTraceIds)) touched.sessionIds.add(id);
    return changeOf(touched);
  }
}

function nothingTouched(): Touched {
  return { outdatedTraceIds: new Set(), traceIds: new Set(), sessionIds: new Set() };
}

function merge(all: Touched, one: Touched): void {
  for (const id of one.outdatedTraceIds) all.outdatedTraceIds.add(id);
  for (const id of one.traceIds) all.traceIds.add(id);
  for (const id of one.sessionIds) all.sessionIds.add(id);
}

function touchedBy({ traceIds, sessionIds }: ChangeEvent): Omit<Touched, "outdatedTraceIds"> {
  return { traceIds: new Set(traceIds), sessionIds: new Set(sessionIds) };
}

function changeOf({ outdatedTraceIds, traceIds, sessionIds }: Touched): ChangeEvent {
  return {
    sessionIds: [...sessionIds],
    traceIds: [...new Set([...outdatedTraceIds, ...traceIds])],
  };
}
