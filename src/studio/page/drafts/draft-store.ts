import { setLatest } from "../latest";

/** What a sheet has fields for, by name. */
export type Fields = Readonly<Record<string, string>>;

/** Hears what becomes of one subject. */
export interface DraftListener {
  /** `sent` has been written; the fields begin with `stored` from now on. */
  readonly onSettle: (sent: Fields, stored: Fields) => void;
  /** Whether something is being sent has changed, or why the last of it was not. */
  readonly onState: () => void;
}

/** What has been written about each subject and not been sent. */
export interface DraftStore {
  /** The fields that were changed; undefined where none is kept. */
  readonly find: (subject: string) => Fields | undefined;
  /**
   * @param changed - in place of what was kept; with no field in it nothing is kept any more, nor why it
   * could not be sent
   */
  readonly keep: (subject: string, changed: Fields) => void;
  /** A sheet was closed: why what it sent could not be has been seen, where it left no draft. */
  readonly close: (subject: string) => void;
  readonly forgetAll: () => void;
  /** Puts the drafts where they outlast the page. */
  readonly store: () => void;
  readonly isSending: (subject: string) => boolean;
  /**
   * Sends in turn: what was asked for before about the same subject goes before.
   * @param work - the message of what it rejects with is the `problemOf` the subject
   */
  readonly send: (subject: string, work: () => Promise<void>) => Promise<void>;
  /** Why what was last sent could not be; null where it could. */
  readonly problemOf: (subject: string) => string | null;
  /** Drops what `sent` has of a draft, and tells the listeners. */
  readonly settle: (subject: string, sent: Fields, stored: Fields) => void;
  /** @returns what ends it */
  readonly listen: (subject: string, listener: DraftListener) => () => void;
}

/** What is used of the browser's `Storage`; each call may throw. */
export interface DraftStorage {
  getItem(name: string): string | null;
  setItem(name: string, text: string): void;
  removeItem(name: string): void;
}

export interface DraftStoreOptions {
  /** May throw, too. */
  readonly storage: () => DraftStorage;
  /** Says by which sign-out drafts have ended: kept under another mark, they are somebody else's. */
  readonly readMark: () => string | null;
}

/** Under which the drafts lie in the storage. */
const NAME = "playhead.drafts";
/** Of all subjects together; the oldest go first. */
const MAX_DRAFTS = 50;
/** Of all fields together, in characters; the latest draft is kept whatever its length. */
const MAX_LENGTH = 1_000_000;

/** As it lies in the storage. */
interface StoredDrafts {
  readonly mark: string | null;
  /** By subject, oldest first. */
  readonly drafts: readonly (readonly [string, Fields])[];
}

export function createDraftStore({ storage, readMark }: DraftStoreOptions): DraftStore {
  /** The sign-out before this page: after a later one, whatever it holds is somebody else's. */
  const mark = readMark();
  /** By subject, oldest first. */
  const drafts = readStored();
  /** By subject: what ends with the last write that was asked for. */
  const sending = new Map<string, Promise<void>>();
  /** By subject: of as many as drafts are kept. */
  const problems = new Map<string, string>();
  const listeners = new Map<string, Set<DraftListener>>();

  function readStored(): Map<string, Fields> {
    try {
      const text = storage().getItem(NAME);
      if (text === null) return new Map();
      const stored: StoredDrafts = JSON.parse(text); // written below
      if (stored.mark === mark) return new Map(stored.drafts);
      storage().removeItem(NAME);
    } catch {
      // storage may be forbidden, or hold what is none: nothing was kept
    }
    return new Map();
  }

  function store(): void {
    const held = current();
    try {
      if (held.size === 0) storage().removeItem(NAME);
      else storage().setItem(NAME, JSON.stringify({ mark, drafts: [...held] }));
    } catch {
      // storage may be forbidden or full; the drafts then hold until the page is left
      removeStored();
    }
  }

  /** What lies there is older than what is held: some of it may have been sent. */
  function removeStored(): void {
    try {
      storage().removeItem(NAME);
    } catch {
      // as above
    }
  }

  function current(): Map<string, Fields> {
    if (readMark() !== mark) drafts.clear(); // a sign-out in another tab ended these too
    return drafts;
  }

  function keep(subject: string, changed: Fields): void {
    const held = current();
    const wasKept = held.delete(subject);
    if (Object.keys(changed).length === 0) {
      if (wasKept) store();
      if (problems.delete(subject)) tell(subject, ({ onState }) => onState());
      return;
    }
    held.set(subject, changed);
    let length = 0;
    for (const one of held.values()) length += lengthOf(one);
    for (const [oldest, one] of held) {
      if (held.size === 1 || (held.size <= MAX_DRAFTS && length <= MAX_LENGTH)) return;
      held.delete(oldest);
      length -= lengthOf(one);
    }
  }

  function tell(subject: string, call: (listener: DraftListener) => void): void {
    for (const listener of listeners.get(subject) ?? []) call(listener);
  }

  return {
    find: (subject) => current().get(subject),
    keep,
    close(subject) {
      if (!current().has(subject) && !sending.has(subject)) problems.delete(subject);
    },
    forgetAll() {
      current().clear();
      problems.clear();
      store();
    },
    store,
    isSending: (subject) => sending.has(subject),
    async send(subject, work) {
      const turn = (sending.get(subject) ?? Promise.resolve()).then(work, work);
      sending.set(subject, turn);
      tell(subject, ({ onState }) => onState());
      try {
        await turn;
        problems.delete(subject);
      } catch (error) {
        const problem = error instanceof Error ? error.message : String(error);
        setLatest(problems, subject, problem, MAX_DRAFTS);
      }
      if (sending.get(subject) === turn) sending.delete(subject);
      tell(subject, ({ onState }) => onState());
    },
    problemOf: (subject) => problems.get(subject) ?? null,
    settle(subject, sent, stored) {
      const kept = current().get(subject);
      if (kept !== undefined) keep(subject, changedFields(kept, sent));
      tell(subject, ({ onSettle }) => onSettle(sent, stored));
    },
    listen(subject, listener) {
      const ofSubject = listeners.get(subject) ?? new Set();
      listeners.set(subject, ofSubject.add(listener));
      return () => {
        ofSubject.delete(listener);
        if (ofSubject.size === 0 && listeners.get(subject) === ofSubject) listeners.delete(subject);
      };
    },
  };
}

/** Those of the fields that are others than in `base`. */
export function changedFields(fields: Fields, base: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name, text]) => text !== base[name]));
}

function lengthOf(fields: Fields): number {
  return Object.values(fields).reduce((sum, text) => sum + text.length, 0);
}
