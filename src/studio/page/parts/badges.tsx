import type { ComponentChildren, JSX } from "preact";
import type { ScoreSummary, ScoreView } from "../../api/types";
import { formatInteger, formatScore, formatScoreSummary } from "../../conversation/format";
import { ScoreSpread, spreadLines } from "./score-spread";

export function ErrorBadge({ count }: { count: number }): JSX.Element | null {
  if (count === 0) return null;
  return (
    <span class="badge badge-error" data-testid="error-badge">
      {count === 1 ? "1 error" : `${formatInteger(count)} errors`}
    </span>
  );
}

/** One score; of a correction only that there is one. */
export function ScoreBadge({ score }: { score: ScoreView }): JSX.Element {
  if (score.dataType === "CORRECTION") {
    return <Badge name={score.name} value="corrected" note={score.comment} />;
  }
  return <Badge name={score.name} value={formatScore(score.value)} note={score.comment} />;
}

/** The scores of one name, summed up. */
export function ScoreSummaryBadge({ score }: { score: ScoreSummary }): JSX.Element {
  const count =
    score.count === 1
      ? null
      : `${score.dataType === "NUMERIC" ? "mean of" : "of"} ${formatInteger(score.count)}`;
  const note = count === null ? null : [count, ...spreadLines(score)].join("\n");
  return (
    <Badge name={score.name} value={formatScoreSummary(score)} note={note}>
      <ScoreSpread score={score} />
    </Badge>
  );
}

interface BadgeProps {
  readonly name: string;
  readonly value: string;
  readonly note: string | null;
  /** Between name and value. */
  readonly children?: ComponentChildren;
}

function Badge(props: BadgeProps): JSX.Element {
  const title = [`${props.name}: ${props.value}`, props.note].filter(Boolean).join("\n");
  return (
    <span class="badge badge-score" title={title} data-testid="score-badge">
      <span class="badge-name" dir="auto">
        {props.name}
      </span>
      {props.children}
      <span class="badge-value" dir="auto">
        {props.value}
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
