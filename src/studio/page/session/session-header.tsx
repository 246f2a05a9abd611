import type { JSX } from "preact";
import { useCallback } from "preact/hooks";
import type { Percentiles, SessionFigures } from "../../api/detail-types";
import { sessionFiguresApiPath } from "../../api/paths";
import type { ChangeEvent, ScoreView, SessionSummary } from "../../api/types";
import {
  formatAbsoluteTime,
  formatCost,
  formatDuration,
  formatInteger,
  formatRelativeTime,
} from "../../conversation/format";
import { byImportance } from "../../conversation/turn-summary";
import { useNow } from "../clock";
import { isInStudio } from "../in-studio";
import { Link } from "../link";
import { ErrorBadge, ScoreBadge, ScoreSummaryBadge, Tag } from "../parts/badges";
import { CopyButton } from "../parts/copy-button";
import { BackIcon } from "../parts/icons";
import { Stat } from "../parts/stat";
import { Tokens } from "../parts/tokens";
import { SessionActions } from "../publish/session-actions";
import { useResource } from "../resource";
import { GrowthChart } from "./growth-chart";

export interface SessionHeaderProps {
  readonly session: SessionSummary;
  /** Scores of the session itself; those of its turns stand at the turns. */
  readonly scores: readonly ScoreView[];
}

/** What a session is and what it took. Fetches the figures of its turns itself. */
export function SessionHeader({ session, scores }: SessionHeaderProps): JSX.Element {
  const nowMs = useNow();
  const own = new Set(scores.map((score) => score.name));
  const figures = useFigures(session.id);
  const environments = session.environments.filter((name) => name !== "default");
  return (
    <header class="session-header">
      <div class="crumbs">
        {isInStudio() && (
          <Link href="/sessions">
            <BackIcon />
            Sessions
          </Link>
        )}
        <span class="crumb-id" dir="auto" data-testid="session-id">
          {session.id}
        </span>
        <CopyButton label="Copy the session id" text={() => session.id} />
        {isInStudio() && <SessionActions session={session} scores={scores} />}
      </div>
      <h1 tabIndex={-1} dir="auto">
        {session.firstMessage ?? session.id}
      </h1>
      <div class="session-figures">
        <div>
          <dl class="stats">
            <Stat name="Started">
              <time dateTime={session.startedAt} title={formatAbsoluteTime(session.startedAt)}>
                {formatRelativeTime(session.startedAt, nowMs)}
              </time>
            </Stat>
            <Stat name="Duration">{formatDuration(session.durationMs)}</Stat>
            <Stat name="Turns">{formatInteger(session.traceCount)}</Stat>
            <PercentilesStat name="Latency" values={figures?.latencyMs} />
            <PercentilesStat name="First token" values={figures?.timeToFirstTokenMs} />
            {session.tokens.total > 0 && (
              <Stat name="Tokens">
                <Tokens tokens={session.tokens} />
              </Stat>
            )}
            {session.totalCost !== null && <Stat name="Cost">{formatCost(session.totalCost)}</Stat>}
            {session.userIds.length > 0 && (
              <Stat name={session.userIds.length === 1 ? "User" : "Users"}>
                <span dir="auto">{session.userIds.slice(0, 10).join(", ")}</span>
              </Stat>
            )}
            {session.models.length > 0 && (
              <Stat name={session.models.length === 1 ? "Model" : "Models"}>
                <span dir="auto">{byImportance(session.models).slice(0, 6).join(", ")}</span>
              </Stat>
            )}
          </dl>
          <div class="marks">
            <ErrorBadge count={session.errorCount} />
            {scores.map((score) => (
              <ScoreBadge key={score.id} score={score} />
            ))}
            {session.scores
              .filter((score) => !own.has(score.name))
              .map((score) => (
                <ScoreSummaryBadge key={`${score.dataType} ${score.name}`} score={score} />
              ))}
            {environments.map((name) => (
              <Tag key={name} text={name} />
            ))}
            {session.tags.map((tag) => (
              <Tag key={tag} text={tag} />
            ))}
          </div>
        </div>
        {figures !== null && <GrowthChart turns={figures.turns} />}
      </div>
    </header>
  );
}

/** Two of the turns' values: half of all turns took at most the first, 95 of 100 the second. */
function PercentilesStat(props: {
  name: string;
  values: Percentiles | null | undefined;
}): JSX.Element | null {
  if (props.values === null || props.values === undefined) return null;
  const { p50, p95 } = props.values;
  return (
    <Stat name={`${props.name} p50, p95`}>
      {formatDuration(p50)}
      <span class="stat-divider">, </span>
      {formatDuration(p95)}
    </Stat>
  );
}

function useFigures(sessionId: string): SessionFigures | null {
  const isAffected = useCallback(
    (change: ChangeEvent) => change.sessionIds.includes(sessionId),
    [sessionId],
  );
  return useResource<SessionFigures>(sessionFiguresApiPath(sessionId), isAffected).data;
}
