import type { JSX, RefObject } from "preact";

const SHORTCUTS: readonly (readonly [readonly string[], string])[] = [
  [["j", "k"], "Next and previous session or turn"],
  [["Enter"], "Open the session; open or close the turn"],
  [["/"], "Search the sessions; ↓ goes to what was found"],
  [["b"], "Set or take away the bookmark of a session"],
  [["↑", "↓"], "Move through the steps of a turn"],
  [["←", "→"], "Fold and unfold a step"],
  [["+", "−", "0"], "Zoom the graph of a trace, and show all of it"],
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
