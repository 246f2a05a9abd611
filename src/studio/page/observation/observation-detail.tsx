import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Step } from "../../api/detail-types";
import type { ObservationView, ScoreView } from "../../api/types";
import { prettyJson } from "../../conversation/pretty-json";
import type { StepTotals } from "../../conversation/step-tree";
import { Correction } from "../corrections/correction";
import { CopyButton } from "../parts/copy-button";
import { CloseIcon, TypeIcon } from "../parts/icons";
import { Content } from "./content";
import { FieldsSection, ScoresSection } from "./detail-section";
import { Failure } from "./failure";
import { Figures } from "./figures";
import { UsageTable } from "./usage-table";

export interface ObservationDetailProps {
  readonly observation: ObservationView;
  readonly scores: readonly ScoreView[];
  /** Of the observation and all below it. */
  readonly totals?: StepTotals | undefined;
  readonly onClose: () => void;
  /** What else can be done with it. */
  readonly actions?: ComponentChildren;
}

/** All that was captured of one observation. */
export function ObservationDetail(props: ObservationDetailProps): JSX.Element {
  const { observation, scores, totals, onClose } = props;
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a narrow screen the details stand below all the rows.
    section.current?.scrollIntoView({ block: "nearest" });
  }, []);
  return (
    <section
      ref={section}
      class="detail"
      aria-label={`Details of ${observation.name}`}
      data-testid="observation-detail"
    >
      <DetailHead step={observation} onClose={onClose}>
        <CopyButton
          label="Copy the observation as JSON"
          caption="JSON"
          text={() => prettyJson(observation)}
        />
      </DetailHead>
      {props.actions && <div class="detail-actions">{props.actions}</div>}
      <Figures observation={observation} totals={totals} />
      <Failure observation={observation} />
      <ScoresSection scores={scores} />
      <Content title="Input" value={observation.input} direction="input" />
      <Content title="Output" value={observation.output} direction="output" />
      <Correction output={observation.output} scores={scores} />
      <UsageTable observation={observation} />
      <FieldsSection title="Model parameters" value={observation.modelParameters} />
      <FieldsSection title="Metadata" value={observation.metadata} />
    </section>
  );
}

/** The name of an observation and what can be done with its details. */
export function DetailHead(props: {
  step: Pick<Step, "id" | "type" | "name">;
  onClose: () => void;
  children?: ComponentChildren;
}): JSX.Element {
  const { step } = props;
  return (
    <header class="detail-head">
      <TypeIcon type={step.type} />
      <h3 dir="auto">{step.name || step.id}</h3>
      {props.children}
      <button
        type="button"
        class="icon-button"
        aria-label="Close the details"
        onClick={props.onClose}
      >
        <CloseIcon />
      </button>
    </header>
  );
}
