import type { JSX } from "preact";
import { useKeys } from "../keyboard";
import { navigate } from "../navigation";
import { type ComparePick, comparePath, setComparePick, useComparePick } from "./compare-pick";

/** Chooses what is shown for a comparison, or compares it with what was chosen before. */
export function CompareButton(shown: ComparePick): JSX.Element {
  const pick = useComparePick();
  const { kind, id } = shown;
  const isPicked = pick?.kind === kind && pick.id === id;
  const run = (): void => {
    if (isPicked) setComparePick(null);
    else if (pick?.kind === kind) {
      setComparePick(null);
      navigate(comparePath(kind, pick.id, id));
    } else {
      setComparePick(shown);
      navigate(kind === "session" ? "/sessions" : "/traces");
    }
  };
  useKeys({ d: run });
  return (
    <button type="button" class="button compare-button" aria-keyshortcuts="d" onClick={run}>
      {isPicked
        ? "Do not compare"
        : pick?.kind === kind
          ? "Compare with the chosen one"
          : "Compare"}
    </button>
  );
}

/** Says what was chosen, wherever the other one is looked for. */
export function CompareBar(): JSX.Element | null {
  const pick = useComparePick();
  if (pick === null) return null;
  return (
    <p class="told-bar compare-bar" role="status" data-testid="compare-bar">
      <span class="compare-bar-text">
        Compare <strong dir="auto">{pick.title}</strong> with another {pick.kind}:{" "}
        {pick.kind === "session" ? "choose it in the list" : "open it and press d"}
      </span>
      <button type="button" class="button" onClick={() => setComparePick(null)}>
        Cancel
      </button>
    </p>
  );
}
