import { assembleMessage, chunkText } from "./chunk-shapes";
import { serialize } from "./serialize";

/** What a chunk that is neither text nor bytes counts towards the bound, in bytes. */
const MAX_LIST_LENGTH = 10_000;

/**
 * Keeps the chunks of a stream, within a bound, and joins them when it has ended: all text, one
 * text; all bytes, the text they are; chunks of a known model SDK, the message; else a list.
 */
export class ChunkCollector {
  readonly #maxBytes: number;
  #chunks: unknown[] = [];
  #keptBytes = 0;
  #missingCount = 0;

  /** @param maxBytes - of what is kept; more chunks are counted only */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(chunk: unknown): void {
    if (this.#keptBytes > this.#maxBytes || this.#chunks.length >= MAX_LIST_LENGTH) {
      this.#missingCount += 1;
      return;
    }
    this.#keptBytes += sizeOf(chunk, this.#maxBytes);
    this.#chunks.push(chunk);
  }

  /** @returns undefined when nothing came */
  join(): unknown {
    const chunks = this.#chunks;
    if (chunks.length === 0) return undefined;
    if (chunks.every((chunk) => typeof chunk === "string")) return chunks.join("") + this.#mark();
    if (chunks.every((chunk) => chunk instanceof Uint8Array)) {
      return Buffer.concat(chunks).toString("utf8") + this.#mark();
    }
    const message = assembleMessage(chunks);
    if (message !== undefined) return message;
    return this.#missingCount === 0 ? chunks : [...chunks, this.#mark()];
  }

  #mark(): string {
    return this.#missingCount === 0 ? "" : `...[cut: ${this.#missingCount} chunks]`;
  }
}

function sizeOf(chunk: unknown, maxBytes: number): number {
  if (typeof chunk === "string") return chunk.length;
  if (chunk instanceof Uint8Array) return chunk.byteLength;
  const text = chunkText(chunk);
  return text === "" ? (serialize(chunk, { maxBytes })?.length ?? 0) : text.length;
}
