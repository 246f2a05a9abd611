import type { JSX } from "preact";
import type { ScoreView } from "../../api/types";
import { formatInteger, formatScore } from "../../conversation/format";

export function ErrorBadge({ count }: { count: number }): JSX.Element | null {
  if (count === 0) return null;
  return (
    <span class="badge badge-error" data-testid="error-badge">
      {count === 1 ? "1 error" : `${formatInteger(count)} errors`}
    </span>
  );
}

export interface ScoreBadgeProps {
  readonly name: string;
  readonly value: ScoreView["value"] | null;
  readonly comment?: string | null;
  readonly count?: number;
}

export function ScoreBadge({ name, value, comment, count = 1 }: ScoreBadgeProps): JSX.Element {
  const shown = value === null ? `${count}×` : formatScore(value);
  const mean = count > 1 && value !== null ? `mean of ${count}` : null;
  const title = [`${name}: ${shown}`, mean, comment].filter(Boolean).join("\n");
  return (
    <span class="badge badge-score" title={title} data-testid="score-badge">
      <span class="badge-name" dir="auto">
        {name}
      </span>
      <span class="badge-value" dir="auto">
        {shown}
      </span>
    </span>
  );
}

export function Tag({ text }: { text: string }): JSX.Element {
  return (
    <span class="tag" dir="auto" title={text}>
      {text}
    </span>
  );
}
