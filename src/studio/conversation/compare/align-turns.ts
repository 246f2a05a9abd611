import { diffSequences } from "../sequence-diff";

/** Two turns that stand side by side, by their places; null where the other has none for it. */
export interface TurnPair {
  readonly a: number | null;
  readonly b: number | null;
}

/** Sessions that differ in more turns than this are aligned by order alone. */
const MAX_EDITS = 2_000;

/**
 * Turns of two sessions, aligned by what the user said, in order. Between two that agree, as many
 * on one side as on the other stand side by side as well: the user said it in other words. Else they
 * stand alone.
 * @param a - what the user said in each turn; null where nothing is known
 */
export function alignTurns(
  a: readonly (string | null)[],
  b: readonly (string | null)[],
): readonly TurnPair[] {
  const runs = diffSequences(a.map(normalized), b.map(normalized), MAX_EDITS);
  const pairs: TurnPair[] = [];
  for (const [index, run] of runs.entries()) {
    const next = runs[index + 1];
    const previous = runs[index - 1];
    const isReworded =
      run.kind === "removed" && next?.kind === "added" && next.length === run.length;
    const wasReworded =
      run.kind === "added" && previous?.kind === "removed" && previous.length === run.length;
    if (wasReworded) continue; // stands with the run before
    for (let offset = 0; offset < run.length; offset++) {
      const [atA, atB] = [run.a + offset, run.b + offset];
      if (run.kind === "same") pairs.push({ a: atA, b: atB });
      else if (isReworded) pairs.push({ a: atA, b: next.b + offset });
      else pairs.push(run.kind === "removed" ? { a: atA, b: null } : { a: null, b: atB });
    }
  }
  return pairs;
}

/** Case, punctuation and white space say nothing. */
function normalized(text: string | null): string {
  return (text ?? "")
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
