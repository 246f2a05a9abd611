export interface TextSpan {
  readonly kind: "text" | "code";
  readonly text: string;
}

/** Longer runs between two backticks are taken for prose with stray backticks. */
const MAX_CODE_LENGTH = 200;

/**
 * Parts a text at its inline code: what stands between two single backticks on one line. In linear
 * time, whatever the text. Spec: https://spec.commonmark.org/0.31.2/#code-spans, of which this is
 * the common part.
 */
export function splitInlineCode(text: string): readonly TextSpan[] {
  const spans: TextSpan[] = [];
  let from = 0;
  for (let open = text.indexOf("`"); open !== -1; ) {
    const close = text.indexOf("`", open + 1);
    if (close === -1) break;
    const code = text.slice(open + 1, close);
    if (code === "" || code.length > MAX_CODE_LENGTH || code.includes("\n")) {
      open = close; // perhaps this one opens
      continue;
    }
    if (open > from) spans.push({ kind: "text", text: text.slice(from, open) });
    spans.push({ kind: "code", text: code });
    from = close + 1;
    open = text.indexOf("`", from);
  }
  if (from < text.length) spans.push({ kind: "text", text: text.slice(from) });
  return spans;
}
