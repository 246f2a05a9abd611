import type { JSX } from "preact";
import type { Bar } from "../../conversation/waterfall";

/** When a step ran, and how long it waited for its first token. The figures stand beside it. */
export function TimeBar({ bar }: { bar: Bar }): JSX.Element {
  return (
    <span class="obs-track" aria-hidden="true">
      <span class="bar" style={{ left: `${bar.left}%`, width: `${bar.width}%` }}>
        {bar.firstToken !== null && (
          <span class="bar-wait" style={{ width: `${bar.firstToken}%` }} />
        )}
      </span>
    </span>
  );
}
