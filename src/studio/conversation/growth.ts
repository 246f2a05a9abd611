import type { TurnFigures } from "../api/detail-types";

/** What a session had taken once a turn had ended. */
export interface GrowthPoint {
  /** From 1. */
  readonly turn: number;
  readonly tokens: number;
  readonly costUsd: number;
}

/** Running sums over the turns; a turn without tokens or cost adds none. */
export function growthOf(
  turns: readonly Pick<TurnFigures, "tokens" | "totalCost">[],
): readonly GrowthPoint[] {
  let tokens = 0;
  let costUsd = 0;
  return turns.map((turn, index) => {
    tokens += Math.max(0, turn.tokens.total);
    costUsd += Math.max(0, turn.totalCost ?? 0);
    return { turn: index + 1, tokens, costUsd };
  });
}

/**
 * The path of values that never fall, from the lower left of a box: the last and largest touches
 * its upper right.
 */
export function linePath(
  values: readonly number[],
  { width, height }: { readonly width: number; readonly height: number },
): string {
  const largest = values.at(-1) ?? 0;
  const y = (value: number): number =>
    round(height - (largest > 0 ? (value / largest) * height : 0));
  let path = `M0 ${height}`;
  for (const [index, value] of values.entries()) {
    path += `L${round(((index + 1) / values.length) * width)} ${y(value)}`;
  }
  return path;
}

/** At most `maxCount` of the items, evenly spread, the last always among them. */
export function sampleOf<Item>(items: readonly Item[], maxCount: number): readonly Item[] {
  if (items.length <= maxCount) return items;
  const stride = Math.ceil(items.length / maxCount);
  return items.filter((_, index) => (items.length - 1 - index) % stride === 0);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
