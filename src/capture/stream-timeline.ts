/** Points kept at the most; more are merged two by two. */
const MAX_POINTS = 2_000;

/**
 * When the text of a stream came, compactly: pairs of milliseconds since the observation's start and
 * characters that came then, so that a replay can type at the recorded pace. Of a long stream each
 * point stands for the same number of chunks.
 */
export class StreamTimeline {
  /** `[ms, characters, ms, characters, …]` */
  #points: number[] = [];
  #chunksPerPoint = 1;
  #chunksInLast = 0;

  /** @param ms - since the observation's start; never less than before */
  add(ms: number, characters: number): void {
    const isOpen = this.#chunksInLast > 0 && this.#chunksInLast < this.#chunksPerPoint;
    if (isOpen) {
      const before = this.#points.pop() ?? 0;
      this.#points.pop();
      this.#points.push(Math.round(ms), before + characters);
      this.#chunksInLast += 1;
      return;
    }
    if (this.#points.length === 2 * MAX_POINTS) this.#merge();
    this.#points.push(Math.round(ms), characters);
    this.#chunksInLast = 1;
  }

  /** JSON text of the flat list; undefined when nothing came. */
  toText(): string | undefined {
    return this.#points.length === 0 ? undefined : JSON.stringify(this.#points);
  }

  /** Two neighbours become one at the time of the later. Their number is even. */
  #merge(): void {
    const merged: number[] = [];
    for (let index = 0; index < this.#points.length; index += 4) {
      const [, characters = 0, laterMs = 0, laterCharacters = 0] = this.#points.slice(
        index,
        index + 4,
      );
      merged.push(laterMs, characters + laterCharacters);
    }
    this.#points = merged;
    this.#chunksPerPoint *= 2;
  }
}
