import type { JSX } from "preact";
import { useCallback, useEffect } from "preact/hooks";
import { sessionOutlineApiPath } from "../../api/paths";
import type { ChangeEvent, SessionOutline } from "../../api/types";
import { navigate, useArrival } from "../navigation";
import { Loading, Notice, StaleBanner } from "../parts/notice";
import { isPublicView } from "../public-view";
import { useResource } from "../resource";
import { SessionHeader } from "./session-header";
import { SessionReplay } from "./session-replay";

export function SessionView({ sessionId }: { sessionId: string }): JSX.Element {
  const isAffected = useCallback(
    (change: ChangeEvent, data: SessionOutline | null) =>
      change.sessionIds.includes(sessionId) ||
      (data?.turns.some((turn) => change.traceIds.includes(turn.traceId)) ?? true),
    [sessionId],
  );
  const { data, error, reload } = useResource<SessionOutline>(
    sessionOutlineApiPath(sessionId),
    isAffected,
  );
  useArrival(data !== null, sessionId);
  const title = data?.session.firstMessage ?? sessionId;
  useEffect(() => {
    document.title = `${title.slice(0, 80)} · playhead`;
  }, [title]);

  if (data === null) {
    if (error === null) return <Loading />;
    if (error.status === 404) return <Missing sessionId={sessionId} />;
    const action = { label: "Try again", run: reload };
    return (
      <Notice tone="error" title="Cannot read this session" text={error.message} action={action} />
    );
  }
  return (
    <article class="session session-replay">
      {error && <StaleBanner text={error.message} onRetry={reload} />}
      <SessionHeader session={data.session} scores={data.scores} />
      <SessionReplay outline={data} />
    </article>
  );
}

function Missing({ sessionId }: { sessionId: string }): JSX.Element {
  if (isPublicView()) {
    const text = "Nothing is published at this address, or not any more.";
    return <Notice title="Nothing here" text={text} />;
  }
  return (
    <Notice
      title="No such session"
      text={`Nothing has arrived with the session id ${sessionId}. When it does, it appears here.`}
      action={{ label: "Go to the sessions", run: () => navigate("/sessions") }}
    />
  );
}
