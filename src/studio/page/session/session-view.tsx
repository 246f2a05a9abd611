import type { JSX } from "preact";
import { useCallback, useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { sessionApiPath } from "../../api/paths";
import type { ChangeEvent, SessionDetail } from "../../api/types";
import { formatDuration } from "../../conversation/format";
import { idleGapMs } from "../../conversation/turn-summary";
import { navigate, useArrival } from "../navigation";
import { Loading, Notice, StaleBanner } from "../parts/notice";
import { useResource } from "../resource";
import { SessionHeader } from "./session-header";
import { TurnView } from "./turn";

export function SessionView({ sessionId }: { sessionId: string }): JSX.Element {
  const isAffected = useCallback(
    (change: ChangeEvent, data: SessionDetail | null) =>
      change.sessionIds.includes(sessionId) ||
      (data?.turns.some((turn) => change.traceIds.includes(turn.traceId)) ?? true),
    [sessionId],
  );
  const { data, error, reload } = useResource<SessionDetail>(sessionApiPath(sessionId), isAffected);
  const turnCount = data?.turns.length ?? 0;
  useArrival(data !== null, sessionId);
  useFollowing(turnCount);
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
    <article class="session" data-long={turnCount > 60 ? "" : undefined}>
      {error && <StaleBanner text={error.message} onRetry={reload} />}
      <SessionHeader session={data.session} scores={data.scores} />
      <ol class="turns" aria-label="Turns">
        {data.turns.map((turn, index) => (
          <li key={turn.traceId}>
            <IdleGap gapMs={idleGapMs(data.turns[index - 1], turn)} />
            <TurnView turn={turn} number={index + 1} />
          </li>
        ))}
      </ol>
      <p class="visually-hidden" role="status">
        {turnCount === 1 ? "1 turn" : `${turnCount} turns`}
      </p>
    </article>
  );
}

function Missing({ sessionId }: { sessionId: string }): JSX.Element {
  return (
    <Notice
      title="No such session"
      text={`Nothing has arrived with the session id ${sessionId}. When it does, it appears here.`}
      action={{ label: "Go to the sessions", run: () => navigate("/sessions") }}
    />
  );
}

function IdleGap({ gapMs }: { gapMs: number | null }): JSX.Element | null {
  if (gapMs === null) return null;
  return (
    <p class="idle" data-testid="idle-gap">
      <span>{formatDuration(gapMs)} idle</span>
    </p>
  );
}

/** Nearer to the end of the page than this counts as reading along, in CSS pixels. */
const FOLLOW_DISTANCE = 120;

/** Scrolls to the end when a turn is added while the reader is at the end, and only then. */
function useFollowing(turnCount: number): void {
  const isAtEnd = useRef(false);
  const shown = useRef(0);
  useEffect(() => {
    const measure = (): void => {
      const { scrollHeight } = document.documentElement;
      isAtEnd.current = scrollHeight - window.innerHeight - window.scrollY < FOLLOW_DISTANCE;
    };
    window.addEventListener("scroll", measure, { passive: true });
    return () => window.removeEventListener("scroll", measure);
  }, []);
  useLayoutEffect(() => {
    const isAddition = shown.current > 0 && turnCount > shown.current;
    shown.current = turnCount;
    if (isAddition && isAtEnd.current) {
      window.scrollTo(0, document.documentElement.scrollHeight);
    }
  }, [turnCount]);
}
