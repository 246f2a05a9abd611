import type { JSX } from "preact";
import type { ScoreView } from "../../api/types";
import { Sheet, useSheet } from "../parts/sheet";
import type { ScoreTarget } from "./score-target";
import { ScoresDialog } from "./scores-dialog";

export interface ScoresButtonProps {
  readonly target: ScoreTarget;
  /** Of the target itself, oldest first. */
  readonly scores: readonly ScoreView[];
}

/** Opens the sheet that scores a session, a trace or a step; `a` presses the nearest one. */
export function ScoresButton({ target, scores }: ScoresButtonProps): JSX.Element {
  const sheet = useSheet();
  return (
    <>
      <button
        type="button"
        class="scores-open button"
        title="Score (a)"
        onClick={() => sheet.open()}
      >
        Score
      </button>
      <Sheet
        sheet={sheet}
        class="help scores"
        aria-label={`Score the ${target.kind}`}
        data-testid="scores"
      >
        {() => <ScoresDialog target={target} scores={scores} onClose={sheet.close} />}
      </Sheet>
    </>
  );
}
