import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { JsonValue, ScoreView } from "../../api/types";
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
  const dialog = useRef<HTMLDialogElement>(null);
  const [isOpen, setOpen] = useState(false);
  const close = (): void => dialog.current?.close();
  const open = (): void => {
    setOpen(true);
    dialog.current?.showModal();
  };
  return (
    <>
      <button
        type="button"
        class="correct-open button"
        title="Correct the output (o)"
        onClick={open}
      >
        Correct
      </button>
      <dialog
        ref={dialog}
        class="help correct"
        aria-label="Correct the output"
        data-testid="correct"
        onClose={(event) => setOpen(event.currentTarget.open)} // opened again meanwhile
      >
        {isOpen && (
          <CorrectDialog
            target={target}
            output={outputText(output)}
            correction={correctionOf(scores)}
            onClose={close}
          />
        )}
      </dialog>
    </>
  );
}
