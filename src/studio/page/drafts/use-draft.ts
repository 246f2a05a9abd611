import { useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";
import { changedFields, type DraftListener, type Fields } from "./draft-store";
import { tabDrafts } from "./tab-drafts";

/** What is being written about one subject; outlives its sheet until it has been sent. */
export interface Draft<Value extends Fields> {
  readonly fields: Value;
  /** Whether it was begun before the sheet was opened. */
  readonly isOld: boolean;
  /** Whether it is on its way, from this sheet or from one that was open before. */
  readonly isSending: boolean;
  /** Why it could not be sent, by this sheet or by one that was open before; null where it could. */
  readonly problem: string | null;
  readonly change: (part: Partial<Value>) => void;
  /** Back to what is stored. */
  readonly discard: () => void;
  /**
   * Writes in turn, whether or not the sheet stays open.
   * @param work - what it rejects with is the `problem`
   */
  readonly send: (work: () => Promise<void>) => Promise<void>;
  /**
   * Says that `sent` has been written; what was changed since stays a draft. To be called whether or
   * not the sheet is still open.
   * @param stored - what the fields begin with from now on
   * @returns whether `sent` was all of it, and the sheet is still open
   */
  readonly settle: (sent: Value, stored: Value) => boolean;
}

/** What drafts are kept under. */
export function subjectOf(...parts: readonly unknown[]): string {
  return JSON.stringify(parts);
}

/**
 * The fields of a sheet: those of the draft, where one was begun, over what is stored.
 * @param subject - by {@link subjectOf}; does not change
 * @param stored - what the fields begin with where they were not changed; read once
 */
export function useDraft<Value extends Fields>(subject: string, stored: Value): Draft<Value> {
  const drafts = tabDrafts();
  const [begun] = useState(() => changedFields(drafts.find(subject) ?? {}, stored));
  const [fields, setFields] = useState<Value>({ ...stored, ...begun });
  const [isOld, setOld] = useState(Object.keys(begun).length > 0);
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const latest = useRef(fields);
  const base = useRef(stored);
  const isOpen = useRef(true);
  const show = (next: Value): void => {
    latest.current = next;
    setFields(next);
    drafts.keep(subject, changedFields(next, base.current));
  };

  useLayoutEffect(() => {
    const listener: DraftListener = {
      onSettle(sent, now) {
        base.current = { ...stored, ...now };
        setOld(false);
        show(isSame(latest.current, sent) ? base.current : latest.current);
      },
      onState: () => draw(null),
    };
    const end = drafts.listen(subject, listener);
    const isStored = Object.keys(begun).length === 0 && drafts.find(subject) !== undefined;
    if (isStored) drafts.keep(subject, begun); // it has been stored meanwhile
    return () => {
      isOpen.current = false;
      end();
      drafts.close(subject);
    };
  }, [subject]);

  return {
    fields,
    isOld,
    get isSending() {
      return drafts.isSending(subject);
    },
    get problem() {
      return drafts.problemOf(subject);
    },
    change: (part) => show({ ...latest.current, ...part }),
    discard() {
      setOld(false);
      show(base.current);
    },
    send: (work) => drafts.send(subject, work),
    settle(sent, now) {
      const isAll = isOpen.current && isSame(latest.current, sent);
      drafts.settle(subject, sent, now);
      return isAll;
    },
  };
}

function isSame(one: Fields, other: Fields): boolean {
  return Object.keys(changedFields(one, other)).length === 0;
}
