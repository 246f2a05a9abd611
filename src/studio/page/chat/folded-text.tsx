import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { splitCodeFences } from "../../conversation/code-fences";
import { type FoldLimits, foldLength } from "../../conversation/fold-length";
import { formatInteger } from "../../conversation/format";
import { cutText } from "../../conversation/json-text";
import { CopyButton } from "../parts/copy-button";
import { Markdown } from "./markdown";

/** Shown at first: about two screens. */
const LONG: FoldLimits = { length: 4_000, lines: 100 };
/** Of what a user said: so much that the answer is still in sight. */
const SHORT: FoldLimits = { length: 1_200, lines: 24 };
/** Largest piece added by one "Show more": what a browser lays out without a pause one notices. */
const MAX_STEP_LENGTH = 200_000;

export interface FoldedTextProps {
  readonly text: string;
  /** Set in a fixed-width face, without looking for code fences. */
  readonly isCode?: boolean;
  /** Folded earlier, for texts that stand before what the reader is after. */
  readonly isShort?: boolean;
  /** Characters that are there so far, while the text is being written; null for all. */
  readonly typedLength?: number | null;
}

/** A text of any length, never more of it in the page than was asked for. */
export function FoldedText({
  text,
  isCode = false,
  isShort = false,
  typedLength = null,
}: FoldedTextProps): JSX.Element {
  const firstLength = useMemo(() => foldLength(text, isShort ? SHORT : LONG), [text, isShort]);
  /** UTF-16 units asked for; null until then. */
  const [askedLength, setAskedLength] = useState<number | null>(null);
  // While it is written its beginning is all that is shown: each frame lays it out anew.
  const limit = typedLength === null ? (askedLength ?? firstLength) : firstLength;
  const isTyping = typedLength !== null && typedLength < limit;
  const shown = cutText(text, isTyping ? typedLength : limit);
  const rest = isTyping ? 0 : text.length - shown.length;
  const showMore = (): void => {
    setAskedLength(limit + Math.min(MAX_STEP_LENGTH, Math.max(limit, SHORT.length) * 4));
  };
  return (
    <div class="folded" data-typing={isTyping ? "" : undefined}>
      {isCode ? <pre class="code">{shown}</pre> : <Prose text={shown} />}
      {rest > 0 && (
        <p class="folded-more">
          {typedLength === null && (
            <button type="button" class="button" onClick={showMore}>
              Show more
            </button>
          )}
          <span>
            {formatInteger(rest)} of {formatInteger(text.length)} characters hidden
          </span>
        </p>
      )}
      {rest === 0 && !isTyping && firstLength < text.length && (
        <p class="folded-more">
          <button type="button" class="button" onClick={() => setAskedLength(null)}>
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
          <CodeBlock key={index} text={block.text} language={block.language} />
        ) : (
          <Markdown key={index} text={block.text} />
        ),
      )}
    </>
  );
}

function CodeBlock(props: { text: string; language: string | null }): JSX.Element {
  return (
    <div class="code-block">
      <p class="code-head">
        <span>{props.language}</span>
        <CopyButton label="Copy the code" text={() => props.text} />
      </p>
      <pre class="code">{props.text}</pre>
    </div>
  );
}
