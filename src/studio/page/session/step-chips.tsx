import type { JSX } from "preact";
import type { ObservationView, Turn } from "../../api/types";
import { formatInteger } from "../../conversation/format";
import { isTool } from "../../playback/session-timeline";
import { TypeIcon } from "../parts/icons";

export interface StepChipsProps {
  readonly turn: Turn;
  /** How much of the turn has happened, in milliseconds; null for all. */
  readonly elapsedMs: number | null;
  readonly onOpenStep: (observationId: string) => void;
}

const MAX_CHIPS = 6;

/** The tools and look-ups of a turn, named without opening it. */
export function StepChips(props: StepChipsProps): JSX.Element | null {
  const { elapsedMs } = props;
  const steps = props.turn.observations.filter(
    (one) => isTool(one) && (elapsedMs === null || one.startOffsetMs <= elapsedMs),
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
          data-level={isRunning(step, elapsedMs) ? undefined : step.level}
          data-running={isRunning(step, elapsedMs) ? "" : undefined}
          data-testid="step-chip"
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

function isRunning(step: ObservationView, elapsedMs: number | null): boolean {
  return elapsedMs !== null && elapsedMs < step.startOffsetMs + step.durationMs;
}
