import { NO_TRACE_ATTRIBUTES, type TraceAttributes } from "../attributes/trace-attributes";
import { framedLength } from "./encode-request";
import { encodeTraceAttributes } from "./encode-span";
import type { HeldSpan } from "./hold";
import type { ReleasedSpan } from "./released-span";

/**
 * Puts on each span the attributes that it shares with its trace.
 * @param attributes - of each span, in the same order; what the span says itself is left out of them
 */
export function stamp(
  spans: readonly HeldSpan<unknown>[],
  attributes: readonly TraceAttributes[],
): ReleasedSpan[] {
  // Most spans of a trace say nothing themselves, and are given the same: they share these bytes.
  let shared: { readonly attributes: TraceAttributes; readonly bytes: Buffer } | undefined;
  return spans.map(({ body, isRoot, own }, index) => {
    const given = attributes[index] ?? NO_TRACE_ATTRIBUTES;
    const isShared = own === NO_TRACE_ATTRIBUTES;
    const known = isShared && shared?.attributes === given ? shared.bytes : undefined;
    const traceAttributes = known ?? encodeTraceAttributes(given, own);
    if (isShared) shared = { attributes: given, bytes: traceAttributes };
    const byteLength = framedLength(body.length + traceAttributes.length);
    return { body, traceAttributes, isRoot, byteLength };
  });
}
