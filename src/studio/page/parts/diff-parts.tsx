import type { JSX } from "preact";
import type { DiffPart } from "../../conversation/text-diff";

export interface DiffPartsProps {
  readonly parts: readonly DiffPart[];
}

/** A text with what was removed from it and added to it marked. */
export function DiffParts({ parts }: DiffPartsProps): JSX.Element {
  return (
    <p class="diff-parts" dir="auto">
      {parts.map(({ kind, text }, at) => {
        if (kind === "removed") return <del key={at}>{text}</del>;
        return kind === "added" ? <ins key={at}>{text}</ins> : <span key={at}>{text}</span>;
      })}
    </p>
  );
}
