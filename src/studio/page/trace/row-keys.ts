import { isDialogOpen, isTyped, keyTarget } from "../keyboard";

/** What a key does in the list of steps. */
export type RowMove = "next" | "previous" | "first" | "last" | "unfold" | "fold" | "open";

/** Work wherever the focus is, texts being typed apart. */
const GLOBAL_MOVES: Readonly<Record<string, RowMove>> = { j: "next", k: "previous" };

/** Work in the list, and where nothing else has the focus. */
const LIST_MOVES: Readonly<Record<string, RowMove>> = {
  ArrowDown: "next",
  ArrowUp: "previous",
  Home: "first",
  End: "last",
  ArrowRight: "unfold",
  ArrowLeft: "fold",
  Enter: "open",
  " ": "open",
};

/** The move that a key stands for, or null where it is not the list's to handle. */
export function moveOf(event: KeyboardEvent, list: HTMLElement | null): RowMove | null {
  if (event.ctrlKey || event.metaKey || event.altKey || list === null) return null;
  if (isDialogOpen() || isTyped(event)) return null;
  if (Object.hasOwn(GLOBAL_MOVES, event.key)) return GLOBAL_MOVES[event.key] ?? null;
  const target = keyTarget(event);
  const isFree = target === null || target === document.body || target.matches("main, h1");
  if (!isFree && !list.contains(target)) return null;
  return Object.hasOwn(LIST_MOVES, event.key) ? (LIST_MOVES[event.key] ?? null) : null;
}
