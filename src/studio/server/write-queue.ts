import type { ChangeEvent } from "../api/types";
import type { Store } from "../store/store";

/** What a write costs, as far as it is known before. */
export interface WriteWeight {
  readonly rows: number;
  readonly bytes: number;
}

/** Writes that came at the same time are committed together, outside of the requests they came with. */
export interface WriteQueue {
  /**
   * Resolves after the commit. Writes are run in the order of the calls, one may be run more than once.
   * @throws what `write` threw, or why nothing can be written; others are not touched by it
   */
  write(write: () => void, weight: WriteWeight): Promise<void>;
  /** Rows that wait. */
  readonly rowCount: number;
  /** Commits all that waits, now. */
  flush(): void;
}

export interface WriteQueueOptions {
  readonly store: Pick<Store, "writeTogether">;
  /** Called after each commit that changed something. */
  readonly onChange: (change: ChangeEvent) => void;
}

/**
 * What one transaction takes at most, unless a single write is more: the event loop stands still
 * meanwhile, some 50 ms. Between two of them requests get their turn.
 */
const MAX_GROUP: WriteWeight = { rows: 2_000, bytes: 8 * 1024 * 1024 };

interface Waiting extends WriteWeight {
  readonly write: () => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export function createWriteQueue({ store, onChange }: WriteQueueOptions): WriteQueue {
  let waiting: Waiting[] = [];
  let rowCount = 0;
  let isScheduled = false;

  /** After the events of this turn: what else has come with them joins the group. */
  function schedule(): void {
    if (isScheduled || waiting.length === 0) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      commit(takeGroup());
      schedule();
    });
  }

  function takeGroup(): readonly Waiting[] {
    let [rows, bytes, count] = [0, 0, 0];
    for (const next of waiting) {
      rows += next.rows;
      bytes += next.bytes;
      if (count > 0 && (rows > MAX_GROUP.rows || bytes > MAX_GROUP.bytes)) break;
      count++;
    }
    const group = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return group;
  }

  function commit(group: readonly Waiting[]): void {
    if (group.length === 0) return; // flushed meanwhile
    for (const { rows } of group) rowCount -= rows;
    try {
      const { change, errors } = store.writeTogether(group.map(({ write }) => write));
      if (change.traceIds.length > 0 || change.sessionIds.length > 0) onChange(change);
      for (const [index, { resolve, reject }] of group.entries()) {
        const error = errors[index];
        if (error === undefined) resolve();
        else reject(error);
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  return {
    write(write, weight) {
      return new Promise((resolve, reject) => {
        waiting.push({ ...weight, write, resolve, reject });
        rowCount += weight.rows;
        schedule();
      });
    },
    get rowCount() {
      return rowCount;
    },
    flush() {
      while (waiting.length > 0) commit(takeGroup());
    },
  };
}
