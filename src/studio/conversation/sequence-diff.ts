/** A run of one or the other sequence, or of both. */
export interface DiffRun {
  readonly kind: "same" | "removed" | "added";
  /** Where it begins in the first sequence; of `added`, where it would stand. */
  readonly a: number;
  /** The same in the second. */
  readonly b: number;
  readonly length: number;
}

/**
 * What two sequences have in common, in order: as few items as possible are removed and added.
 * Takes time and memory that grow with the number of differences; beyond `maxEdits` of them what
 * lies between the common beginning and the common end counts as replaced.
 * Spec: http://www.xmailserver.org/diff2.pdf
 * @returns runs that cover both; of a replaced stretch what is removed comes first
 */
export function diffSequences(
  a: readonly string[],
  b: readonly string[],
  maxEdits: number,
): readonly DiffRun[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  const runs = new Runs();
  runs.add("same", 0, 0, start);
  const middle = shortestEdit(a.slice(start, endA), b.slice(start, endB), maxEdits);
  for (const { kind, a: atA, b: atB, length } of middle) {
    runs.add(kind, atA + start, atB + start, length);
  }
  runs.add("same", endA, endB, a.length - endA);
  return runs.list();
}

function shortestEdit(
  a: readonly string[],
  b: readonly string[],
  maxEdits: number,
): readonly DiffRun[] {
  const limit = Math.min(maxEdits, a.length + b.length);
  /** How far in `a` each diagonal has come, by diagonal from `-edits` to `edits`. */
  const steps: Int32Array[] = [];
  let before = new Int32Array(3);
  for (let edits = 0; edits <= limit; edits++) {
    const reached = new Int32Array(2 * edits + 3); // with one more at each end
    const middle = edits + 1;
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = edits === 0 ? 0 : nextPlace(before, edits, diagonal).x;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      reached[middle + diagonal] = x;
      if (x >= a.length && x - diagonal >= b.length) {
        steps.push(reached);
        return traceBack(steps, a.length, b.length);
      }
    }
    steps.push(reached);
    before = reached;
  }
  const runs = new Runs();
  runs.add("removed", 0, 0, a.length);
  runs.add("added", a.length, 0, b.length);
  return runs.list();
}

/** Where a diagonal begins with its next edit, and whether that edit adds. */
function nextPlace(
  before: Int32Array,
  edits: number,
  diagonal: number,
): { readonly x: number; readonly isAdding: boolean } {
  const middle = edits; // of `before`, which has one edit less
  const above = before[middle + diagonal + 1] ?? 0;
  const left = before[middle + diagonal - 1] ?? 0;
  const isAdding = diagonal === -edits || (diagonal !== edits && left < above);
  return isAdding ? { x: above, isAdding } : { x: left + 1, isAdding };
}

function traceBack(
  steps: readonly Int32Array[],
  lengthA: number,
  lengthB: number,
): readonly DiffRun[] {
  const found: DiffRun[] = [];
  let [x, y] = [lengthA, lengthB];
  for (let edits = steps.length - 1; edits > 0; edits--) {
    const before = steps[edits - 1];
    if (before === undefined) break;
    const { x: from, isAdding } = nextPlace(before, edits, x - y);
    const fromY = from - (x - y);
    found.push({ kind: "same", a: from, b: fromY, length: x - from });
    [x, y] = isAdding ? [from, fromY - 1] : [from - 1, fromY];
    found.push({ kind: isAdding ? "added" : "removed", a: x, b: y, length: 1 });
  }
  found.push({ kind: "same", a: 0, b: 0, length: x });
  const runs = new Runs();
  for (const { kind, a, b, length } of found.reverse()) runs.add(kind, a, b, length);
  return runs.list();
}

/** Joins neighbours of a kind, and puts what is removed before what is added in its place. */
class Runs {
  readonly #list: DiffRun[] = [];

  add(kind: DiffRun["kind"], a: number, b: number, length: number): void {
    if (length === 0) return;
    const last = this.#list.at(-1);
    if (last?.kind === kind) {
      this.#list[this.#list.length - 1] = { ...last, length: last.length + length };
    } else if (kind === "removed" && last?.kind === "added") {
      this.#list.pop();
      this.add("removed", last.a, last.b, length);
      this.#list.push({ ...last, a: last.a + length });
    } else {
      this.#list.push({ kind, a, b, length });
    }
  }

  list(): readonly DiffRun[] {
    return this.#list;
  }
}
