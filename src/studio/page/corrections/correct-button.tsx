import type { JSX } from "preact";
import type { JsonValue, ScoreView } from "../../api/types";
import { Sheet, useSheet } from "../parts/sheet";
import type { ScoreTarget } from "../scores/score-target";
import { CorrectDialog } from "./correct-dialog";
import { correctionOf, outputText } from "./correction";

export interface CorrectButtonProps {
  readonly target: ScoreTarget;
  readonly output: JsonValue;
  /** Of the trace or step itself. */
  readonly scores: readonly ScoreView[];
}

/** Opens the output of a trace or step to be corrected; `o` presses the nearest one. */
export function CorrectButton({ target, output, scores }: CorrectButtonProps): JSX.Element {
  const sheet = useSheet();
  return (
    <>
      <button
        type="button"
        class="correct-open button"
        title="Correct the output (o)"
        onClick={() => sheet.open()}
      >
        Correct
      </button>
      <Sheet
        sheet={sheet}
        class="help correct"
        aria-label="Correct the output"
        data-testid="correct"
      >
        {() => (
          <CorrectDialog
            target={target}
            output={outputText(output)}
            correction={correctionOf(scores)}
            onClose={sheet.close}
          />
        )}
      </Sheet>
    </>
  );
}
