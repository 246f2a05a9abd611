import { useEffect } from "preact/hooks";
import type { Player } from "../../playback/player";
import type { MarkKind } from "../../playback/session-timeline";
import { isDialogOpen, isTyped, keyTarget } from "../keyboard";

/** One press of an arrow key, in milliseconds of played time; with shift, five times as much. */
const ARROW_MS = 1_000;
const LONG_ARROW_MS = 5_000;

/** What takes the space bar and the arrow keys for itself. */
const USES_KEYS = "button, a, summary, select, audio, video, [role=treeitem], [role=tab]";

/** The keys of the player; see the list of shortcuts. They work wherever no text is typed. */
export function usePlayerKeys(
  player: Player,
  jump: (kind: MarkKind, direction: 1 | -1) => void,
  onMove: () => void,
): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isDialogOpen()) return;
      const target = keyTarget(event);
      const isAtScrubber = Boolean(target?.closest(".scrubber"));
      // The list of speeds has no letters to choose by.
      if (isTyped(event) && !isAtScrubber && !target?.matches("select")) return;
      const isTaken = !isAtScrubber && Boolean(target?.closest(USES_KEYS));
      const run = isTaken && /^(?: |Arrow)/.test(event.key) ? undefined : commandOf(event);
      if (run === undefined) return;
      event.preventDefault();
      run();
    };
    const moving = (run: () => void) => () => {
      run();
      onMove();
    };
    const commandOf = (event: KeyboardEvent): (() => void) | undefined => {
      const arrowMs = event.shiftKey ? LONG_ARROW_MS : ARROW_MS;
      switch (event.key) {
        case " ":
          return moving(player.state.isPlaying ? player.pause : player.play);
        case "ArrowLeft":
          return moving(() => player.seekBy(-arrowMs));
        case "ArrowRight":
          return moving(() => player.seekBy(arrowMs));
        case ",":
          return moving(() => player.step(-1));
        case ".":
          return moving(() => player.step(1));
        case "e":
          return () => jump("error", 1);
        case "t":
          return () => jump("tool", 1);
        case "n":
          return () => jump("turn", 1);
        case "p":
          return () => jump("turn", -1);
        case "[":
          return () => player.changeSpeed(-1);
        case "]":
          return () => player.changeSpeed(1);
        default:
          return undefined;
      }
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [player, jump, onMove]);
}
