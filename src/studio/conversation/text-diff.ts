/** A stretch of text that two texts share, or that only one of them has. */
export interface DiffPart {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
}

/** Pairs of words that are compared at most; beyond, what differs is replaced as a whole. */
const MAX_PAIRS = 1_000_000;

/**
 * What turns one text into another, in whole words, as short as can be: `same` and `removed` together
 * give the first text, `same` and `added` the second. Removed stands before added.
 */
export function diffTexts(before: string, after: string): readonly DiffPart[] {
  const [old, now] = [wordsOf(before), wordsOf(after)];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  const room = Math.min(old.length, now.length) - start;
  while (end < room && old[old.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  const [oldMiddle, nowMiddle] = [
    old.slice(start, old.length - end),
    now.slice(start, now.length - end),
  ];
  const parts: DiffPart[] = [
    { kind: "same", text: old.slice(0, start).join("") },
    ...(oldMiddle.length * nowMiddle.length > MAX_PAIRS
      ? replaced(oldMiddle, nowMiddle)
      : shortest(oldMiddle, nowMiddle)),
    { kind: "same", text: old.slice(old.length - end).join("") },
  ];
  return joined(parts);
}

/** Words, single signs, and the space between them. */
function wordsOf(text: string): readonly string[] {
  return text.match(/\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? [];
}

function replaced(old: readonly string[], now: readonly string[]): readonly DiffPart[] {
  return [
    { kind: "removed", text: old.join("") },
    { kind: "added", text: now.join("") },
  ];
}

/** By the longest common subsequence of words. */
function shortest(old: readonly string[], now: readonly string[]): readonly DiffPart[] {
  // common[i * width + j]: words that old from i on and now from j on have in common.
  const width = now.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      common[i * width + j] =
        old[i] === now[j]
          ? (common[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
    }
  }
  const parts: DiffPart[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      parts.push({ kind: "same", text: old[i] ?? "" });
      i += 1;
      j += 1;
    } else if (
      j >= now.length ||
      (i < old.length && (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))
    ) {
      parts.push({ kind: "removed", text: old[i] ?? "" });
      i += 1;
    } else {
      parts.push({ kind: "added", text: now[j] ?? "" });
      j += 1;
    }
  }
  return parts;
}

/** Neighbours of one kind as one part; between two shared parts what is removed stands first. */
function joined(parts: readonly DiffPart[]): readonly DiffPart[] {
  const result: DiffPart[] = [];
  let [removed, added] = ["", ""];
  const close = (): void => {
    if (removed !== "") result.push({ kind: "removed", text: removed });
    if (added !== "") result.push({ kind: "added", text: added });
    [removed, added] = ["", ""];
  };
  for (const { kind, text } of parts) {
    if (text === "") continue;
    if (kind === "removed") removed += text;
    else if (kind === "added") added += text;
    else {
      close();
      const last = result.at(-1);
      if (last?.kind === "same") result[result.length - 1] = { kind, text: last.text + text };
      else result.push({ kind, text });
    }
  }
  close();
  return result;
}
