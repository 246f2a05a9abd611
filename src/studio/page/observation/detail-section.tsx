import type { ComponentChildren, JSX } from "preact";
import type { JsonObject, ScoreView } from "../../api/types";
import { JsonTree } from "../chat/json-tree";
import { ScoreBadge } from "../parts/badges";

/** A titled part of the details. */
function DetailSection(props: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <section class="detail-section">
      <h4>{props.title}</h4>
      {props.children}
    </section>
  );
}

/** An object as a tree; nothing for an empty one. */
export function FieldsSection(props: { title: string; value: JsonObject }): JSX.Element | null {
  if (Object.keys(props.value).length === 0) return null;
  return (
    <DetailSection title={props.title}>
      <JsonTree value={props.value} />
    </DetailSection>
  );
}

/** Scores with their comments, without corrections; nothing when there are none. */
export function ScoresSection(props: { scores: readonly ScoreView[] }): JSX.Element | null {
  const scores = props.scores.filter(({ dataType }) => dataType !== "CORRECTION");
  if (scores.length === 0) return null;
  return (
    <DetailSection title="Scores">
      {scores.map((score) => (
        <p key={score.id} class="detail-score">
          <ScoreBadge score={score} />
          {score.comment && <span dir="auto">{score.comment}</span>}
        </p>
      ))}
    </DetailSection>
  );
}
