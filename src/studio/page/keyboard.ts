import { useLayoutEffect } from "preact/hooks";

export type KeyHandlers = Readonly<Record<string, () => void>>;

/**
 * Whether a dialog has all keys. Not where the focus is tells: a button in it that was disabled or went
 * away leaves the focus to the page.
 */
export function isDialogOpen(): boolean {
  return document.querySelector("dialog[open]") !== null;
}

/**
 * Where a key goes; null for the page as a whole. A dialog that has just closed keeps the focus until the
 * browser draws again, and no key is meant for it.
 */
export function keyTarget({ target }: KeyboardEvent): Element | null {
  return target instanceof Element && target.closest("dialog:not([open])") === null ? target : null;
}

/** Whether a key goes into a field: a list of options takes letters, too. */
export function isTyped(event: KeyboardEvent): boolean {
  return Boolean(keyTarget(event)?.closest("input, textarea, select, [contenteditable]"));
}

/**
 * Single-key commands of the whole page, by `KeyboardEvent.key`. Not called while a text is typed, a
 * dialog is open, a modifier is held, or when a part of the page has handled the key.
 */
export function useKeys(handlers: KeyHandlers): void {
  // Before the page is to be seen with what they belong to.
  useLayoutEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isDialogOpen() || isTyped(event)) return;
      const handler = Object.hasOwn(handlers, event.key) ? handlers[event.key] : undefined;
      if (handler === undefined) return;
      event.preventDefault();
      handler();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [handlers]);
}

/** Moves the focus to the next or previous stop (`data-stop`): a row of a list, a turn of a session. */
export function moveToStop(step: 1 | -1): void {
  const stops = [...document.querySelectorAll<HTMLElement>("[data-stop]")];
  const focused = document.activeElement?.closest<HTMLElement>("[data-stop]") ?? null;
  const from =
    focused === null ? firstVisible(stops) - (step === 1 ? 1 : 0) : stops.indexOf(focused);
  const next = stops[Math.min(stops.length - 1, Math.max(0, from + step))];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}

/** A stop keeps clear of what sticks to the top of the window by its `scroll-margin-top`. */
function firstVisible(stops: readonly HTMLElement[]): number {
  const [first] = stops;
  const margin =
    first === undefined ? 0 : Number.parseFloat(getComputedStyle(first).scrollMarginTop);
  const index = stops.findIndex((stop) => stop.getBoundingClientRect().bottom > 60 + margin);
  return index === -1 ? stops.length : index;
}
