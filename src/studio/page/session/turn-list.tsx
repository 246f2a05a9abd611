import type { ComponentChildren, JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { itemAt, type ListWindow, listWindow, offsetOf } from "./list-window";

/** Longer lists keep only what is near the window in the page. */
const ALL_IN_PAGE = 40;
/** Of a turn that has not been seen, in CSS pixels. */
const FIRST_ESTIMATE = 190;
/** Kept in the page above and below what is seen, in CSS pixels. */
const MARGIN = 900;
/** Tries to bring a turn into view while those round it are still being read, one per frame. */
const MAX_ARRIVALS = 40;

/** What a list lets others do with it. */
export interface TurnListHandle {
  /** Brings an item to the top of the window, and keeps it there while items above it get their size. */
  scrollTo(index: number): void;
}

export interface TurnListProps {
  readonly keys: readonly string[];
  readonly render: (index: number) => ComponentChildren;
  /** Told which items are in the page: those of the window, and maybe one beyond it. */
  readonly onWindow: (from: number, to: number, held: number | null) => void;
  /** Told which item the reader looks at: the one at a third of the window's height. */
  readonly onLook: (index: number) => void;
  readonly handle: { current: TurnListHandle | null };
}

/**
 * A list of any length and of items of any height in the page's own scroll. An item in which a dialog
 * is open stays in the page wherever the window goes, so that nothing is lost that is written there.
 */
export function TurnList(props: TurnListProps): JSX.Element {
  const { keys, render, onWindow, onLook, handle } = props;
  const list = useRef<HTMLOListElement>(null);
  const heights = useRef(new Map<string, number>());
  /** Rises when heights or the window of items have changed. */
  const [version, setVersion] = useState(0);
  const isWhole = keys.length <= ALL_IN_PAGE;
  // Not in each frame of a session that is played.
  const { heightOf, shown, held } = useMemo(() => {
    const estimate = averageOf(heights.current);
    const heightOf = (index: number): number => heights.current.get(keys[index] ?? "") ?? estimate;
    const shown: ListWindow = isWhole
      ? { from: 0, to: keys.length, before: 0, after: 0 }
      : listWindow(keys.length, heightOf, stretchOf(list.current));
    const open = keys.indexOf(keyOfOpenItem(list.current) ?? "");
    const held = open < shown.from || open >= shown.to ? open : -1;
    return { heightOf, shown, held: held === -1 ? null : held };
  }, [keys, isWhole, version]);

  const latest = useRef({ keys, heightOf, shown, isWhole, onLook });
  latest.current = { keys, heightOf, shown, isWhole, onLook };

  /** Renders again when the window of items has moved, and says where the reader looks. */
  const look = useMemo(
    () => (): void => {
      const now = latest.current;
      const { top } = stretchOf(list.current);
      const eyeLevel = top + MARGIN + window.innerHeight / 3;
      if (now.keys.length > 0) now.onLook(itemAt(now.keys.length, now.heightOf, eyeLevel).index);
      if (now.isWhole) return;
      const next = listWindow(now.keys.length, now.heightOf, stretchOf(list.current));
      if (next.from !== now.shown.from || next.to !== now.shown.to) {
        setVersion((version) => version + 1);
      }
    },
    [],
  );

  const observer = useMemo(
    () =>
      new ResizeObserver((entries) => {
        let hasChanged = false;
        for (const { target } of entries) {
          const key = target instanceof HTMLElement ? target.dataset["key"] : undefined;
          const { height } = target.getBoundingClientRect();
          if (key === undefined || height === 0 || heights.current.get(key) === height) continue;
          heights.current.set(key, height);
          hasChanged = true;
        }
        if (hasChanged && !latest.current.isWhole) setVersion((version) => version + 1);
      }),
    [],
  );

  useEffect(() => {
    window.addEventListener("scroll", look, { passive: true });
    window.addEventListener("resize", look);
    return () => {
      window.removeEventListener("scroll", look);
      window.removeEventListener("resize", look);
      observer.disconnect();
    };
  }, [look, observer]);

  useLayoutEffect(() => {
    observer.disconnect();
    for (const item of list.current?.children ?? []) {
      if (item instanceof HTMLElement && item.dataset["key"] !== undefined) observer.observe(item);
    }
  }, [observer, shown.from, shown.to, held, keys]);

  useLayoutEffect(() => {
    onWindow(shown.from, shown.to, held);
    // Not at once: items that come in move the scroll position, which asks for other items. In the next
    // frame their heights are known, so that this comes to rest, and it never holds up the page.
    const frame = requestAnimationFrame(look);
    return () => cancelAnimationFrame(frame);
  }, [shown.from, shown.to, held, keys, onWindow, look]);

  // Before the effects of whoever holds the handle.
  useLayoutEffect(() => {
    let arrivals = 0;
    let frame = 0;
    let wanted: string | undefined;
    const stop = (): void => cancelAnimationFrame(frame);
    const arrive = (): void => {
      const { keys: now, heightOf: height } = latest.current;
      const index = now.indexOf(wanted ?? "");
      const top = list.current?.getBoundingClientRect().top;
      if (index === -1 || top === undefined) return;
      const item = [...(list.current?.children ?? [])].find(
        (child) => child instanceof HTMLElement && child.dataset["key"] === wanted,
      );
      const offset = item?.getBoundingClientRect().top ?? top + offsetOf(index, height);
      window.scrollTo(0, window.scrollY + offset - headerHeight());
      look();
      arrivals += 1;
      if (arrivals < MAX_ARRIVALS) frame = requestAnimationFrame(arrive);
    };
    handle.current = {
      scrollTo(index) {
        stop();
        wanted = latest.current.keys[index];
        arrivals = 0;
        arrive();
      },
    };
    // The reader's own scrolling ends it.
    window.addEventListener("wheel", stop, { passive: true });
    window.addEventListener("touchmove", stop, { passive: true });
    window.addEventListener("keydown", stop);
    return () => {
      stop();
      window.removeEventListener("wheel", stop);
      window.removeEventListener("touchmove", stop);
      window.removeEventListener("keydown", stop);
      handle.current = null;
    };
  }, [handle, look]);

  const parts: JSX.Element[] = [];
  const addItems = (from: number, to: number): void => {
    for (let index = from; index < to; index += 1) {
      const key = keys[index] ?? "";
      parts.push(
        <li
          key={`turn ${key}`} // a trace may be called "before"
          data-key={key}
          aria-setsize={isWhole ? undefined : keys.length}
          aria-posinset={isWhole ? undefined : index + 1}
        >
          {render(index)}
        </li>,
      );
    }
  };
  // Each side has rooms of its own: what is held is never moved in the page, which would close a dialog.
  const addRooms = (side: "before" | "after", from: number, height: number): void => {
    const isHere = held !== null && side === (held < shown.from ? "before" : "after");
    const upTo = isHere ? offsetOf(held, heightOf) - offsetOf(from, heightOf) : height;
    if (upTo > 0) parts.push(<Room key={side} height={upTo} />);
    if (!isHere) return;
    addItems(held, held + 1);
    const rest = height - upTo - heightOf(held);
    if (rest > 0) parts.push(<Room key={`${side}, second`} height={rest} />);
  };
  addRooms("before", 0, shown.before);
  addItems(shown.from, shown.to);
  addRooms("after", shown.to, shown.after);
  return (
    <ol ref={list} class="turns" aria-label="Turns">
      {parts}
    </ol>
  );
}

function Room({ height }: { height: number }): JSX.Element {
  return <li aria-hidden="true" style={{ height: `${height}px` }} />;
}

/** What of the list is to be in the page, from its start, in CSS pixels. */
function stretchOf(list: HTMLElement | null): { top: number; bottom: number } {
  const top = list === null ? 0 : -list.getBoundingClientRect().top;
  return { top: top - MARGIN, bottom: top + window.innerHeight + MARGIN };
}

/** Of the item that a dialog is open in. */
function keyOfOpenItem(list: HTMLElement | null): string | undefined {
  return list?.querySelector("dialog[open]")?.closest<HTMLElement>("li[data-key]")?.dataset["key"];
}

function averageOf(heights: ReadonlyMap<string, number>): number {
  if (heights.size === 0) return FIRST_ESTIMATE;
  let sum = 0;
  for (const height of heights.values()) sum += height;
  return sum / heights.size;
}

function headerHeight(): number {
  return (document.querySelector(".header")?.getBoundingClientRect().height ?? 0) + 12;
}
