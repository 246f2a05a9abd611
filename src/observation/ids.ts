import { createHash, randomFillSync } from "node:crypto";

/** 32 lower-case hex digits. Spec: https://www.w3.org/TR/trace-context/#trace-id */
export const TRACE_ID_PATTERN = /^(?!0{32}$)[0-9a-f]{32}$/;

/**
 * A trace id: 32 lower-case hex digits.
 * @param seed - the same seed gives the same id, in every process and in Langfuse's own SDKs (the
 * first 16 bytes of its SHA-256), so an id of your own finds its trace again; random without one
 */
export function createTraceId(seed?: string): string {
  if (seed === undefined) return randomHex(16);
  return createHash("sha256").update(String(seed)).digest("hex").slice(0, 32);
}

/** A random span id: 16 lower-case hex digits. */
export function createSpanId(): string {
  return randomHex(8);
}

const ZEROS = "00000000";

// One system call fills ids for hundreds of spans.
const pool = Buffer.allocUnsafeSlow(4096);
let poolOffset = pool.length;

function randomHex(byteLength: number): string {
  if (poolOffset + byteLength > pool.length) {
    randomFillSync(pool);
    poolOffset = 0;
  }
  const hex = pool.toString("hex", poolOffset, poolOffset + byteLength);
  poolOffset += byteLength;
  // All zeros is invalid by the specification, and about as likely as never.
  return hex.startsWith(ZEROS) && /^0+$/.test(hex) ? randomHex(byteLength) : hex;
}
