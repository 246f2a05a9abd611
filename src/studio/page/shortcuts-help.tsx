import type { JSX, RefObject } from "preact";

const SHORTCUTS: readonly (readonly [readonly string[], string])[] = [
  [["j", "k"], "Next and previous session or turn"],
  [["Enter"], "Open the session; open or close the turn"],
  [["/"], "Search the sessions; ↓ goes to what was found"],
  [["b"], "Set or take away the bookmark of a session"],
  [["↑", "↓"], "Move through the steps of a turn"],
  [["←", "→"], "Fold and unfold a step"],
  [["+", "−", "0"], "Zoom the graph of a trace, and show all of it"],
  [["Space"], "Play and pause a session"],
  [["←", "→"], "In a session: one second back and ahead; with Shift five"],
  [[",", "."], "Previous and next event"],
  [["p", "n"], "Previous and next turn"],
  [["e", "t"], "Next error, next tool call"],
  [["[", "]"], "Slower and faster"],
  [["Esc"], "Close what is open, then back to the list"],
  [["s", "t"], "Sessions, traces"],
  [["?"], "This list"],
];

export interface ShortcutsHelpProps {
  readonly dialog: RefObject<HTMLDialogElement | null>;
}

export function ShortcutsHelp({ dialog }: ShortcutsHelpProps): JSX.Element {
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title">
      <h2 id="help-title">Keyboard shortcuts</h2>
      <dl>
        {SHORTCUTS.map(([keys, effect]) => (
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
      <button type="button" class="button" onClick={() => dialog.current?.close()}>
        Close
      </button>
    </dialog>
  );
}
