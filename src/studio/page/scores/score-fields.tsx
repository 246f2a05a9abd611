import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ScoreView } from "../../api/types";
import { DraftNote } from "../drafts/draft-note";
import { subjectOf, useDraft } from "../drafts/use-draft";
import { TooLong } from "../parts/too-long";
import type { ScoreConfig } from "../score-configs/score-config";
import { valuesText } from "../score-configs/score-config-text";
import type { ScoreTarget } from "./score-target";
import { choicesOf, excessOf, ScoreValue, textOfScore, valueOfText } from "./score-value";
import { deleteScore, isNewScore, newScoreIdOf, writeScore } from "./score-writes";

export interface ScoreFieldsProps {
  readonly config: ScoreConfig;
  /** What was given when the sheet was opened. */
  readonly score: ScoreView | undefined;
  readonly target: ScoreTarget;
  /** Whether it gets the focus at first. */
  readonly isFirst: boolean;
  /** Told the id of a score that was written. */
  readonly onWritten: (id: string) => void;
}

type Note = "" | "Saving…" | "Saved" | "Deleting…" | "Deleted";

const NONE = { value: "", comment: "" };

/** One score of a target: its value and a comment, to be given, changed and taken back. */
export function ScoreFields(props: ScoreFieldsProps): JSX.Element {
  const { config, target, isFirst, onWritten } = props;
  const row = useRef<HTMLLIElement>(null);
  const subject = subjectOf("score", target.ids, config.id);
  const [given, setGiven] = useState(props.score?.id ?? null);
  /** Of what was given when the sheet was opened, or was written since by one that was open before. */
  const id = given ?? (isNewScore(subject, props.score?.id) ? props.score.id : null);
  const draft = useDraft(subject, {
    value: textOfScore(props.score),
    comment: props.score?.comment ?? "",
  });
  const { value, comment } = draft.fields;
  const excess = excessOf(value, config);
  const [latestNote, setNote] = useState<Note>(draft.isSending ? "Saving…" : "");
  // Of a sheet that was open before, no more is known here than that it is sending.
  const note = latestNote.endsWith("…") && !draft.isSending ? "" : latestNote;
  /** Whether it was to be saved without a value. */
  const [isMissed, setMissed] = useState(false);
  const problem =
    isMissed && value.trim() === "" ? `Expected a value: ${valuesText(config)}` : draft.problem;
  const [isDeleting, setDeleting] = useState(false);
  useLayoutEffect(() => {
    if (isFirst) focusRow(row.current);
  }, [isFirst]);

  const change = (part: Partial<typeof NONE>): void => {
    draft.change(part);
    setNote("");
  };
  const save = async (): Promise<void> => {
    const isEmpty = value.trim() === "";
    setMissed(isEmpty);
    if (isEmpty) return;
    if (excess > 0 || note === "Saving…" || note === "Deleting…") return;
    setNote("Saving…");
    await draft.send(write); // one at a time: what was asked for last stays
  };
  const write = async (): Promise<void> => {
    const score = { id: id ?? newScoreIdOf(subject), name: config.name };
    const { dataType, id: configId } = config;
    const written = { value: valueOfText(value, config), dataType, comment, configId };
    await writeScore(target, { ...score, ...written });
    onWritten(score.id);
    setGiven(score.id);
    if (!draft.settle(draft.fields, draft.fields)) return; // it has been changed meanwhile
    setNote("Saved");
    if (row.current?.contains(document.activeElement)) focusRow(row.current.nextElementSibling);
  };
  const remove = async (): Promise<void> => {
    if (id === null || isDeleting) return;
    setDeleting(true);
    setMissed(false);
    setNote("Deleting…");
    const erase = async (): Promise<void> => {
      await deleteScore(id, target.ids);
      onWritten(id);
      setGiven(null);
      draft.settle(draft.fields, NONE);
      setNote("Deleted");
      focusRow(row.current);
    };
    await draft.send(erase); // after what is being saved
    setDeleting(false);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const isField = event.target instanceof HTMLElement && event.target.matches("input, textarea");
    if (!isField || event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      void save();
    } else if (/^[1-9]$/.test(event.key) && isRadio(event.target)) {
      const index = Number(event.key) - 1;
      const choice = choicesOf(config)[index];
      if (choice === undefined) return;
      event.preventDefault();
      change({ value: choice });
      row.current?.querySelectorAll<HTMLElement>("[type=radio]")[index]?.focus();
    }
  };

  return (
    <li ref={row} class="score-row" data-testid="score-row" onKeyDown={onKeyDown}>
      <p class="score-head">
        <strong dir="auto">{config.name}</strong>
        {config.dataType !== "CATEGORICAL" && (
          <span class="publish-note">{valuesText(config)}</span>
        )}
        <span class="score-note publish-note" role="status">
          {note}
        </span>
      </p>
      {config.description && (
        <p class="publish-note" dir="auto">
          {config.description}
        </p>
      )}
      <div class="score-value-line">
        <ScoreValue config={config} value={value} onChange={(text) => change({ value: text })} />
      </div>
      <TooLong excess={excess} />
      <div class="score-end">
        <input
          class="score-comment field"
          aria-label={`Comment on ${config.name}`}
          placeholder="Comment (optional)"
          autoComplete="off"
          value={comment}
          onInput={(event) => change({ comment: event.currentTarget.value })}
        />
        <button
          type="button"
          class="score-save button"
          aria-label={`Save ${config.name}`}
          onClick={save}
        >
          Save
        </button>
        {id !== null && (
          <button
            type="button"
            class="score-delete button"
            aria-label={`Delete ${config.name}`}
            onClick={remove}
          >
            Delete
          </button>
        )}
      </div>
      {!note.endsWith("…") && (
        <DraftNote draft={draft} label={config.name} onDiscarded={() => focusRow(row.current)} />
      )}
      {problem !== null && (
        <p class="publish-problem" role="alert">
          {problem}
        </p>
      )}
    </li>
  );
}

function isRadio(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && target.type === "radio";
}

/** To what is chosen, or the first field. */
function focusRow(row: Element | null): void {
  const field =
    row?.querySelector<HTMLElement>("input:checked") ??
    row?.querySelector<HTMLElement>("input, textarea");
  field?.focus();
}
