import type { JSX } from "preact";
import type { Turn } from "../../api/types";
import { formatInteger } from "../../conversation/format";
import { TypeIcon } from "../parts/icons";

export interface StepChipsProps {
  readonly turn: Turn;
  readonly onOpenStep: (observationId: string) => void;
}

const MAX_CHIPS = 6;

/** The tools and look-ups of a turn, named without opening it. */
export function StepChips(props: StepChipsProps): JSX.Element | null {
  const steps = props.turn.observations.filter(
    (one) => one.type === "tool" || one.type === "retriever",
  );
  if (steps.length === 0) return null;
  const rest = steps.length - MAX_CHIPS;
  return (
    <div class="chips">
      {steps.slice(0, MAX_CHIPS).map((step) => (
        <button
          key={step.id}
          type="button"
          class="chip"
          data-level={step.level}
          onClick={() => props.onOpenStep(step.id)}
        >
          <TypeIcon type={step.type} />
          <span dir="auto">{step.name}</span>
        </button>
      ))}
      {rest > 0 && <span class="chips-rest">+{formatInteger(rest)}</span>}
    </div>
  );
}
