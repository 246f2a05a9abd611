/** Bodies are made this much longer than asked at most, so that one more often fits another's place. */
const STEP_BYTES = 64 * 1024;
/** Memory that is kept for later: what two requests of the usual size take. */
const MAX_KEPT_BYTES = 4 * 1024 * 1024;

/**
 * Memory for request bodies, used again. Fresh memory costs a page fault every 4 KiB, and is only
 * given up at a garbage collection.
 *
 * Who takes a body owns it, and gives it back once, when nothing reads it any more. One that is not
 * given back is left to the garbage collection.
 */
export class BodyPool {
  /** Longest unused first. */
  readonly #kept: ArrayBufferLike[] = [];
  #keptBytes = 0;

  /** @returns as many bytes, of unknown content */
  take(byteLength: number): Buffer {
    const index = this.#kept.findLastIndex((memory) => memory.byteLength >= byteLength);
    const [kept] = index === -1 ? [] : this.#kept.splice(index, 1);
    if (kept === undefined) {
      const rounded = Math.ceil(byteLength / STEP_BYTES) * STEP_BYTES;
      return Buffer.allocUnsafeSlow(rounded).subarray(0, byteLength);
    }
    this.#keptBytes -= kept.byteLength;
    return Buffer.from(kept, 0, byteLength);
  }

  /** @param body - taken here, and not looked at from now on */
  giveBack({ buffer }: Buffer): void {
    if (buffer.byteLength > MAX_KEPT_BYTES) return;
    this.#kept.push(buffer);
    this.#keptBytes += buffer.byteLength;
    while (this.#keptBytes > MAX_KEPT_BYTES) {
      this.#keptBytes -= this.#kept.shift()?.byteLength ?? 0; // there is one: the bytes are theirs
    }
  }
}
