import type { ResultObserver } from "./result-observer";

/**
 * One observer for each half of a stream that was split in two. A chunk counts once, from whichever
 * half reads it first; so does the end. Only when both are left has the stream been left.
 */
export function splitObserver(observer: ResultObserver): [ResultObserver, ResultObserver] {
  let furthest = 0;
  let openCount = 2;
  const half = (): ResultObserver => {
    let position = 0;
    let isLeft = false;
    return {
      ...observer,
      chunk(value) {
        position += 1;
        if (position <= furthest) return;
        furthest = position;
        observer.chunk(value);
      },
      left() {
        if (isLeft) return;
        isLeft = true;
        openCount -= 1;
        if (openCount === 0) observer.left();
      },
    };
  };
  return [half(), half()];
}
