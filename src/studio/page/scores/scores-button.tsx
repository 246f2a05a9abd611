import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { ScoreView } from "../../api/types";
import type { ScoreTarget } from "./score-target";
import { ScoresDialog } from "./scores-dialog";

export interface ScoresButtonProps {
  readonly target: ScoreTarget;
  /** Of the target itself, oldest first. */
  readonly scores: readonly ScoreView[];
}

/** Opens the sheet that scores a session, a trace or a step; `a` presses the nearest one. */
export function ScoresButton({ target, scores }: ScoresButtonProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isOpen, setOpen] = useState(false);
  const open = (): void => {
    setOpen(true);
    dialog.current?.showModal();
  };
  return (
    <>
      <button type="button" class="scores-open button" title="Score (a)" onClick={open}>
        Score
      </button>
      <dialog
        ref={dialog}
        class="help scores"
        aria-label={`Score the ${target.kind}`}
        data-testid="scores"
        onClose={(event) => setOpen(event.currentTarget.open)} // opened again meanwhile
      >
        {isOpen && (
          <ScoresDialog target={target} scores={scores} onClose={() => dialog.current?.close()} />
        )}
      </dialog>
    </>
  );
}
