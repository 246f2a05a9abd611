import { randomFillSync } from "node:crypto";

/** Random words for many ids: one system call fills all of them. */
const pool = new Int32Array(1_024);
let poolIndex = pool.length;

/** 32 random bits, signed: the engine keeps those without an object of their own. */
function randomWord(): number {
  if (poolIndex === pool.length) {
    randomFillSync(pool);
    poolIndex = 0;
  }
  const word = pool[poolIndex] ?? 0; // within the pool
  poolIndex += 1;
  return word;
}

/** 8 lower-case hex digits. */
function hexOf(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}

/** @param index - of the word in the id */
function parseWord(hex: string, index: number): number {
  return Number.parseInt(hex.slice(index * 8, index * 8 + 8), 16) | 0;
}

/**
 * A span id as the words that go out: most ids are never read as text, which takes longer than all else
 * that is done for them.
 */
export class SpanId {
  /** Big end first; as signed numbers of 32 bits. */
  readonly high: number;
  readonly low: number;

  constructor(high: number, low: number) {
    this.high = high;
    this.low = low;
  }

  /** Never all zero, which the specification calls invalid. */
  static random(): SpanId {
    const id = new SpanId(randomWord(), randomWord());
    return (id.high | id.low) === 0 ? SpanId.random() : id;
  }

  /** @param hex - 16 hex digits */
  static parse(hex: string): SpanId {
    return new SpanId(parseWord(hex, 0), parseWord(hex, 1));
  }

  /** 16 lower-case hex digits. Spec: https://www.w3.org/TR/trace-context/#parent-id */
  get hex(): string {
    return hexOf(this.high) + hexOf(this.low);
  }
}

/** A trace id, as {@link SpanId}. */
export class TraceId {
  readonly high: SpanId;
  readonly low: SpanId;
  #hex: string | undefined;

  constructor(high: SpanId, low: SpanId) {
    this.high = high;
    this.low = low;
  }

  static random(): TraceId {
    return new TraceId(SpanId.random(), SpanId.random());
  }

  /** @param hex - 32 hex digits */
  static parse(hex: string): TraceId {
    return new TraceId(SpanId.parse(hex), SpanId.parse(hex.slice(16)));
  }

  /** 32 lower-case hex digits. Spec: https://www.w3.org/TR/trace-context/#trace-id */
  get hex(): string {
    this.#hex ??= this.high.hex + this.low.hex;
    return this.#hex;
  }
}
