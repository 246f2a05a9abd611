import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { type RowWindow, rowWindow } from "./row-window";

/** Which rows of a list to draw, as the window scrolls and changes its size. */
export function useRowWindow(
  list: RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
): RowWindow {
  const [shown, setShown] = useState<RowWindow>(() =>
    rowWindow({ count, rowHeight, fromTop: 0, viewHeight: window.innerHeight }),
  );
  const measure = (): void => {
    const top = list.current?.getBoundingClientRect().top ?? 0;
    const next = rowWindow({ count, rowHeight, fromTop: -top, viewHeight: window.innerHeight });
    setShown((now) => (now.first === next.first && now.end === next.end ? now : next));
  };
  useLayoutEffect(measure, [count, rowHeight]);
  useEffect(() => {
    window.addEventListener("scroll", measure, { passive: true });
    window.addEventListener("resize", measure);
    return () => {
      window.removeEventListener("scroll", measure);
      window.removeEventListener("resize", measure);
    };
  });
  return { first: Math.min(shown.first, count), end: Math.min(shown.end, count) };
}
