import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { ScoreView } from "../../api/types";
import { Link } from "../link";
import { ScoreBadge } from "../parts/badges";
import type { ReadError } from "../resource";
import { useScoreConfigs } from "../score-configs/use-score-configs";
import { ScoreFields } from "./score-fields";
import { givenScore, type ScoreTarget } from "./score-target";
import { deleteScore } from "./score-writes";

export interface ScoresDialogProps {
  readonly target: ScoreTarget;
  /** Of the target itself, oldest first. */
  readonly scores: readonly ScoreView[];
  readonly onClose: () => void;
}

/** A line for each score configuration, with what was given by it; below it the other scores. */
export function ScoresDialog({ target, scores, onClose }: ScoresDialogProps): JSX.Element {
  const { configs, error } = useScoreConfigs();
  const shown = configs?.filter(({ isArchived }) => !isArchived) ?? [];
  const given = new Set(shown.map(({ id }) => givenScore(scores, id)?.id));
  /** Written here: they stand in their line, also before the page has read them. */
  const written = useRef(new Set<string>());
  const others = scores.filter(
    ({ id, dataType }) => dataType !== "CORRECTION" && !given.has(id) && !written.current.has(id),
  );
  return (
    <>
      <div class="help-head">
        <h2>Score the {target.kind}</h2>
        <button type="button" class="button" onClick={onClose}>
          Close
        </button>
      </div>
      {error !== null && (
        <p class="publish-problem" role="alert">
          {error.message}
        </p>
      )}
      {configs !== null && shown.length === 0 && (
        <p class="scores-none">
          There is nothing to score by yet. <Link href="/score-configs">Make a configuration</Link>:
          a name, and the values it may have.
        </p>
      )}
      {shown.length > 0 && (
        <>
          <ul class="score-rows">
            {shown.map((config, index) => (
              <ScoreFields
                key={config.id}
                config={config}
                score={givenScore(scores, config.id)}
                target={target}
                isFirst={index === 0}
                onWritten={(id) => written.current.add(id)}
              />
            ))}
          </ul>
          <p class="publish-note">
            <kbd>1</kbd> to <kbd>9</kbd> choose, <kbd>Enter</kbd> saves and goes on, <kbd>Esc</kbd>{" "}
            closes.
          </p>
        </>
      )}
      {others.length > 0 && <OtherScores scores={others} />}
    </>
  );
}

/** What programs gave, and people by what is in use no more. */
function OtherScores({ scores }: { scores: readonly ScoreView[] }): JSX.Element {
  const [problem, setProblem] = useState<string | null>(null);
  const remove = async (score: ScoreView): Promise<void> => {
    try {
      await deleteScore(score.id, score);
      setProblem(null);
    } catch (failure) {
      setProblem((failure as ReadError).message); // what deleteScore rejects with
    }
  };
  return (
    <section class="scores-others">
      <h3>Other scores</h3>
      <ul>
        {scores.map((score) => (
          <li key={score.id} data-testid="other-score">
            <ScoreBadge score={score} />
            <span class="publish-note" dir="auto">
              {score.comment ?? ""}
            </span>
            <span class="publish-note score-source">{score.source}</span>
            {score.source === "ANNOTATION" && (
              <button
                type="button"
                class="score-delete button"
                aria-label={`Delete ${score.name}`}
                onClick={() => remove(score)}
              >
                Delete
              </button>
            )}
          </li>
        ))}
      </ul>
      {problem !== null && (
        <p class="publish-problem" role="alert">
          {problem}
        </p>
      )}
    </section>
  );
}
