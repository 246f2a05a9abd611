import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { formatInteger } from "../../conversation/format";
import { type DiffPart, diffTexts } from "../../conversation/text-diff";
import { DiffParts } from "../parts/diff-parts";
import { Hidden } from "../parts/hidden";

export interface DiffTextProps {
  /** What both texts are: `User`, `Answer`. */
  readonly label: string;
  /** Null where the turn is missing or has no such text. */
  readonly a: string | null;
  readonly b: string | null;
}

/** Longest text that is shown at once, in characters. */
const MAX_SHOWN = 20_000;

/** Two texts side by side, with what differs marked in each. */
export function DiffText({ label, a, b }: DiffTextProps): JSX.Element | null {
  const parts = useMemo(() => diffTexts(a ?? "", b ?? ""), [a, b]);
  const isEqual = a === b;
  if (a === null && b === null) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset has a frame and a legend of its own
    <div class="compare-texts" role="group" aria-label={label}>
      <h3>
        {label}
        {isEqual && <span class="compare-equal">the same</span>}
      </h3>
      <div class="compare-sides" data-equal={isEqual ? "" : undefined}>
        <Side name="A" text={a} parts={parts} own="removed" isOnly={b === null} />
        {!isEqual && <Side name="B" text={b} parts={parts} own="added" isOnly={a === null} />}
      </div>
    </div>
  );
}

interface SideProps {
  readonly name: "A" | "B";
  readonly text: string | null;
  readonly parts: readonly DiffPart[];
  readonly own: "removed" | "added";
  /** There is no other text: all of it differs, and nothing is marked. */
  readonly isOnly: boolean;
}

function Side({ name, text, parts, own, isOnly }: SideProps): JSX.Element {
  const [isWhole, setWhole] = useState(false);
  if (text === null) {
    return (
      <p class="compare-side compare-none">
        <Hidden>{name}: </Hidden>nothing
      </p>
    );
  }
  const shown: DiffPart[] = [];
  let room = isWhole ? Number.POSITIVE_INFINITY : MAX_SHOWN;
  for (const part of parts) {
    if (part.kind !== "same" && part.kind !== own) continue;
    if (room <= 0) break;
    const piece = part.text.slice(0, room);
    room -= piece.length;
    shown.push({ kind: isOnly ? "same" : part.kind, text: piece });
  }
  return (
    <div class="compare-side" data-side={name}>
      <Hidden>{name}: </Hidden>
      <DiffParts parts={shown} />
      {text.length > MAX_SHOWN && !isWhole && (
        <button type="button" class="button" onClick={() => setWhole(true)}>
          Show all {formatInteger(text.length)} characters
        </button>
      )}
    </div>
  );
}
