/** A part of a stack trace: the error itself, or one that goes with it. */
export interface StackPart {
  /** `Caused by: TypeError: …`; null for the error itself. */
  readonly title: string | null;
  /** With the title as its first line. */
  readonly text: string;
}

/** Causes beyond this stay in one piece with the last. */
const MAX_PARTS = 40;

/** How the stack of another error begins: in ours and Java's, and between two of Python's tracebacks. */
const BEGINNING =
  /^(?:Caused by: |Containing: |The above exception was the direct cause|During handling of the above exception)/;

/** A stack trace, parted where another error begins. The texts, joined with line ends, are the whole. */
export function splitStack(stacktrace: string): readonly StackPart[] {
  const parts: { title: string | null; lines: string[] }[] = [{ title: null, lines: [] }];
  for (const line of stacktrace.split("\n")) {
    if (BEGINNING.test(line) && parts.length < MAX_PARTS)
      parts.push({ title: line, lines: [line] });
    else parts.at(-1)?.lines.push(line);
  }
  return parts
    .filter(({ lines }) => lines.length > 0)
    .map(({ title, lines }) => ({ title, text: lines.join("\n") }));
}
