import type { JSX } from "preact";
import { useCallback, useEffect, useLayoutEffect } from "preact/hooks";
import type { TraceOutline } from "../../api/detail-types";
import { traceOutlineApiPath } from "../../api/paths";
import type { ChangeEvent } from "../../api/types";
import {
  formatAbsoluteTime,
  formatCost,
  formatDuration,
  formatInteger,
} from "../../conversation/format";
import { turnUserText } from "../../conversation/turn-text";
import { CompareButton } from "../compare/compare-button";
import { isInStudio } from "../in-studio";
import { Link } from "../link";
import { navigate, useArrival } from "../navigation";
import { ErrorBadge, ScoreBadge, Tag } from "../parts/badges";
import { CopyButton } from "../parts/copy-button";
import { BackIcon } from "../parts/icons";
import { Loading, Notice, StaleBanner } from "../parts/notice";
import { Stat } from "../parts/stat";
import { Tokens } from "../parts/tokens";
import { isPublicView } from "../public-view";
import { useResource } from "../resource";
import { sessionPath } from "../route";
import { TraceWorkspace } from "../trace/trace-workspace";

export interface TraceViewProps {
  readonly traceId: string;
  /** Told the session of the trace once it is known, null where there is none; and null in the end. */
  readonly onSession: (sessionId: string | null) => void;
}

/** One trace: what it took, and each of its steps. */
export function TraceView({ traceId, onSession }: TraceViewProps): JSX.Element {
  const isAffected = useCallback(
    (change: ChangeEvent) => change.traceIds.includes(traceId),
    [traceId],
  );
  const path = traceOutlineApiPath(traceId);
  const { data: outline, error, reload } = useResource<TraceOutline>(path, isAffected);
  useArrival(outline !== null, traceId);
  const sessionId = outline?.sessionId ?? null;
  // Before it is to be seen: Escape leads to the session from the first moment on.
  useLayoutEffect(() => {
    onSession(sessionId);
    return () => onSession(null);
  }, [sessionId, onSession]);
  const title = outline?.name ?? traceId;
  useEffect(() => {
    document.title = `${title.slice(0, 80)} · playhead`;
  }, [title]);

  if (outline === null) {
    if (error === null) return <Loading />;
    const isMissing = error.status === 404;
    if (isMissing && isPublicView()) {
      const text = "Nothing is published at this address, or not any more.";
      return <Notice title="Nothing here" text={text} />;
    }
    return (
      <Notice
        tone={isMissing ? "plain" : "error"}
        title={isMissing ? "No such trace" : "Cannot read this trace"}
        text={
          isMissing
            ? `Nothing has arrived with the trace id ${traceId}. When it does, it appears here.`
            : error.message
        }
        action={
          isMissing
            ? { label: "Go to the sessions", run: () => navigate("/sessions") }
            : { label: "Try again", run: reload }
        }
      />
    );
  }
  return (
    <article class="trace" data-testid="trace" data-trace-id={traceId}>
      {error && <StaleBanner text={error.message} onRetry={reload} />}
      <TraceHeader outline={outline} />
      <TraceWorkspace outline={outline} />
    </article>
  );
}

function TraceHeader({ outline }: { outline: TraceOutline }): JSX.Element {
  const { sessionId, traceId, tokens, totalCost, release, version } = outline;
  return (
    <header class="trace-header">
      <p class="crumbs">
        {isPublicView() ? (
          <BackIcon />
        ) : (
          <Link href={sessionId === null ? "/traces" : "/sessions"}>
            <BackIcon />
            {sessionId === null ? "Traces" : "Sessions"}
          </Link>
        )}
        {sessionId !== null && (
          <Link href={sessionPath(sessionId, traceId)} class="crumb-id" testId="crumb-session">
            <span class="crumb-text" dir="auto">
              {sessionId}
            </span>
          </Link>
        )}
        <span class="crumb-id">{traceId}</span>
        <CopyButton label="Copy the trace id" text={() => traceId} />
        {isInStudio() && (
          <CompareButton kind="trace" id={traceId} title={outline.name ?? traceId} />
        )}
      </p>
      <div class="trace-title">
        <h1 tabIndex={-1} dir="auto">
          {outline.name ?? turnUserText(outline.input)?.slice(0, 200) ?? traceId}
        </h1>
        <div class="marks">
          <ErrorBadge count={outline.errorCount} />
          {outline.scores
            .filter((score) => score.observationId === null)
            .slice(0, 6)
            .map((score) => (
              <ScoreBadge key={score.id} score={score} />
            ))}
          {outline.environment !== "default" && <Tag text={outline.environment} />}
          {outline.tags.map((tag) => (
            <Tag key={tag} text={tag} />
          ))}
        </div>
      </div>
      <dl class="stats">
        <Stat name="Started">{formatAbsoluteTime(outline.startedAt)}</Stat>
        <Stat name="Duration">{formatDuration(outline.durationMs)}</Stat>
        <Stat name="Steps">{formatInteger(outline.steps.length)}</Stat>
        {(tokens.input > 0 || tokens.output > 0) && (
          <Stat name="Tokens">
            <Tokens tokens={tokens} />
          </Stat>
        )}
        {totalCost !== null && <Stat name="Cost">{formatCost(totalCost)}</Stat>}
        {outline.userId !== null && (
          <Stat name="User">
            <span dir="auto">{outline.userId}</span>
          </Stat>
        )}
        {release !== null && (
          <Stat name="Release">
            <span dir="auto">{release.slice(0, 80)}</span>
          </Stat>
        )}
        {version !== null && (
          <Stat name="Version">
            <span dir="auto">{version.slice(0, 80)}</span>
          </Stat>
        )}
      </dl>
    </header>
  );
}
