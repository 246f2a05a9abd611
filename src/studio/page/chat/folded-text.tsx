import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { splitCodeFences } from "../../conversation/code-fences";
import { formatInteger } from "../../conversation/format";
import { splitInlineCode } from "../../conversation/inline-code";
import { cutText } from "../../conversation/json-text";

/** Shown at first, in UTF-16 units: about two screens. */
const FIRST_LENGTH = 4_000;
/** Largest piece added by one "Show more": what a browser lays out without a pause one notices. */
const MAX_STEP_LENGTH = 200_000;

export interface FoldedTextProps {
  readonly text: string;
  /** Set in a fixed-width face, without looking for code fences. */
  readonly isCode?: boolean;
}

/** A text of any length, never more of it in the page than was asked for. */
export function FoldedText({ text, isCode = false }: FoldedTextProps): JSX.Element {
  const [limit, setLimit] = useState(FIRST_LENGTH);
  // A few characters over the limit are not worth a button.
  const shown = text.length <= limit * 1.15 ? text : cutText(text, limit);
  const rest = text.length - shown.length;
  return (
    <div class="folded">
      {isCode ? <pre class="code">{shown}</pre> : <Prose text={shown} />}
      {rest > 0 && (
        <p class="folded-more">
          <button
            type="button"
            class="button"
            onClick={() => setLimit(limit + Math.min(MAX_STEP_LENGTH, limit * 4))}
          >
            Show more
          </button>
          <span>
            {formatInteger(rest)} of {formatInteger(text.length)} characters hidden
          </span>
        </p>
      )}
      {rest === 0 && text.length > FIRST_LENGTH * 1.15 && (
        <p class="folded-more">
          <button type="button" class="button" onClick={() => setLimit(FIRST_LENGTH)}>
            Show less
          </button>
        </p>
      )}
    </div>
  );
}

function Prose({ text }: { text: string }): JSX.Element {
  const blocks = useMemo(() => splitCodeFences(text), [text]);
  return (
    <>
      {blocks.map((block, index) =>
        block.kind === "code" ? (
          <pre key={index} class="code">
            {block.text}
          </pre>
        ) : (
          <div key={index} class="prose" dir="auto">
            {splitInlineCode(block.text).map((span, place) =>
              span.kind === "code" ? <code key={place}>{span.text}</code> : span.text,
            )}
          </div>
        ),
      )}
    </>
  );
}
