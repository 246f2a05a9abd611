import type { JSX } from "preact";

export interface DraftNoteProps {
  /** Of what the draft is, for readers who hear it. */
  readonly label: string;
  /** Whether it is on its way already. */
  readonly isSending?: boolean;
  readonly onDiscard: () => void;
}

/** Says that the fields hold what was begun before, and offers to drop it. */
export function DraftNote({ label, isSending, onDiscard }: DraftNoteProps): JSX.Element {
  if (isSending) {
    return (
      <p class="draft-note publish-note" data-testid="draft-note">
        Being sent…
      </p>
    );
  }
  return (
    <p class="draft-note publish-note" data-testid="draft-note">
      Begun before, and not saved.{" "}
      <button
        type="button"
        class="button"
        aria-label={`Discard the draft of ${label}`}
        onClick={onDiscard}
      >
        Discard
      </button>
    </p>
  );
}
