const MAX_TEXTS = 256;
/** Longer ones are not remembered, nor looked for. */
const MAX_LENGTH = 128;

/** The last few short texts, at most {@link MAX_TEXTS}. */
export class KnownTexts {
  readonly #texts = new Set<string>();

  has(value: unknown): value is string {
    return typeof value === "string" && value.length <= MAX_LENGTH && this.#texts.has(value);
  }

  /** @param text - without halves of surrogate pairs */
  add(text: string): void {
    if (text.length > MAX_LENGTH) return;
    if (this.#texts.size >= MAX_TEXTS) this.#texts.clear();
    // A copy: a part of a long text would keep all of that in memory.
    this.#texts.add(Buffer.from(text).toString());
  }
}
