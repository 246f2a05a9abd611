/** Points kept at the most; more are merged two by two. */
const MAX_POINTS = 2_000;

/**
 * When the text of a stream came, compactly: pairs of milliseconds since the observation's start and
 * characters that came then, so that a replay can type at the recorded pace.
 */
export class StreamTimeline {
  /** `[ms, characters, ms, characters, …]` */
  #points: number[] = [];

  /** @param ms - since the observation's start */
  add(ms: number, characters: number): void {
    this.#points.push(Math.round(ms), characters);
    if (this.#points.length > 2 * MAX_POINTS) this.#points = mergePairs(this.#points);
  }

  /** JSON text of the flat list; undefined when nothing came. */
  toText(): string | undefined {
    return this.#points.length === 0 ? undefined : JSON.stringify(this.#points);
  }
}

/** Two neighbours become one at the time of the later. */
function mergePairs(points: readonly number[]): number[] {
  const merged: number[] = [];
  for (let index = 0; index < points.length; index += 4) {
    const [ms = 0, characters = 0, laterMs = ms, laterCharacters = 0] = points.slice(
      index,
      index + 4,
    );
    merged.push(laterMs, characters + laterCharacters);
  }
  return merged;
}
