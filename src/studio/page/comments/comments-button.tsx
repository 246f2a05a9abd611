import type { JSX } from "preact";
import { commentsOfApiPath } from "../../api/paths";
import { Sheet, useSheet } from "../parts/sheet";
import { useResource } from "../resource";
import { CommentsDialog } from "./comments-dialog";

/** What is commented on. */
export interface CommentTarget {
  readonly objectType: "SESSION" | "TRACE" | "OBSERVATION";
  readonly objectId: string;
}

/** As far as it is shown. */
export interface CommentView {
  readonly id: string;
  readonly createdAt: string;
  readonly content: string;
  readonly authorUserId: string | null;
}

/** The page of `GET /api/public/comments`. */
export interface CommentPage {
  /** Oldest first. */
  readonly data: readonly CommentView[];
  readonly meta: { readonly totalItems: number };
}

const isNever = (): boolean => false;

/** Opens the comments on a session, a trace or an observation; `c` presses the nearest one. */
export function CommentsButton(target: CommentTarget): JSX.Element {
  const sheet = useSheet();
  const path = commentsOfApiPath(target.objectType, target.objectId);
  const { data, error, reload } = useResource<CommentPage>(path, isNever);
  const open = (): void => {
    reload(); // others may have written meanwhile
    sheet.open();
  };
  const count = data?.meta.totalItems ?? 0;
  return (
    <>
      <button type="button" class="comments-open button" title="Comments (c)" onClick={open}>
        {count === 0 ? "Comment" : count === 1 ? "1 comment" : `${count} comments`}
      </button>
      <Sheet sheet={sheet} class="help comments" aria-label="Comments" data-testid="comments">
        {() => (
          <CommentsDialog
            target={target}
            page={data}
            problem={error?.message ?? null}
            onChange={reload}
            onClose={sheet.close}
          />
        )}
      </Sheet>
    </>
  );
}
