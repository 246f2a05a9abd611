import type { JSX } from "preact";
import { highlightParts } from "./highlight";

/** A text in which the words of a search are marked. Text nodes only: the text is captured. */
export function HighlightText({ text, search }: { text: string; search: string }): JSX.Element {
  if (search === "") return <>{text}</>;
  return (
    <>
      {highlightParts(text, search).map((part, index) =>
        part.isMatch ? <mark key={index}>{part.text}</mark> : part.text,
      )}
    </>
  );
}
