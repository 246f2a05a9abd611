import type { JSX } from "preact";
import type { Draft } from "./use-draft";

export interface DraftNoteProps {
  readonly draft: Pick<Draft<never>, "isOld" | "isSending" | "discard">;
  /** Of what the draft is, for readers who hear it. */
  readonly label: string;
  /** Told when the draft has been dropped, with the button that had the focus. */
  readonly onDiscarded: () => void;
}

/** Says that the fields hold what was begun before, and offers to drop it. */
export function DraftNote({ draft, label, onDiscarded }: DraftNoteProps): JSX.Element | null {
  if (!draft.isOld) return null;
  return (
    <p class="draft-note publish-note" data-testid="draft-note">
      {draft.isSending ? (
        "Being sent…"
      ) : (
        <>
          Begun before, and not saved.{" "}
          <button
            type="button"
            class="button"
            aria-label={`Discard the draft of ${label}`}
            onClick={() => {
              draft.discard();
              onDiscarded();
            }}
          >
            Discard
          </button>
        </>
      )}
    </p>
  );
}
