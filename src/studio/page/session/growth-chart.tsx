import type { JSX } from "preact";
import { useId, useMemo } from "preact/hooks";
import type { TurnFigures } from "../../api/detail-types";
import { formatCost, formatInteger, formatTokens } from "../../conversation/format";
import { growthOf, linePath, sampleOf } from "../../conversation/growth";

export interface GrowthChartProps {
  /** By start time. */
  readonly turns: readonly TurnFigures[];
}

/** In CSS pixels; the drawing scales with its box. */
const WIDTH = 300;
const HEIGHT = 56;
/** Rows of the table that stands for the chart where it cannot be seen. */
const MAX_TABLE_ROWS = 60;

/**
 * Tokens and cost so far, turn by turn, each on a scale of its own. Nothing for a session of one
 * turn, or without either.
 */
export function GrowthChart({ turns }: GrowthChartProps): JSX.Element | null {
  const titleId = useId();
  const points = useMemo(() => growthOf(turns), [turns]);
  const last = points.at(-1);
  if (points.length < 2 || last === undefined) return null;
  const hasTokens = last.tokens > 0;
  const hasCost = last.costUsd > 0;
  if (!hasTokens && !hasCost) return null;
  const size = { width: WIDTH, height: HEIGHT };
  const tokens = linePath(
    points.map((point) => point.tokens),
    size,
  );
  const cost = linePath(
    points.map((point) => point.costUsd),
    size,
  );
  const description =
    `Over ${formatInteger(points.length)} turns` +
    (hasTokens ? `, tokens grow to ${formatInteger(last.tokens)}` : "") +
    (hasCost ? `, cost grows to ${formatCost(last.costUsd)}` : "");
  return (
    <figure class="growth" data-testid="growth-chart">
      <svg
        viewBox={`0 -2 ${WIDTH} ${HEIGHT + 4}`}
        preserveAspectRatio="none"
        role="img"
        aria-labelledby={titleId}
      >
        <title id={titleId}>{description}</title>
        <line class="growth-base" x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
        {hasTokens && (
          <>
            <path class="growth-area" d={`${tokens}V${HEIGHT}H0Z`} />
            <path class="growth-tokens" d={tokens} />
          </>
        )}
        {hasCost && <path class="growth-cost" d={cost} />}
      </svg>
      <figcaption aria-hidden="true">
        {hasTokens && (
          <span>
            <i class="growth-key" data-kind="tokens" />
            {formatTokens(last.tokens)} tokens
          </span>
        )}
        {hasCost && (
          <span>
            <i class="growth-key" data-kind="cost" />
            {formatCost(last.costUsd)}
          </span>
        )}
        <span class="growth-span">over {formatInteger(points.length)} turns</span>
      </figcaption>
      <table class="visually-hidden">
        <caption>Tokens and cost so far, by turn</caption>
        <thead>
          <tr>
            <th scope="col">Turn</th>
            <th scope="col">Tokens</th>
            <th scope="col">Cost</th>
          </tr>
        </thead>
        <tbody>
          {sampleOf(points, MAX_TABLE_ROWS).map((point) => (
            <tr key={point.turn}>
              <th scope="row">{formatInteger(point.turn)}</th>
              <td>{formatInteger(point.tokens)}</td>
              <td>{formatCost(point.costUsd)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
