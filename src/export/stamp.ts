import {
  layTraceAttributes,
  NO_TRACE_ATTRIBUTES,
  type TraceAttributes,
} from "../attributes/trace-attributes";
import { encodeTraceAttributes } from "./encode-span";
import { type EncodedSpan, TraceStamp } from "./encoded-span";

/**
 * Puts on each span the attributes that it shares with its trace, unless it has them already.
 * @param attributesOf - of each span; what the span says itself is left out of them
 */
export function stamp(
  spans: readonly EncodedSpan[],
  attributesOf: (span: EncodedSpan, index: number) => TraceAttributes,
): void {
  // Most spans of a trace say nothing themselves, and are given the same: they share these bytes.
  let shared: TraceStamp | undefined;
  for (let index = 0; index < spans.length; index += 1) {
    const span = spans[index];
    if (span === undefined) return; // not reachable: within the list
    const given = attributesOf(span, index);
    if (span.hasStamp(given)) continue;
    const { own } = span.binding;
    if (own !== NO_TRACE_ATTRIBUTES) {
      span.stamp(new TraceStamp(given, encodeTraceAttributes(given, own)));
      continue;
    }
    if (shared?.attributes !== given) {
      shared = new TraceStamp(given, encodeTraceAttributes(given, own));
    }
    span.stamp(shared);
  }
}

/** Puts on each span what its trace has, and for want of that what the scopes around the span gave. */
export function stampFrom(spans: readonly EncodedSpan[], traceAttributes: TraceAttributes): void {
  if (!areStamped(spans, traceAttributes)) stampAnew(spans, traceAttributes);
}

/** Whether each has the attributes of its trace, and is to have no others: most are so from their end on. */
function areStamped(spans: readonly EncodedSpan[], traceAttributes: TraceAttributes): boolean {
  for (let at = 0; at < spans.length; at += 1) {
    const span = spans[at];
    if (span === undefined) break; // not reachable: within the list
    if (!span.hasStamp(traceAttributes) || span.binding.fallback !== NO_TRACE_ATTRIBUTES) {
      return false;
    }
  }
  return true;
}

function stampAnew(spans: readonly EncodedSpan[], traceAttributes: TraceAttributes): void {
  stamp(spans, ({ binding }) => layTraceAttributes(binding.fallback, traceAttributes));
}
