import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { JsonObject, ObservationView, ScoreView } from "../../api/types";
import {
  formatAbsoluteTime,
  formatCost,
  formatDuration,
  formatInteger,
} from "../../conversation/format";
import { FoldedText } from "../chat/folded-text";
import { JsonTree } from "../chat/json-tree";
import { ScoreBadge } from "../parts/badges";
import { CopyButton } from "../parts/copy-button";
import { CloseIcon, TypeIcon } from "../parts/icons";
import { Stat } from "../parts/stat";
import { Content } from "./content";

export interface ObservationDetailProps {
  readonly observation: ObservationView;
  readonly scores: readonly ScoreView[];
  readonly onClose: () => void;
}

export function ObservationDetail(props: ObservationDetailProps): JSX.Element {
  const { observation, scores, onClose } = props;
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
      <header class="detail-head">
        <TypeIcon type={observation.type} />
        <h3 dir="auto">{observation.name || observation.id}</h3>
        <CopyButton
          label="Copy the observation as JSON"
          caption="JSON"
          text={() => JSON.stringify(observation, null, 2)}
        />
        <button type="button" class="icon-button" aria-label="Close the details" onClick={onClose}>
          <CloseIcon />
        </button>
      </header>
      <Figures observation={observation} />
      <Failure observation={observation} />
      {scores.length > 0 && (
        <Section title="Scores">
          {scores.map((score) => (
            <p key={score.id} class="detail-score">
              <ScoreBadge score={score} />
              {score.comment && <span dir="auto">{score.comment}</span>}
            </p>
          ))}
        </Section>
      )}
      <Content title="Input" value={observation.input} direction="input" />
      <Content title="Output" value={observation.output} direction="output" />
      <Fields title="Model parameters" value={observation.modelParameters} />
      <Fields title="Usage" value={observation.usageDetails} />
      <Fields title="Cost in USD" value={observation.costDetails} />
      <Fields title="Metadata" value={observation.metadata} />
    </section>
  );
}

function Figures({ observation }: { observation: ObservationView }): JSX.Element {
  const { tokens, totalCost, timeToFirstTokenMs, promptName, promptVersion } = observation;
  return (
    <dl class="stats stats-small">
      <Stat name="Type">{observation.type}</Stat>
      <Stat name="Duration">{formatDuration(observation.durationMs)}</Stat>
      {timeToFirstTokenMs !== null && (
        <Stat name="First token">{formatDuration(timeToFirstTokenMs)}</Stat>
      )}
      <Stat name="Starts at">
        <time dateTime={observation.startedAt} title={formatAbsoluteTime(observation.startedAt)}>
          +{formatDuration(observation.startOffsetMs)}
        </time>
      </Stat>
      {observation.model !== null && (
        <Stat name="Model">
          <span dir="auto">{observation.model}</span>
        </Stat>
      )}
      {tokens.total > 0 && (
        <Stat name="Tokens">
          {formatInteger(tokens.input)} → {formatInteger(tokens.output)}
        </Stat>
      )}
      {totalCost !== null && <Stat name="Cost">{formatCost(totalCost)}</Stat>}
      {promptName !== null && (
        <Stat name="Prompt">
          <span dir="auto">{promptName}</span>
          {promptVersion !== null && ` v${promptVersion}`}
        </Stat>
      )}
      <Stat name="Level">{observation.level.toLowerCase()}</Stat>
      <Stat name="Id">
        <code>{observation.id}</code>
      </Stat>
    </dl>
  );
}

function Failure({ observation }: { observation: ObservationView }): JSX.Element | null {
  const { statusMessage, exceptions, level } = observation;
  if (!statusMessage && exceptions.length === 0) return null;
  return (
    <div class="failure" data-level={level}>
      {statusMessage && (
        <div class="failure-message">
          <FoldedText text={statusMessage} />
        </div>
      )}
      {exceptions.map((exception, index) => (
        <div key={index}>
          <p class="failure-type" dir="auto">
            {[exception.type, exception.message].filter(Boolean).join(": ").slice(0, 2_000)}
          </p>
          {exception.stacktrace && <FoldedText text={exception.stacktrace} isCode />}
        </div>
      ))}
    </div>
  );
}

function Fields({ title, value }: { title: string; value: JsonObject }): JSX.Element | null {
  if (Object.keys(value).length === 0) return null;
  return (
    <Section title={title}>
      <JsonTree value={value} />
    </Section>
  );
}

function Section(props: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <section class="detail-section">
      <h4>{props.title}</h4>
      {props.children}
    </section>
  );
}
