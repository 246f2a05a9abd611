import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { COMMENTS_API_PATH, COMMENTS_PER_PAGE } from "../../api/paths";
import { PROJECT_ID } from "../../api/project";
import { formatAbsoluteTime, formatInteger, formatRelativeTime } from "../../conversation/format";
import { Markdown } from "../chat/markdown";
import { useNow } from "../clock";
import { DraftNote } from "../drafts/draft-note";
import { subjectOf, useDraft } from "../drafts/use-draft";
import { NameField, useOwnName } from "../parts/name-field";
import { TooLong } from "../parts/too-long";
import { sendJson } from "../resource";
import type { CommentPage, CommentTarget, CommentView } from "./comments-button";
import { useShownComments } from "./shown-comments";

export interface CommentsDialogProps {
  readonly target: CommentTarget;
  /** Null until it has been read. */
  readonly page: CommentPage | null;
  /** Why the comments could not be read. */
  readonly problem: string | null;
  readonly onChange: () => void;
  readonly onClose: () => void;
}

/** As the API takes them, in characters. */
const MAX_CONTENT_LENGTH = 5_000;
const NONE = { content: "" };
const TITLES = { SESSION: "the session", TRACE: "the trace", OBSERVATION: "the step" } as const;

/** What people said of one thing, and a field to say more. */
export function CommentsDialog(props: CommentsDialogProps): JSX.Element {
  const { target, page, onChange, onClose } = props;
  const nowMs = useNow();
  const field = useRef<HTMLTextAreaElement>(null);
  const name = useOwnName();
  const subject = subjectOf("comment", target.objectType, target.objectId);
  const draft = useDraft(subject, NONE);
  const { content } = draft.fields;
  /** Added here: they show before the page with them has come. */
  const [added, setAdded] = useState<readonly CommentView[]>([]);
  useLayoutEffect(() => field.current?.focus(), []); // before the next key comes
  const shown = useShownComments(target, page);
  const { comments: read, totalCount } = shown;
  const length = content.trim().length; // as the API counts
  const excess = Math.max(0, length - MAX_CONTENT_LENGTH);
  const isReady = length > 0 && excess === 0;
  const send = async (): Promise<void> => {
    const authorUserId = name.sent || null;
    const body = { projectId: PROJECT_ID, ...target, content, authorUserId };
    const { id } = await sendJson<{ readonly id: string }>("POST", COMMENTS_API_PATH, body);
    const createdAt = new Date().toISOString();
    setAdded((now) => [...now, { id, createdAt, content, authorUserId }]);
    draft.settle({ content }, NONE);
  };
  const add = async (): Promise<void> => {
    if (!isReady || draft.isSending) return;
    await draft.send(send);
    field.current?.focus();
    onChange();
    if (totalCount >= COMMENTS_PER_PAGE) await shown.showAll(); // what was added is the last
  };
  const comments = [...read, ...added.filter(({ id }) => read.every((one) => one.id !== id))];
  const said = draft.problem ?? shown.problem ?? props.problem;
  const restCount = totalCount - read.length;
  const rows = useRef<HTMLOListElement>(null);
  const before = useRef({ readCount: 0, hasRest: false });
  useLayoutEffect(() => {
    const { readCount, hasRest } = before.current;
    before.current = { readCount: read.length, hasRest: restCount > 0 };
    if (!hasRest || restCount > 0 || document.activeElement !== document.body) return;
    // The button that asked for the last of them has gone, with the focus.
    rows.current?.querySelectorAll<HTMLElement>(":scope > li")[readCount]?.focus();
  });
  return (
    <>
      <div class="help-head">
        <h2>Comments on {TITLES[target.objectType]}</h2>
        <button type="button" class="button" onClick={onClose}>
          Close
        </button>
      </div>
      {page !== null && comments.length === 0 && (
        <p class="publish-note">Nobody has commented yet.</p>
      )}
      {totalCount > COMMENTS_PER_PAGE && (
        <p class="publish-note" role="status">
          {restCount > 0
            ? `The first ${formatInteger(read.length)} of ${formatInteger(totalCount)}.`
            : `All ${formatInteger(read.length)}.`}
        </p>
      )}
      <ol class="comment-rows" ref={rows}>
        {comments.map((comment) => (
          <li key={comment.id} data-testid="comment" tabIndex={-1}>
            <p class="publish-note">
              <strong dir="auto">{comment.authorUserId ?? "Somebody"}</strong>{" "}
              <time dateTime={comment.createdAt} title={formatAbsoluteTime(comment.createdAt)}>
                {formatRelativeTime(comment.createdAt, nowMs)}
              </time>
            </p>
            <Markdown text={comment.content} />
          </li>
        ))}
      </ol>
      {restCount > 0 && (
        <button type="button" class="button" onClick={shown.showMore}>
          Show {formatInteger(Math.min(restCount, COMMENTS_PER_PAGE))} more
        </button>
      )}
      <DraftNote draft={draft} label="the comment" onDiscarded={() => field.current?.focus()} />
      <label class="comment-field">
        <span>Comment, in Markdown</span>
        <textarea
          ref={field}
          class="comment-text field"
          rows={4}
          aria-invalid={excess > 0}
          value={content}
          onInput={(event) => draft.change({ content: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void add();
          }}
        />
      </label>
      <TooLong excess={excess} />
      <div class="comment-end">
        <NameField label="Your name" name={name} class="comment-field" />
        <button type="button" class="publish-do button" disabled={!isReady} onClick={add}>
          Add the comment
        </button>
      </div>
      {said !== null && (
        <p class="publish-problem" role="alert">
          {said}
        </p>
      )}
    </>
  );
}
