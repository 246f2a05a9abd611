import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { commentsOfApiPath } from "../../api/paths";
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
  const dialog = useRef<HTMLDialogElement>(null);
  const [isOpen, setOpen] = useState(false);
  const path = commentsOfApiPath(target.objectType, target.objectId);
  const { data, error, reload } = useResource<CommentPage>(path, isNever);
  const open = (): void => {
    reload(); // others may have written meanwhile
    setOpen(true);
    dialog.current?.showModal();
  };
  const count = data?.meta.totalItems ?? 0;
  return (
    <>
      <button type="button" class="comments-open button" title="Comments (c)" onClick={open}>
        {count === 0 ? "Comment" : count === 1 ? "1 comment" : `${count} comments`}
      </button>
      <dialog
        ref={dialog}
        class="help comments"
        aria-label="Comments"
        data-testid="comments"
        onClose={(event) => setOpen(event.currentTarget.open)} // opened again meanwhile
      >
        {isOpen && (
          <CommentsDialog
            target={target}
            page={data}
            problem={error?.message ?? null}
            onChange={reload}
            onClose={() => dialog.current?.close()}
          />
        )}
      </dialog>
    </>
  );
}
