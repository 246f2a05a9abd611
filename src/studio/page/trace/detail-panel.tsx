import type { JSX } from "preact";
import { useCallback } from "preact/hooks";
import type { TraceOutline } from "../../api/detail-types";
import { observationApiPath } from "../../api/paths";
import type { ChangeEvent, ObservationView } from "../../api/types";
import type { StepTree } from "../../conversation/step-tree";
import { CommentsButton } from "../comments/comments-button";
import { CorrectButton } from "../corrections/correct-button";
import { Correction } from "../corrections/correction";
import { isInStudio } from "../in-studio";
import { Content } from "../observation/content";
import { FieldsSection, ScoresSection } from "../observation/detail-section";
import { Figures } from "../observation/figures";
import { DetailHead, ObservationDetail } from "../observation/observation-detail";
import { StaleBanner } from "../parts/notice";
import { useResource } from "../resource";
import { stepTarget, traceTarget } from "../scores/score-target";
import { ScoresButton } from "../scores/scores-button";

export interface DetailPanelProps {
  readonly outline: TraceOutline;
  readonly tree: StepTree;
  readonly observationId: string;
  readonly onClose: () => void;
}

/** The details of one observation, fetched when it is opened and again when it changes. */
export function DetailPanel(props: DetailPanelProps): JSX.Element {
  const { outline, tree, observationId, onClose } = props;
  const { traceId } = outline;
  const isAffected = useCallback(
    (change: ChangeEvent) => change.traceIds.includes(traceId),
    [traceId],
  );
  const path = observationApiPath(traceId, observationId);
  const { data, error, reload } = useResource<ObservationView>(path, isAffected);
  const scores = outline.scores.filter((score) => score.observationId === observationId);
  const row = tree.rows[tree.indexById.get(observationId) ?? -1];

  if (data === null) {
    const step = row?.step ?? { id: observationId, type: "span", name: "" };
    return (
      <section class="detail" aria-label="Details" data-testid="observation-detail">
        <DetailHead step={step} onClose={onClose} />
        {row !== undefined && <Figures observation={row.step} totals={row.totals} />}
        {error?.status === 404 && (
          <p class="detail-note">
            This trace has no observation with this id. When it arrives, it appears here.
          </p>
        )}
        {error !== null && error.status !== 404 && (
          <StaleBanner text={error.message} onRetry={reload} />
        )}
      </section>
    );
  }
  return (
    <ObservationDetail
      observation={data}
      scores={scores}
      totals={row?.totals}
      onClose={onClose}
      actions={
        !isInStudio() ? undefined : (
          <>
            <ScoresButton target={stepTarget(outline, observationId)} scores={scores} />
            <CorrectButton
              target={stepTarget(outline, observationId)}
              output={data.output}
              scores={scores}
            />
            <CommentsButton objectType="OBSERVATION" objectId={observationId} />
          </>
        )
      }
    />
  );
}

/** What is captured of the trace as a whole; stands where no observation is selected. */
export function TraceDetail({ outline }: { outline: TraceOutline }): JSX.Element {
  const scores = outline.scores.filter((score) => score.observationId === null);
  const isEmpty = outline.input === null && outline.output === null;
  return (
    <section class="detail" aria-label="Details of the trace" data-testid="trace-detail">
      <header class="detail-head">
        <h3>Trace</h3>
        {isInStudio() && (
          <>
            <ScoresButton target={traceTarget(outline)} scores={scores} />
            <CorrectButton target={traceTarget(outline)} output={outline.output} scores={scores} />
            <CommentsButton objectType="TRACE" objectId={outline.traceId} />
          </>
        )}
      </header>
      {isEmpty && <p class="detail-note">No input or output captured.</p>}
      <ScoresSection scores={scores} />
      <Content title="Input" value={outline.input} direction="input" />
      <Content title="Output" value={outline.output} direction="output" />
      <Correction output={outline.output} scores={scores} />
      <FieldsSection title="Metadata" value={outline.metadata} />
    </section>
  );
}
