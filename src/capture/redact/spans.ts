/** Parts of a text as start, end, start, end, …: in order, not overlapping. Undefined: none. */
export type Spans = readonly number[] | undefined;

/** Finds parts of a text in time linear in its length. */
export type Finder = (text: string) => Spans;

/** Puts `mark` in place of each span; the same string where there is none. */
export function replaceSpans(text: string, spans: Spans, mark: string): string {
  if (spans === undefined) return text;
  let replaced = "";
  let copiedTo = 0;
  for (let index = 0; index + 1 < spans.length; index += 2) {
    replaced += text.slice(copiedTo, spans[index]);
    replaced += mark;
    copiedTo = spans[index + 1] ?? copiedTo;
  }
  return replaced + text.slice(copiedTo);
}
