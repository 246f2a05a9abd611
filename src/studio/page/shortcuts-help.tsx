import type { JSX, RefObject } from "preact";
import { isInStudio } from "./in-studio";

interface Group {
  readonly title: string;
  readonly shortcuts: readonly (readonly [keys: readonly string[], effect: string])[];
}

/** What a public page has nothing of. */
const STUDIO_ONLY = [
  ...[
    "Lists",
    "Compare",
    "Models and their prices",
    "Sessions",
    "Publish the session",
    "Bookmark it, or no longer",
  ],
  "Score the session, or the turn or step that has the focus",
  "Score the trace, or the step that is open",
  "Correct the output of the turn or step that has the focus",
  "Correct the output of the trace, or of the step that is open",
  "Comments on the session, or on the step that is open",
  "Comments on the trace, or on the step that is open",
];

const GROUPS: readonly Group[] = [
  {
    title: "Everywhere",
    shortcuts: [
      [["j", "k"], "Next and previous row, turn or step"],
      [["Enter"], "Open it; in a session, the steps of the turn"],
      [["Esc"], "Close what is open, then go back"],
      [["s"], "Sessions"],
      [["t"], "Traces; in a session, the next tool call"],
      [["m"], "Models and their prices"],
      [["?"], "This list"],
    ],
  },
  {
    title: "Lists",
    shortcuts: [
      [["/"], "Search; then ↓ for what was found"],
      [["↑", "↓"], "Previous and next row"],
      [["b"], "Bookmark the session, or no longer"],
      [["d"], "Compare: choose a session, then the other"],
      [["a"], "Add a model"],
    ],
  },
  {
    title: "Compare",
    shortcuts: [
      [["d"], "Choose the session or trace that is shown, then the other"],
      [["x"], "Swap the two"],
    ],
  },
  {
    title: "Session",
    shortcuts: [
      [["Space"], "Play and pause"],
      [["←", "→"], "A second back and ahead; with Shift, five"],
      [[",", "."], "Previous and next event"],
      [["p", "n"], "Previous and next turn"],
      [["e"], "Next error"],
      [["t"], "Next tool call"],
      [["[", "]"], "Slower and faster"],
      [["b"], "Bookmark it, or no longer"],
      [["a"], "Score the session, or the turn or step that has the focus"],
      [["o"], "Correct the output of the turn or step that has the focus"],
      [["c"], "Comments on the session, or on the step that is open"],
      [["P"], "Publish the session"],
    ],
  },
  {
    title: "Steps and trace",
    shortcuts: [
      [["↑", "↓"], "Previous and next step"],
      [["←", "→"], "Fold and unfold"],
      [["Home", "End"], "First and last step"],
      [["/"], "Filter the steps of a trace by name"],
      [["a"], "Score the trace, or the step that is open"],
      [["o"], "Correct the output of the trace, or of the step that is open"],
      [["c"], "Comments on the trace, or on the step that is open"],
      [["+", "−", "0"], "Zoom the graph, show all of it"],
    ],
  },
];

export interface ShortcutsHelpProps {
  readonly dialog: RefObject<HTMLDialogElement | null>;
}

export function ShortcutsHelp({ dialog }: ShortcutsHelpProps): JSX.Element {
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title">
      <div class="help-head">
        <h2 id="help-title">Keyboard shortcuts</h2>
        <button type="button" class="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
      <div class="help-groups">
        {shownGroups().map(({ title, shortcuts }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {shortcuts.map(([keys, effect]) => (
                <div key={effect}>
                  <dt>
                    {keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{effect}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </dialog>
  );
}

function shownGroups(): readonly Group[] {
  if (isInStudio()) return GROUPS;
  return GROUPS.filter(({ title }) => !STUDIO_ONLY.includes(title)).map(({ title, shortcuts }) => ({
    title,
    shortcuts: shortcuts.filter(([, effect]) => !STUDIO_ONLY.includes(effect)),
  }));
}
