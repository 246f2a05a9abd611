import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { isDialogOpen } from "../keyboard";

/** Nearer to the end of the page than this counts as reading along, in CSS pixels. */
const FOLLOW_DISTANCE = 120;
/** After a move, what is still being read may push the end away for so long, in milliseconds. */
const SETTLE_MS = 1_500;

export interface Follow {
  /** Whether the reader reads along at the end of what is shown. */
  isAtEnd(): boolean;
  /** Goes to the end, and stays there until the reader scrolls away. */
  start(): void;
}

/**
 * Keeps the end of the page in view while it grows, as long as the reader does not scroll away. Rests
 * while a dialog is open, and goes on from where the page then is.
 * @param isGrowing - whether it grows all the time; else it is followed when a turn is added
 */
export function useFollow({
  isGrowing,
  turnCount,
}: {
  readonly isGrowing: boolean;
  readonly turnCount: number;
}): Follow {
  const atEnd = useRef(false);
  const settleUntilMs = useRef(0);
  const shownCount = useRef(turnCount);

  useEffect(() => {
    let lastTop = window.scrollY;
    let lastHeight = document.documentElement.scrollHeight;
    const onScroll = (): void => {
      const top = window.scrollY;
      const height = document.documentElement.scrollHeight;
      // A page that shrinks moves its reader up, too.
      if (top < lastTop - 2 && height >= lastHeight) atEnd.current = distanceToEnd() < 2;
      else atEnd.current = distanceToEnd() < FOLLOW_DISTANCE;
      lastTop = top;
      lastHeight = height;
    };
    window.addEventListener("scroll", onScroll, { passive: true });
    return () => window.removeEventListener("scroll", onScroll);
  }, []);

  useLayoutEffect(() => {
    if (isDialogOpen()) {
      // What is added beneath it is not followed later either.
      shownCount.current = turnCount;
      atEnd.current = distanceToEnd() < FOLLOW_DISTANCE;
      return;
    }
    if (shownCount.current > 0 && turnCount > shownCount.current) settle();
    shownCount.current = turnCount;
    const isSettling = performance.now() < settleUntilMs.current;
    if (atEnd.current && (isGrowing || isSettling)) toEnd();
    else atEnd.current = distanceToEnd() < FOLLOW_DISTANCE;
  });

  const settle = (): void => {
    settleUntilMs.current = performance.now() + SETTLE_MS;
  };
  return useMemo(
    () => ({
      isAtEnd: () => atEnd.current,
      start() {
        atEnd.current = true;
        settle();
        requestAnimationFrame(toEnd); // by then what moved is in the page
      },
    }),
    [],
  );
}

function distanceToEnd(): number {
  const { scrollHeight } = document.documentElement;
  return scrollHeight - window.innerHeight - window.scrollY;
}

function toEnd(): void {
  if (distanceToEnd() > 0) window.scrollTo(0, document.documentElement.scrollHeight);
}
