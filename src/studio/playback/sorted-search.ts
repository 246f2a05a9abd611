/**
 * The number of leading items that are at or before a time, of items sorted by time: O(log n).
 * @param timeOf - of the item at an index
 */
export function countUntil(
  length: number,
  timeOf: (index: number) => number,
  timeMs: number,
): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (timeOf(middle) <= timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
