import type { JSX } from "preact";
import type { Bar } from "../../conversation/waterfall";

/** When a step ran, and how long it waited for its first token, on a track with lines of time. */
export function TimeBar({ bar }: { bar: Bar }): JSX.Element {
  return (
    <span class="obs-track">
      <BarOfTime bar={bar} />
    </span>
  );
}

/** The bar alone, on a track of the caller's. The figures stand beside it. */
export function BarOfTime({ bar }: { bar: Bar }): JSX.Element {
  return (
    <span class="bar" aria-hidden="true" style={{ left: `${bar.left}%`, width: `${bar.width}%` }}>
      {bar.firstToken !== null && <span class="bar-wait" style={{ width: `${bar.firstToken}%` }} />}
    </span>
  );
}
