import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { CheckIcon, CopyIcon } from "./icons";

export interface CopyButtonProps {
  /** Called on click: what is copied may be costly to build. */
  readonly text: () => string;
  /** Accessible name: what is copied. */
  readonly label: string;
  /** Visible words beside the icon. */
  readonly caption?: string;
}

type Outcome = "idle" | "copied" | "failed";

export function CopyButton({ text, label, caption }: CopyButtonProps): JSX.Element {
  const [outcome, setOutcome] = useState<Outcome>("idle");
  useEffect(() => {
    if (outcome === "idle") return;
    const timer = window.setTimeout(() => setOutcome("idle"), 1_500);
    return () => window.clearTimeout(timer);
  }, [outcome]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text());
      setOutcome("copied");
    } catch {
      setOutcome("failed"); // no permission, or JSON nested too deep to write
    }
  };
  const said = outcome === "copied" ? "Copied" : outcome === "failed" ? "Could not copy" : null;
  return (
    <button
      type="button"
      class="copy"
      aria-label={said ?? label}
      title={said ?? label}
      onClick={copy}
    >
      {outcome === "copied" ? <CheckIcon /> : <CopyIcon />}
      {caption && <span>{said ?? caption}</span>}
    </button>
  );
}
