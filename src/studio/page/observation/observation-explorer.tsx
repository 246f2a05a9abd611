import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import type { ScoreView, Turn } from "../../api/types";
import { CommentsButton } from "../comments/comments-button";
import { CorrectButton } from "../corrections/correct-button";
import { isInStudio } from "../in-studio";
import { isDialogOpen } from "../keyboard";
import { stepTarget } from "../scores/score-target";
import { ScoresButton } from "../scores/scores-button";
import { ObservationDetail } from "./observation-detail";
import { ObservationTree } from "./observation-tree";

export interface ObservationExplorerProps {
  readonly turn: Turn;
  readonly selectedId: string | null;
  readonly onSelect: (id: string | null) => void;
}

/** Every step of a turn against its time, and beside it the details of the selected one. */
export function ObservationExplorer(props: ObservationExplorerProps): JSX.Element {
  const { turn, selectedId, onSelect } = props;
  const selected = useMemo(
    () => turn.observations.find((one) => one.id === selectedId),
    [turn, selectedId],
  );
  const scoresOf = (id: string): readonly ScoreView[] =>
    turn.scores.filter((score) => score.observationId === id);
  const container = useRef<HTMLDivElement>(null);
  const close = (): void => {
    const row = `[data-observation-id="${CSS.escape(selectedId ?? "")}"]`;
    container.current?.querySelector<HTMLElement>(row)?.focus();
    onSelect(null);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the details from anywhere inside
    <div
      ref={container}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !selected || isDialogOpen()) return;
        event.preventDefault();
        close();
      }}
      class="explorer"
      data-selected={selected ? "" : undefined}
    >
      <ObservationTree turn={turn} selectedId={selectedId} onSelect={onSelect} />
      {selected && (
        <ObservationDetail
          key={selected.id}
          observation={selected}
          scores={scoresOf(selected.id)}
          onClose={close}
          actions={
            !isInStudio() ? undefined : (
              <>
                <ScoresButton
                  target={stepTarget(turn, selected.id)}
                  scores={scoresOf(selected.id)}
                />
                <CorrectButton
                  target={stepTarget(turn, selected.id)}
                  output={selected.output}
                  scores={scoresOf(selected.id)}
                />
                <CommentsButton objectType="OBSERVATION" objectId={selected.id} />
              </>
            )
          }
        />
      )}
    </div>
  );
}
