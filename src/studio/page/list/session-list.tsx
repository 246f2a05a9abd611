import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { SessionSummary, TraceSummary } from "../../api/types";
import { formatInteger } from "../../conversation/format";
import { useNow } from "../clock";
import { Link } from "../link";
import { useArrival } from "../navigation";
import { usePages } from "../pages";
import { Loading, Notice, StaleBanner } from "../parts/notice";
import { SessionRow } from "./list-row";
import { ListTable } from "./list-table";
import { SetupGuide } from "./setup-guide";

export function SessionList(): JSX.Element {
  const sessions = usePages<SessionSummary>("/api/studio/sessions");
  const traces = usePages<TraceSummary>("/api/studio/traces");
  const nowMs = useNow();
  useArrival(sessions.items !== null, "sessions");
  useEffect(() => {
    document.title = "Sessions · playhead";
  }, []);

  if (sessions.items === null) {
    if (sessions.error === null) return <Loading />;
    const text = `${sessions.error.message} This page tries again as soon as it does.`;
    const action = { label: "Try again", run: sessions.reload };
    return <Notice tone="error" title="Cannot read the sessions" text={text} action={action} />;
  }
  if (sessions.items.length === 0) {
    if (traces.items === null && traces.error === null) return <Loading />;
    return <SetupGuide traceCount={traces.totalCount} />;
  }
  return (
    <div class="list">
      {sessions.error && <StaleBanner text={sessions.error.message} onRetry={sessions.reload} />}
      <div class="list-head">
        <h1 tabIndex={-1}>Sessions</h1>
        <span class="list-count">{formatInteger(sessions.totalCount)}</span>
      </div>
      <ListTable kind="sessions" pages={sessions}>
        {sessions.items.map((session) => (
          <SessionRow key={session.id} session={session} nowMs={nowMs} />
        ))}
      </ListTable>
      {traces.totalCount > 0 && (
        <p class="list-foot">
          <Link href="/traces">
            {traces.totalCount === 1
              ? "1 trace carries no session"
              : `${formatInteger(traces.totalCount)} traces carry no session`}
          </Link>
        </p>
      )}
    </div>
  );
}
