import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ScoreView } from "../../api/types";
import { formatInteger } from "../../conversation/format";
import { DraftNote } from "../drafts/draft-note";
import { subjectOf, useDraft } from "../drafts/use-draft";
import type { ScoreTarget } from "../scores/score-target";
import { newScoreIdOf, writeScore } from "../scores/score-writes";
import { MAX_EDITED_LENGTH } from "./correction";

export interface CorrectDialogProps {
  readonly target: ScoreTarget;
  readonly output: string;
  /** The one there is; a person's is changed in its place, another one stays beside the new one. */
  readonly correction: ScoreView | undefined;
  readonly onClose: () => void;
}

/** A field with the output, to be made what it should have been. */
export function CorrectDialog(props: CorrectDialogProps): JSX.Element {
  const { target, output, correction, onClose } = props;
  const field = useRef<HTMLTextAreaElement>(null);
  const before = correction === undefined ? output : String(correction.value);
  const isLong = before.length > MAX_EDITED_LENGTH;
  const subject = subjectOf("correction", target.ids);
  const draft = useDraft(subject, {
    text: isLong ? "" : before,
    comment: correction?.comment ?? "",
  });
  const { text, comment } = draft.fields;
  useLayoutEffect(() => field.current?.focus(), []); // before the next key comes
  const save = async (): Promise<void> => {
    const isOwn = correction?.source === "ANNOTATION";
    const id = isOwn ? correction.id : newScoreIdOf(subject);
    const given = { id, name: "output", value: text, comment, dataType: "CORRECTION" } as const;
    await writeScore(target, given);
    // Else it has been changed, or the sheet that is open now is another one.
    if (draft.settle(draft.fields, draft.fields)) onClose();
  };
  const send = (): void => {
    if (!draft.isSending) void draft.send(save);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send();
  };
  return (
    <>
      <div class="help-head">
        <h2>Correct the output of the {target.kind}</h2>
        <button type="button" class="button" onClick={onClose}>
          Close
        </button>
      </div>
      {isLong && (
        <p class="publish-note">
          What there is has {formatInteger(before.length)} characters, too many for this field.
        </p>
      )}
      <DraftNote draft={draft} label="the correction" onDiscarded={() => field.current?.focus()} />
      <label class="comment-field">
        <span>What it should have been</span>
        <textarea
          ref={field}
          class="correct-text field"
          rows={12}
          value={text}
          dir="auto"
          onInput={(event) => draft.change({ text: event.currentTarget.value })}
          onKeyDown={onKeyDown}
        />
      </label>
      <div class="comment-end">
        <label class="comment-field">
          <span>Comment (optional)</span>
          <input
            class="correct-comment field"
            value={comment}
            autoComplete="off"
            onInput={(event) => draft.change({ comment: event.currentTarget.value })}
            onKeyDown={onKeyDown}
          />
        </label>
        <button type="button" class="correct-save publish-do button" onClick={send}>
          Save the correction
        </button>
      </div>
      <p class="publish-note">
        The output stays as it was captured; the correction stands beside it. <kbd>Ctrl</kbd>{" "}
        <kbd>Enter</kbd> saves.
      </p>
      {draft.problem !== null && (
        <p class="publish-problem" role="alert">
          {draft.problem}
        </p>
      )}
    </>
  );
}
