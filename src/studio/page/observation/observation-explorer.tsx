import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Turn } from "../../api/types";
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
  return (
    <div class="explorer" data-selected={selected ? "" : undefined}>
      <ObservationTree turn={turn} selectedId={selectedId} onSelect={onSelect} />
      {selected && (
        <ObservationDetail
          key={selected.id}
          observation={selected}
          scores={turn.scores.filter((score) => score.observationId === selected.id)}
          onClose={() => onSelect(null)}
        />
      )}
    </div>
  );
}
