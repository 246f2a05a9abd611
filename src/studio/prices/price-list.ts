import { compilePattern, type LinearPattern } from "./linear-pattern";
import type { ModelRecord } from "./model-record";

/** Which model's prices hold for what an observation names. */
export interface PriceList {
  /** @param atUs - start of the observation, in microseconds */
  find(modelName: string, atUs: number): ModelRecord | undefined;
}

/** Names whose models are remembered, so that no pattern is run for each observation. */
const MAX_KNOWN_NAMES = 10_000;

interface Candidate {
  readonly model: ModelRecord;
  readonly pattern: LinearPattern;
}

/**
 * Of the models whose pattern matches and whose dates hold: one's own before one that comes with the
 * studio, then a pattern for the whole name before one for a part of it, then the one that holds
 * since later, then the longer pattern, then the newer.
 * @param models - in any order; one whose pattern cannot be read matches nothing
 */
export function createPriceList(models: readonly ModelRecord[]): PriceList {
  const candidates = models.flatMap(candidateOf).sort(byPrecedence);
  const known = new Map<string, readonly ModelRecord[]>();

  function matching(name: string): readonly ModelRecord[] {
    const before = known.get(name);
    if (before !== undefined) return before;
    const found = candidates.filter(({ pattern }) => pattern.test(name)).map(({ model }) => model);
    if (known.size >= MAX_KNOWN_NAMES) known.clear();
    known.set(name, found);
    return found;
  }

  return {
    find: (name, atUs) =>
      matching(name).find(
        ({ startUs, endUs }) =>
          (startUs === null || startUs <= atUs) && (endUs === null || atUs < endUs),
      ),
  };
}

function candidateOf(model: ModelRecord): readonly Candidate[] {
  try {
    return [{ model, pattern: compilePattern(model.matchPattern) }];
  } catch {
    return []; // Checked before it is stored; a file may come from a version that read more.
  }
}

function byPrecedence(a: Candidate, b: Candidate): number {
  const isOwn = ({ model }: Candidate): number => Number(model.source === undefined);
  const since = ({ model }: Candidate): number => model.startUs ?? Number.NEGATIVE_INFINITY;
  const descending = (x: number, y: number): number => (x === y ? 0 : y > x ? 1 : -1);
  return (
    isOwn(b) - isOwn(a) ||
    Number(b.pattern.isWhole) - Number(a.pattern.isWhole) ||
    descending(since(a), since(b)) ||
    b.model.matchPattern.length - a.model.matchPattern.length ||
    b.model.createdUs - a.model.createdUs ||
    (a.model.id < b.model.id ? -1 : 1)
  );
}
