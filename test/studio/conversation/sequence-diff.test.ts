import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DiffRun, diffSequences } from "../../../src/studio/conversation/sequence-diff";

const items = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 30 });

const itemsOf = (runs: readonly DiffRun[], side: "a" | "b", of: readonly string[]): string[] =>
  runs
    .filter(({ kind }) => kind !== (side === "a" ? "added" : "removed"))
    .flatMap((run) => of.slice(run[side], run[side] + run.length));

const commonOf = (runs: readonly DiffRun[]): number =>
  runs.reduce((sum, { kind, length }) => sum + (kind === "same" ? length : 0), 0);

/** Length of the longest common subsequence, by the textbook's table. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const item of a) {
    const next = [0];
    for (const [index, other] of b.entries()) {
      next.push(
        item === other ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0),
      );
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

describe("the differences of two sequences", () => {
  it("cover both, whatever they hold and however many edits are looked for", () => {
    fc.assert(
      fc.property(items, items, fc.integer({ min: 0, max: 70 }), (a, b, maxEdits) => {
        const runs = diffSequences(a, b, maxEdits);
        expect(itemsOf(runs, "a", a)).toEqual(a);
        expect(itemsOf(runs, "b", b)).toEqual(b);
        for (const run of runs.filter(({ kind }) => kind === "same")) {
          expect(a.slice(run.a, run.a + run.length)).toEqual(b.slice(run.b, run.b + run.length));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("leave as much in common as there is", () => {
    fc.assert(
      fc.property(items, items, (a, b) => {
        expect(commonOf(diffSequences(a, b, 100))).toBe(longestCommon(a, b));
      }),
      { numRuns: 500 },
    );
  });

  it("are runs that no neighbour continues, what is removed before what is added", () => {
    fc.assert(
      fc.property(items, items, (a, b) => {
        const kinds = diffSequences(a, b, 100).map(({ kind }) => kind);
        for (const [index, kind] of kinds.entries()) {
          expect(kinds[index + 1]).not.toBe(kind);
          if (kind === "added") expect([undefined, "same"]).toContain(kinds[index + 1]);
        }
      }),
    );
  });

  it("keep the common beginning and end where there are more than are looked for", () => {
    const runs = diffSequences([..."xabcy"], [..."xdefy"], 2);
    expect(runs).toEqual([
      { kind: "same", a: 0, b: 0, length: 1 },
      { kind: "removed", a: 1, b: 1, length: 3 },
      { kind: "added", a: 4, b: 1, length: 3 },
      { kind: "same", a: 4, b: 4, length: 1 },
    ]);
  });
});
