import { type DecodedSpan, decodeSpan } from "../decode-span";
import type { ReleasedSpan } from "../released-span";
import type { IngestionEvent } from "./ingestion-event";
import { createObservationEvent, type ResourceAttributes } from "./observation-event";
import { createTraceEvents } from "./trace-events";

/** Spans as legacy events, and which span needs which of them. */
export interface SpanPlan {
  /** No id stands twice; the events of a trace come before those of its spans. */
  readonly events: readonly IngestionEvent[];
  /**
   * Per span, in the order given, the ids of the events that must arrive for it to be delivered: its
   * own and those of its trace. Undefined for bytes that are no span: those can never be sent.
   */
  readonly eventIds: readonly (readonly string[] | undefined)[];
}

/**
 * Turns a batch of released spans into events of `POST /api/public/ingestion`: one per span and,
 * per trace, the one that creates the trace. Total: a span that cannot be read costs no other.
 * @param resource - what OTLP carries on the resource; a span's own environment and release beat it
 */
export function planSpans(spans: readonly ReleasedSpan[], resource: ResourceAttributes): SpanPlan {
  const decoded = spans.map(tryDecode);
  const traces = new Map<string, DecodedSpan[]>();
  for (const span of decoded) {
    if (span === undefined) continue;
    const together = traces.get(span.traceId);
    if (together === undefined) traces.set(span.traceId, [span]);
    else together.push(span);
  }

  const events = new Map<string, IngestionEvent>();
  const idsOfSpan = new Map<DecodedSpan, readonly string[]>();
  for (const together of traces.values()) {
    const traceEvents = createTraceEvents(together, resource);
    const traceEventIds = traceEvents.map(({ id }) => id);
    for (const event of traceEvents) events.set(event.id, event);
    for (const span of together) {
      const event = createObservationEvent(span, resource);
      events.set(event.id, event);
      idsOfSpan.set(span, [event.id, ...traceEventIds]);
    }
  }
  return {
    events: [...events.values()],
    eventIds: decoded.map((span) => span && idsOfSpan.get(span)),
  };
}

/** @returns undefined for bytes that are no span, or a span that says not which one it is */
function tryDecode({ body, traceAttributes }: ReleasedSpan): DecodedSpan | undefined {
  try {
    const span = decodeSpan(Buffer.concat([body, traceAttributes]));
    return span.traceId === "" || span.spanId === "" ? undefined : span;
  } catch {
    return undefined; // damaged on its way through a file; told through the plan
  }
}
