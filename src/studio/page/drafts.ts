import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** What a sheet has fields for, by name. */
export type Fields = Readonly<Record<string, string>>;

/** What is being written about one subject; outlives its sheet until it has been sent. */
export interface Draft<Value extends Fields> {
  readonly fields: Value;
  /** Whether it was begun before the sheet was opened. */
  readonly isOld: boolean;
  readonly change: (part: Partial<Value>) => void;
  /** Back to what is stored. */
  readonly discard: () => void;
  /**
   * Says that `sent` has been written; what was changed since stays a draft. To be called whether or
   * not the sheet is still open.
   * @param stored - what the fields begin with from now on
   * @returns whether `sent` was all of it
   */
  readonly settle: (sent: Value, stored: Value) => boolean;
}

/** Where the drafts of this tab lie while it shows another page, as the one that asks for a sign-in. */
const NAME = "playhead.drafts";
/** Of all subjects together; the oldest go first. */
const MAX_DRAFTS = 50;
/** Of all fields together, in characters; the latest draft is kept whatever its length. */
const MAX_LENGTH = 1_000_000;

/** By subject, oldest first; null until it is needed. */
let drafts: Map<string, Fields> | null = null;

type SettleListener = (subject: string, sent: Fields, stored: Fields) => void;
const listeners = new Set<SettleListener>();

/** What drafts are kept under. */
export function subjectOf(...parts: readonly unknown[]): string {
  return JSON.stringify(parts);
}

/**
 * The fields of a sheet: those of the draft, where one was begun.
 * @param subject - by {@link subjectOf}; does not change
 * @param stored - what the fields begin with where there is no draft; read once
 */
export function useDraft<Value extends Fields>(subject: string, stored: Value): Draft<Value> {
  const [begun] = useState(() => {
    const kept = heldDrafts().get(subject);
    return kept === undefined || isSame(kept, stored) ? null : { ...stored, ...kept };
  });
  const [fields, setFields] = useState<Value>(begun ?? stored);
  const [isOld, setOld] = useState(begun !== null);
  const latest = useRef(fields);
  const base = useRef(stored);
  const show = (next: Value): void => {
    latest.current = next;
    setFields(next);
  };

  useLayoutEffect(() => {
    const onSettle: SettleListener = (which, sent, now) => {
      if (which !== subject) return;
      base.current = { ...stored, ...now };
      setOld(false);
      if (isSame(latest.current, sent)) show(base.current);
    };
    listeners.add(onSettle);
    return () => void listeners.delete(onSettle);
  }, [subject]);

  return {
    fields,
    isOld,
    change(part) {
      show({ ...latest.current, ...part });
      if (isSame(latest.current, base.current)) forget(subject);
      else keep(subject, latest.current);
    },
    discard() {
      setOld(false);
      show(base.current);
      forget(subject);
    },
    settle(sent, now) {
      const isAll = isSame(latest.current, sent);
      const kept = heldDrafts().get(subject);
      if (kept !== undefined && isSame(kept, sent)) forget(subject);
      for (const listener of listeners) listener(subject, sent, now);
      return isAll;
    },
  };
}

/** Of a reader who signs out: what they wrote is not for the next one. */
export function forgetDrafts(): void {
  heldDrafts().clear();
  store();
}

function heldDrafts(): Map<string, Fields> {
  if (drafts !== null) return drafts;
  drafts = new Map(readStored());
  // Not with each letter: a draft may be long.
  window.addEventListener("pagehide", store);
  document.addEventListener("visibilitychange", store);
  return drafts;
}

function keep(subject: string, fields: Fields): void {
  const held = heldDrafts();
  held.delete(subject);
  held.set(subject, fields);
  let length = 0;
  for (const one of held.values()) length += lengthOf(one);
  for (const [oldest, one] of held) {
    if (held.size === 1 || (held.size <= MAX_DRAFTS && length <= MAX_LENGTH)) return;
    held.delete(oldest);
    length -= lengthOf(one);
  }
}

function forget(subject: string): void {
  if (heldDrafts().delete(subject)) store();
}

function store(): void {
  const held = heldDrafts();
  try {
    if (held.size === 0) sessionStorage.removeItem(NAME);
    else sessionStorage.setItem(NAME, JSON.stringify([...held]));
  } catch {
    // storage may be forbidden or full; the drafts then hold until the page is left
  }
}

function readStored(): readonly (readonly [string, Fields])[] {
  try {
    return JSON.parse(sessionStorage.getItem(NAME) ?? "[]"); // written above
  } catch {
    return []; // as above
  }
}

function lengthOf(fields: Fields): number {
  return Object.values(fields).reduce((sum, text) => sum + text.length, 0);
}

function isSame(one: Fields, other: Fields): boolean {
  const names = Object.keys({ ...one, ...other });
  return names.every((name) => one[name] === other[name]);
}
