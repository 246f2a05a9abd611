import type { ObservationRecord } from "../store/records";
import { decodeJson } from "./decode-json";
import { decodeProtobuf } from "./decode-protobuf";
import { mapOrigin } from "./map-metadata";
import { mapSpan } from "./map-span";
import { OtlpDecodeError, type OtlpResourceSpans } from "./otlp-types";

export type OtlpEncoding = "protobuf" | "json";

/**
 * The observations of one OTLP request.
 * @throws OtlpDecodeError for a body that is none, or that holds a span which cannot be stored:
 * as in Langfuse, one bad span rejects the whole request
 * @throws OtlpTooLargeError for a body of more parts than one request may have
 */
export function observationsOf(
  body: Uint8Array,
  encoding: OtlpEncoding,
  nowMs: number,
): ObservationRecord[] {
  const resourceSpans = encoding === "protobuf" ? decodeProtobuf(body) : decodeJson(body);
  rejectBadSpans(resourceSpans);
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) => {
      const surroundings = { resource, scope, origin: mapOrigin(resource, scope), nowMs };
      return spans.map((span) => mapSpan(span, surroundings));
    }),
  );
}

function rejectBadSpans(resourceSpans: readonly OtlpResourceSpans[]): void {
  const spans = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
  const bad = spans.filter((span) => span.problems.length > 0);
  if (bad.length === 0) return;
  const problems = [...new Set(bad.flatMap((span) => span.problems))].sort().join(", ");
  throw new OtlpDecodeError(
    `Invalid OTLP trace export: ${bad.length} of ${spans.length} span(s) cannot be processed (${problems}). ` +
      "Each span needs a traceId and a spanId, and lists of attributes and events. " +
      "The entire export was rejected, so no span of it is stored.",
  );
}
