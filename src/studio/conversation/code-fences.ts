export type TextBlock =
  | { readonly kind: "prose"; readonly text: string }
  | { readonly kind: "code"; readonly language: string | null; readonly text: string };

const FENCE = /^ {0,3}(`{3,}|~{3,})[ \t]*([^\s`]*)[^`]*$/;

/**
 * Parts a text at its Markdown code fences. A fence that is never closed runs to the end, as in an
 * answer that is still streaming. Spec: https://spec.commonmark.org/0.31.2/#fenced-code-blocks
 */
export function splitCodeFences(text: string): readonly TextBlock[] {
  if (!text.includes("```") && !text.includes("~~~")) return [{ kind: "prose", text }];
  const blocks: TextBlock[] = [];
  let lines: string[] = [];
  let open: { readonly marker: string; readonly language: string | null } | null = null;
  const close = (): void => {
    const body = lines.join("\n");
    lines = [];
    if (open !== null) blocks.push({ kind: "code", language: open.language, text: body });
    else if (body.trim() !== "") blocks.push({ kind: "prose", text: trimBlankLines(body) });
  };
  for (const line of text.split("\n")) {
    const fence: RegExpExecArray | null = line.length < 200 ? FENCE.exec(line.trimEnd()) : null;
    const marker = fence?.[1] ?? "";
    const language = fence?.[2] ?? "";
    if (open === null && marker !== "") {
      close();
      open = { marker, language: language === "" ? null : language };
    } else if (open !== null && marker.startsWith(open.marker) && language === "") {
      close();
      open = null;
    } else {
      lines.push(line);
    }
  }
  close();
  return blocks;
}

function trimBlankLines(text: string): string {
  return text.replace(/^(?:[ \t]*\n)+/, "").trimEnd();
}
