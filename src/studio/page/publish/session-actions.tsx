import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { ScoreView, SessionSummary } from "../../api/types";
import { CommentsButton } from "../comments/comments-button";
import { CompareButton } from "../compare/compare-button";
import { useKeys } from "../keyboard";
import { StarIcon } from "../list/list-icons";
import { useBookmarks } from "../list/use-bookmarks";
import { Sheet, useSheet } from "../parts/sheet";
import { sessionTarget } from "../scores/score-target";
import { ScoresButton } from "../scores/scores-button";
import { ExportMenu } from "../session/export-menu";
import { SendSession } from "../session/send-session";
import { PublishDialog } from "./publish-dialog";
import { usePublications } from "./use-publications";

export interface SessionActionsProps {
  readonly session: SessionSummary;
  /** Of the session itself. */
  readonly scores: readonly ScoreView[];
}

/** What a reader does with a whole session: keeps it in mind, says something of it, takes it somewhere. */
export function SessionActions({ session, scores }: SessionActionsProps): JSX.Element {
  const { id } = session;
  const sheet = useSheet();
  const sessions = useMemo(() => [session], [session]);
  const bookmarks = useBookmarks(sessions);
  const isBookmarked = bookmarks.isBookmarked(session);
  const publications = usePublications(id);
  const isPublished = publications.data?.some((one) => one.isOpen) ?? false;
  useKeys({ b: () => bookmarks.toggle(session), P: () => sheet.open() });
  return (
    <span class="session-actions">
      {bookmarks.error && (
        <span role="alert" class="publish-problem">
          {bookmarks.error.message} The bookmark was not kept.
        </span>
      )}
      <button
        type="button"
        class="star icon-button"
        aria-pressed={isBookmarked}
        aria-label={isBookmarked ? "Remove the bookmark" : "Bookmark"}
        title={isBookmarked ? "Remove the bookmark (b)" : "Bookmark (b)"}
        onClick={() => bookmarks.toggle(session)}
      >
        <StarIcon />
      </button>
      <ScoresButton target={sessionTarget(id, session.environments[0])} scores={scores} />
      <CommentsButton objectType="SESSION" objectId={id} />
      <button
        type="button"
        class="publish-open button"
        title="Publish at an address of its own (P)"
        data-published={isPublished ? "" : undefined}
        onClick={() => sheet.open()}
      >
        {isPublished ? "Published" : "Publish"}
      </button>
      <CompareButton kind="session" id={id} title={session.firstMessage ?? id} />
      <ExportMenu sessionId={id} />
      <SendSession sessionId={id} />
      <Sheet
        sheet={sheet}
        class="help publish"
        aria-labelledby="publish-title"
        data-testid="publish-dialog"
      >
        {() => <PublishDialog sessionId={id} publications={publications} onClose={sheet.close} />}
      </Sheet>
    </span>
  );
}
