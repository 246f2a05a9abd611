/** @returns the middle one; of an even count the mean of the middle two */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? sorted[Math.floor(middle)]
    : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median with the lowest and the highest, of one figure measured several times. */
export function spread(values) {
  return { median: median(values), low: Math.min(...values), high: Math.max(...values) };
}
