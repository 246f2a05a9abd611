import type { JSX } from "preact";
import type { ScoreSummary } from "../../api/types";
import { formatInteger, formatScore } from "../../conversation/format";

/** How the scores of one name are spread, drawn small: bars for numbers, parts of a bar for others. */
export function ScoreSpread({ score }: { score: ScoreSummary }): JSX.Element | null {
  if (score.count < 2) return null;
  const label = spreadLines(score).join(", ");
  if (score.dataType === "NUMERIC") {
    const { distribution } = score;
    if (distribution === undefined) return null;
    const most = Math.max(...distribution.bins);
    return (
      <span class="spread spread-bars" role="img" aria-label={label} data-testid="score-spread">
        {distribution.bins.map((count, bin) => (
          <span
            key={bin}
            data-count={count}
            style={{ blockSize: `${Math.round((count / most) * 100)}%` }}
          />
        ))}
      </span>
    );
  }
  return (
    <span class="spread spread-parts" role="img" aria-label={label} data-testid="score-spread">
      {partsOf(score).map(({ name, count }) => (
        <span key={name} data-count={count} style={{ flexGrow: count }} />
      ))}
    </span>
  );
}

/** The same in words, a line for each part: `0.2 to 0.4: 3`, `good: 2`. */
export function spreadLines(score: ScoreSummary): readonly string[] {
  if (score.dataType !== "NUMERIC") {
    return partsOf(score).map(({ name, count }) => `${name}: ${formatInteger(count)}`);
  }
  const { distribution } = score;
  if (distribution === undefined) return [];
  const { min, max, bins } = distribution;
  if (min === max) return [`all ${formatScore(min)}`];
  const width = (max - min) / bins.length;
  return bins.flatMap((count, bin) => {
    const [from, to] = [min + bin * width, min + (bin + 1) * width].map(formatScore);
    return count === 0 ? [] : [`${from} to ${to}: ${formatInteger(count)}`];
  });
}

interface Part {
  readonly name: string;
  readonly count: number;
}

function partsOf(score: Exclude<ScoreSummary, { dataType: "NUMERIC" }>): readonly Part[] {
  if (score.dataType === "CATEGORICAL") {
    return score.categories.map(({ value, count }) => ({ name: value, count }));
  }
  const trueCount = Math.round(score.mean * score.count);
  return [
    { name: "true", count: trueCount },
    { name: "false", count: score.count - trueCount },
  ].filter(({ count }) => count > 0);
}
