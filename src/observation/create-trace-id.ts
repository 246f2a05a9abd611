import { createHash } from "node:crypto";
import { TraceId } from "../attributes/ids";

/** 32 lower-case hex digits. Spec: https://www.w3.org/TR/trace-context/#trace-id */
export const TRACE_ID_PATTERN = /^(?!0{32}$)[0-9a-f]{32}$/;

/**
 * A trace id: 32 lower-case hex digits.
 * @param seed - the same seed gives the same id, in every process and in Langfuse's own SDKs (the
 * first 16 bytes of its SHA-256), so an id of your own finds its trace again; random without one
 */
export function createTraceId(seed?: string): string {
  if (seed === undefined) return TraceId.random().hex;
  return createHash("sha256").update(String(seed)).digest("hex").slice(0, 32);
}
