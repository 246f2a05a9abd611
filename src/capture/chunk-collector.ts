import type { Assembler } from "./chunks/assembler";
import { isFields } from "./chunks/fields";
import { createAssemblers } from "./chunks/shapes";
import { serialize } from "./serialize";
import { cutMark } from "./text-limit";

/** Chunks that are neither text nor bytes: more are counted only. */
const MAX_LIST_LENGTH = 10_000;
/** Room for what stands around the texts of a message: a quarter of the bound, and this at the most. */
const MAX_FRAME_BYTES = 1_024;

/** A chunk as it is kept: its text, its bytes, or a snapshot of what it was. */
type Kept = string | Buffer | { readonly json: string };

/**
 * Keeps the chunks of a stream, within a bound, and joins them when it has ended: all text, one
 * text; all bytes, the text they are; chunks of a known model SDK, the message; else a list. What is
 * cut is marked.
 *
 * Ownership: nothing of a chunk is held on to; callers may change or transfer it afterwards.
 */
export class ChunkCollector {
  readonly #maxBytes: number;
  /** In the order they came; without those that the message is made of. */
  #chunks: Kept[] = [];
  #keptBytes = 0;
  #missingCount = 0;
  #missingBytes = 0;
  /** Of those shapes that every chunk so far may belong to. */
  #candidates: Assembler[];
  #message: Assembler | undefined;

  /** @param maxBytes - of what is kept */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#candidates = createAssemblers(maxBytes - Math.min(MAX_FRAME_BYTES, maxBytes / 4));
  }

  add(chunk: unknown): void {
    if (!this.#addToMessage(chunk)) this.#keep(chunk);
  }

  /** @returns undefined when nothing came */
  join(): unknown {
    const chunks = this.#chunks;
    if (this.#message !== undefined) {
      const message = this.#message.join();
      return chunks.length === 0 ? message : [message, ...this.#joinList()];
    }
    if (chunks.length === 0) return undefined;
    if (chunks.every((chunk) => typeof chunk === "string")) return this.#joinText(chunks.join(""));
    if (chunks.every((chunk) => Buffer.isBuffer(chunk))) {
      return this.#joinBytes(Buffer.concat(chunks));
    }
    return this.#joinList();
  }

  #addToMessage(chunk: unknown): boolean {
    if (this.#message !== undefined) return isFields(chunk) && this.#message.add(chunk);
    if (this.#candidates.length === 0) return false;
    this.#candidates = isFields(chunk) ? this.#candidates.filter((one) => one.add(chunk)) : [];
    this.#message = this.#candidates.find(({ isCertain }) => isCertain);
    if (this.#message === undefined) return false;
    this.#candidates = [];
    this.#chunks = [];
    this.#keptBytes = 0;
    return true;
  }

  #keep(chunk: unknown): void {
    const leftBytes = this.#maxBytes - this.#keptBytes;
    const isPart = typeof chunk === "string" || chunk instanceof Uint8Array;
    if (leftBytes <= 0 || (!isPart && this.#chunks.length >= MAX_LIST_LENGTH)) {
      this.#missingCount += 1;
      if (isPart) this.#missingBytes += Buffer.byteLength(chunk);
      return;
    }
    const kept = snapshot(chunk, leftBytes);
    const bytes = typeof kept === "string" || Buffer.isBuffer(kept) ? kept : kept.json;
    const keptBytes = Buffer.byteLength(bytes);
    if (isPart) this.#missingBytes += Buffer.byteLength(chunk) - keptBytes;
    this.#keptBytes += Math.max(1, keptBytes); // empty ones, too, come to an end
    this.#chunks.push(kept);
  }

  #joinText(text: string): string {
    if (this.#missingBytes === 0) return text;
    const totalBytes = Buffer.byteLength(text) + this.#missingBytes;
    const room = Math.max(0, this.#maxBytes - cutMark(totalBytes).length);
    // As a stream, it leaves out the half of a character at the end.
    const kept = new TextDecoder().decode(Buffer.from(text).subarray(0, room), { stream: true });
    return kept + cutMark(totalBytes - Buffer.byteLength(kept));
  }

  /** Text in UTF-8, or the bytes they are. */
  #joinBytes(bytes: Buffer): unknown {
    try {
      // As a stream, half a character at the end is no mistake: it was cut there, perhaps.
      const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes, {
        stream: this.#missingBytes > 0,
      });
      return this.#joinText(text);
    } catch {
      const total = bytes.byteLength + this.#missingBytes;
      return this.#missingBytes === 0 ? bytes : `[binary: ${total} bytes]`;
    }
  }

  #joinList(): unknown[] {
    const list: unknown[] = this.#chunks.map((chunk) =>
      typeof chunk === "string" || Buffer.isBuffer(chunk) ? chunk : parsed(chunk.json),
    );
    if (this.#missingCount > 0) list.push(`...[cut: ${this.#missingCount} chunks]`);
    return list;
  }
}

function snapshot(chunk: unknown, maxBytes: number): Kept {
  // Through bytes: a slice would keep all of the text in memory.
  if (typeof chunk === "string") {
    return chunk.length <= maxBytes ? chunk : Buffer.from(chunk.slice(0, maxBytes)).toString();
  }
  if (chunk instanceof Uint8Array) return Buffer.from(chunk.subarray(0, maxBytes));
  return { json: serialize(chunk, { maxBytes }) ?? "null" };
}

/** A text that was cut is no JSON any more, and stays the text it is. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
