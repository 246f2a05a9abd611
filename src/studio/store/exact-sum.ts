/**
 * Sums that are kept up to date by adding and taking away must not depend on the order. Multiples
 * of 2^-40 add up exactly, as long as the sum stays below 2^13. Beyond that parts of it are rounded
 * away, the more the larger it is: what a huge value took along does not come back with its removal.
 */
const EXACT_STEPS = 2 ** 40;

/** SQL: the multiple of 2^-40 that is nearest to the value of an expression. */
export function exactPart(expression: string): string {
  return `round(${expression} * ${EXACT_STEPS}) / ${EXACT_STEPS}`;
}

/** SQL: the sum of an expression. Infinities of both signs have none: 0, so that the row can be kept. */
export function sumOrZero(expression: string): string {
  return `ifnull(sum(${expression}), 0)`;
}

const DECIMALS = 1e10;

/** The sum as it reads with ten decimals: `0.1`, not `0.0999999999994543`. */
export function withoutRoundingError(sum: number): number {
  // Where a sum has no ten decimals, there is nothing to round.
  return Math.abs(sum) < 1e5 ? Math.round(sum * DECIMALS) / DECIMALS : sum;
}
