import type { JSX } from "preact";
import { useCallback, useEffect } from "preact/hooks";
import { traceApiPath } from "../../api/paths";
import type { ChangeEvent, Turn } from "../../api/types";
import { formatAbsoluteTime, formatDuration, formatInteger } from "../../conversation/format";
import { turnUserText } from "../../conversation/turn-text";
import { Link } from "../link";
import { navigate, useArrival } from "../navigation";
import { ErrorBadge, Tag } from "../parts/badges";
import { CopyButton } from "../parts/copy-button";
import { BackIcon } from "../parts/icons";
import { Loading, Notice, StaleBanner } from "../parts/notice";
import { Stat } from "../parts/stat";
import { useResource } from "../resource";
import { sessionPath } from "../route";
import { TurnView } from "./turn";

export function TraceView({ traceId }: { traceId: string }): JSX.Element {
  const isAffected = useCallback(
    (change: ChangeEvent) => change.traceIds.includes(traceId),
    [traceId],
  );
  const { data: turn, error, reload } = useResource<Turn>(traceApiPath(traceId), isAffected);
  useArrival(turn !== null, traceId);
  const title = turn?.name ?? traceId;
  useEffect(() => {
    document.title = `${title.slice(0, 80)} · playhead`;
  }, [title]);

  if (turn === null) {
    if (error === null) return <Loading />;
    const isMissing = error.status === 404;
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
    <article class="session">
      {error && <StaleBanner text={error.message} onRetry={reload} />}
      <TraceHeader turn={turn} />
      <div class="turns">
        <TurnView turn={turn} number={null} />
      </div>
    </article>
  );
}

function TraceHeader({ turn }: { turn: Turn }): JSX.Element {
  const back = turn.sessionId === null ? "/traces" : sessionPath(turn.sessionId);
  return (
    <header class="session-header">
      <p class="crumbs">
        <Link href={back}>
          <BackIcon />
          <span dir="auto">{turn.sessionId ?? "Traces"}</span>
        </Link>
        <span class="crumb-id">{turn.traceId}</span>
        <CopyButton label="Copy the trace id" text={() => turn.traceId} />
      </p>
      <h1 tabIndex={-1} dir="auto">
        {turn.name ?? turnUserText(turn.input)?.slice(0, 200) ?? turn.traceId}
      </h1>
      <dl class="stats">
        <Stat name="Started">{formatAbsoluteTime(turn.startedAt)}</Stat>
        <Stat name="Duration">{formatDuration(turn.durationMs)}</Stat>
        <Stat name="Steps">{formatInteger(turn.observations.length)}</Stat>
        {turn.userId !== null && (
          <Stat name="User">
            <span dir="auto">{turn.userId}</span>
          </Stat>
        )}
      </dl>
      <div class="marks">
        <ErrorBadge count={turn.errorCount} />
        {turn.environment !== "default" && <Tag text={turn.environment} />}
        {turn.tags.map((tag) => (
          <Tag key={tag} text={tag} />
        ))}
      </div>
    </header>
  );
}
