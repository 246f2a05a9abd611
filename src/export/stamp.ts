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
  // Most spans of a trace say nothing themselves: they share these bytes.
  const shared = new Map<TraceAttributes, Buffer>();
  return spans.map(({ body, isRoot, own }, index) => {
    const traceAttributes = encodeOnce(shared, attributes[index] ?? NO_TRACE_ATTRIBUTES, own);
    const byteLength = framedLength(body.length + traceAttributes.length);
    return { body, traceAttributes, isRoot, byteLength };
  });
}

function encodeOnce(
  shared: Map<TraceAttributes, Buffer>,
  attributes: TraceAttributes,
  own: TraceAttributes,
): Buffer {
  if (own !== NO_TRACE_ATTRIBUTES) return encodeTraceAttributes(attributes, own);
  const known = shared.get(attributes) ?? encodeTraceAttributes(attributes, own);
  shared.set(attributes, known);
  return known;
}
