import { createHash, randomFillSync } from "node:crypto";

/** 32 lower-case hex digits. Spec: https://www.w3.org/TR/trace-context/#trace-id */
export const TRACE_ID_PATTERN = /^(?!0{32}$)[0-9a-f]{32}$/;

/**
 * A trace id: 32 lower-case hex digits.
 * @param seed - the same seed gives the same id, in every process and in Langfuse's own SDKs (the
 * first 16 bytes of its SHA-256), so an id of your own finds its trace again; random without one
 */
export function createTraceId(seed?: string): string {
  if (seed === undefined) return randomHex() + randomHex();
  return createHash("sha256").update(String(seed)).digest("hex").slice(0, 32);
}

/** A random span id: 16 lower-case hex digits. */
export function createSpanId(): string {
  return randomHex();
}

const SPAN_ID_BYTES = 8;
const NO_SPAN_ID = "0".repeat(16);
const DIGITS = Uint8Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));

// One system call fills ids for hundreds of spans.
const pool = new Uint8Array(4096);
let poolOffset = pool.length;

/** 16 hex digits, not all zero: those are invalid by the specification, and about as likely as never. */
function randomHex(): string {
  if (poolOffset === pool.length) {
    randomFillSync(pool);
    poolOffset = 0;
  }
  const at = poolOffset;
  poolOffset += SPAN_ID_BYTES;
  // Written out: a call into the runtime takes three times as long.
  const hex = String.fromCharCode(
    digit(at, 4),
    digit(at, 0),
    digit(at + 1, 4),
    digit(at + 1, 0),
    digit(at + 2, 4),
    digit(at + 2, 0),
    digit(at + 3, 4),
    digit(at + 3, 0),
    digit(at + 4, 4),
    digit(at + 4, 0),
    digit(at + 5, 4),
    digit(at + 5, 0),
    digit(at + 6, 4),
    digit(at + 6, 0),
    digit(at + 7, 4),
    digit(at + 7, 0),
  );
  return hex === NO_SPAN_ID ? randomHex() : hex;
}

/** Character code of half a byte of the pool. */
function digit(at: number, shift: number): number {
  return DIGITS[((pool[at] ?? 0) >>> shift) & 0xf] ?? 0; // within both
}
