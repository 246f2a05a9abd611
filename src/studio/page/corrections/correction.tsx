import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { JsonValue, ScoreView } from "../../api/types";
import { prettyJson } from "../../conversation/pretty-json";
import { diffTexts } from "../../conversation/text-diff";
import { FoldedText } from "../chat/folded-text";
import { isInStudio } from "../in-studio";
import { CopyButton } from "../parts/copy-button";
import { DiffParts } from "../parts/diff-parts";
import { Segments } from "../parts/segments";
import type { ReadError } from "../resource";
import { deleteScore } from "../scores/score-writes";

/** The newest correction among the scores of a trace or step. */
export function correctionOf(scores: readonly ScoreView[]): ScoreView | undefined {
  return scores.findLast(({ dataType }) => dataType === "CORRECTION");
}

/** An output as a text that can be changed. */
export function outputText(output: JsonValue): string {
  if (output === null) return "";
  return typeof output === "string" ? output : prettyJson(output);
}

/** Longest text that is compared, and that stands in a field to be changed, in characters. */
export const MAX_EDITED_LENGTH = 100_000;

const FORMS = [
  { value: "changes", text: "Changes" },
  { value: "text", text: "Text" },
] as const;

export interface CorrectionProps {
  readonly output: JsonValue;
  /** Of the trace or step itself; nothing shows where none is a correction. */
  readonly scores: readonly ScoreView[];
  /** Of its title, by where it stands. @default h4 */
  readonly heading?: "h3" | "h4";
}

/** What the output should have been, as what was changed in it or as it is. */
export function Correction({
  output,
  scores,
  heading: Heading = "h4",
}: CorrectionProps): JSX.Element | null {
  const score = correctionOf(scores);
  const [form, setForm] = useState<(typeof FORMS)[number]["value"]>("changes");
  const [problem, setProblem] = useState<string | null>(null);
  const corrected = String(score?.value ?? "");
  const hasScore = score !== undefined;
  /** Null where there is nothing to compare, or too much. */
  const parts = useMemo(() => {
    if (!hasScore || corrected.length > MAX_EDITED_LENGTH) return null;
    const text = outputText(output);
    return text.length > MAX_EDITED_LENGTH ? null : diffTexts(text, corrected);
  }, [output, corrected, hasScore]);
  if (score === undefined) return null;
  const remove = async (): Promise<void> => {
    try {
      await deleteScore(score.id, score);
      setProblem(null);
    } catch (failure) {
      setProblem((failure as ReadError).message); // what deleteScore rejects with
    }
  };
  return (
    <section class="detail-section correction" data-testid="correction">
      <div class="detail-section-head">
        <Heading>Corrected output</Heading>
        {parts !== null && (
          <Segments
            label="Show the correction as"
            options={FORMS}
            value={form}
            onChange={setForm}
          />
        )}
        <CopyButton label="Copy the corrected output" text={() => corrected} />
        {isInStudio() && (
          <button type="button" class="correction-delete button" onClick={remove}>
            Delete
          </button>
        )}
      </div>
      <div class="correction-text" dir="auto">
        {form === "text" || parts === null ? (
          <FoldedText text={corrected} />
        ) : (
          <DiffParts parts={parts} />
        )}
      </div>
      {score.comment && (
        <p class="publish-note" dir="auto">
          {score.comment}
        </p>
      )}
      {problem !== null && (
        <p class="publish-problem" role="alert">
          {problem}
        </p>
      )}
    </section>
  );
}
