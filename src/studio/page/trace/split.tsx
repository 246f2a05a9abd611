import type { ComponentChildren, JSX } from "preact";
import { useRef } from "preact/hooks";
import { useStoredSetting } from "../stored-setting";

export interface SplitProps {
  readonly main: ComponentChildren;
  /** Shown at the end of the main part, or alone where there is little room. */
  readonly side: ComponentChildren;
}

/** Share of the main part, in percent. */
const DEFAULT_SHARE = 56;
const MIN_SHARE = 30;
const MAX_SHARE = 75;
const KEY_STEP = 2;

/**
 * Two parts with a handle between them that is dragged or moved by arrow keys.
 * Spec: https://www.w3.org/WAI/ARIA/apg/patterns/windowsplitter/
 */
export function Split({ main, side }: SplitProps): JSX.Element {
  const container = useRef<HTMLDivElement>(null);
  const [share, setShare] = useStoredSetting("trace-split", DEFAULT_SHARE, (text) => {
    const stored = Number(text);
    return stored >= MIN_SHARE && stored <= MAX_SHARE ? stored : null;
  });
  const change = (wanted: number): void =>
    setShare(Math.round(Math.min(MAX_SHARE, Math.max(MIN_SHARE, wanted))));
  const onPointerMove = (event: PointerEvent): void => {
    const box = container.current?.getBoundingClientRect();
    const isHeld =
      event.currentTarget instanceof Element &&
      event.currentTarget.hasPointerCapture(event.pointerId);
    if (box === undefined || !isHeld) return;
    change(((event.clientX - box.left) / box.width) * 100);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const wanted: Readonly<Record<string, number>> = {
      ArrowLeft: share - KEY_STEP,
      ArrowRight: share + KEY_STEP,
      Home: MIN_SHARE,
      End: MAX_SHARE,
    };
    const next = Object.hasOwn(wanted, event.key) ? wanted[event.key] : undefined;
    if (next === undefined) return;
    event.preventDefault();
    change(next);
  };
  return (
    <div
      class="split"
      ref={container}
      style={{ "--main": `${share}fr`, "--side": `${100 - share}fr` }}
    >
      <div class="split-main">{main}</div>
      {/* biome-ignore lint/a11y/useSemanticElements: a rule that is moved, which `hr` is not */}
      <div
        class="split-handle"
        role="separator"
        aria-orientation="vertical"
        aria-label="Width of the steps"
        aria-valuenow={share}
        aria-valuemin={MIN_SHARE}
        aria-valuemax={MAX_SHARE}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          event.preventDefault();
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={onPointerMove}
        onDblClick={() => change(DEFAULT_SHARE)}
      />
      <div class="split-side">{side}</div>
    </div>
  );
}
