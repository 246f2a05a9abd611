import type { JSX } from "preact";
import type { ScoreView, SessionSummary } from "../../api/types";
import {
  formatAbsoluteTime,
  formatCost,
  formatDuration,
  formatInteger,
  formatRelativeTime,
} from "../../conversation/format";
import { byImportance } from "../../conversation/turn-summary";
import { useNow } from "../clock";
import { Link } from "../link";
import { ErrorBadge, ScoreBadge, ScoreSummaryBadge, Tag } from "../parts/badges";
import { CopyButton } from "../parts/copy-button";
import { BackIcon } from "../parts/icons";
import { Stat } from "../parts/stat";
import { Tokens } from "../parts/tokens";

export interface SessionHeaderProps {
  readonly session: SessionSummary;
  /** Scores of the session itself; those of its turns stand at the turns. */
  readonly scores: readonly ScoreView[];
}

export function SessionHeader({ session, scores }: SessionHeaderProps): JSX.Element {
  const nowMs = useNow();
  const own = new Set(scores.map((score) => score.name));
  const environments = session.environments.filter((name) => name !== "default");
  return (
    <header class="session-header">
      <p class="crumbs">
        <Link href="/sessions">
          <BackIcon />
          Sessions
        </Link>
        <span class="crumb-id" dir="auto" data-testid="session-id">
          {session.id}
        </span>
        <CopyButton label="Copy the session id" text={() => session.id} />
      </p>
      <h1 tabIndex={-1} dir="auto">
        {session.firstMessage ?? session.id}
      </h1>
      <dl class="stats">
        <Stat name="Started">
          <time dateTime={session.startedAt} title={formatAbsoluteTime(session.startedAt)}>
            {formatRelativeTime(session.startedAt, nowMs)}
          </time>
        </Stat>
        <Stat name="Duration">{formatDuration(session.durationMs)}</Stat>
        <Stat name="Turns">{formatInteger(session.traceCount)}</Stat>
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
    </header>
  );
}
