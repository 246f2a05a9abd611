/**
 * An OTLP trace request, decoded: the same shapes from protobuf and from JSON.
 * Spec: https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
 */

/** Maps, not objects: keys come from outside, and `__proto__` is one of them. */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | Uint8Array
  | readonly AttributeValue[]
  | ReadonlyMap<string, AttributeValue>;

export type Attributes = ReadonlyMap<string, AttributeValue>;

export interface OtlpResourceSpans {
  readonly resource: Attributes;
  readonly scopeSpans: readonly OtlpScopeSpans[];
}

export interface OtlpScopeSpans {
  readonly scope: OtlpScope;
  readonly spans: readonly OtlpSpan[];
}

export interface OtlpScope {
  readonly name: string;
  readonly version: string;
  readonly attributes: Attributes;
}

export interface OtlpSpan {
  /** Hexadecimal by convention; any text up to `MAX_ID_LENGTH` is taken. */
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for a root. */
  readonly parentSpanId: string;
  readonly name: string;
  /** 0 when absent. */
  readonly startTimeUnixNano: bigint;
  readonly endTimeUnixNano: bigint;
  readonly attributes: Attributes;
  readonly events: readonly OtlpEvent[];
  /** 0 unset, 1 ok, 2 error. */
  readonly statusCode: number;
  readonly statusMessage: string;
  /** Why the span cannot be stored, as `field:problem`; empty for a good one. */
  readonly problems: readonly string[];
}

export interface OtlpEvent {
  readonly name: string;
  readonly attributes: Attributes;
}

/** Longest id the endpoint takes, in characters. */
export const MAX_ID_LENGTH = 800;

/** Nesting of arrays and maps in an attribute that is kept; deeper values become a marker. */
export const MAX_VALUE_DEPTH = 32;

export const TOO_DEEP_MARKER = "[nested too deeply]";

/** The body is not an OTLP trace request at all. */
export class OtlpDecodeError extends Error {
  override readonly name = "OtlpDecodeError";
}

/** `field:problem` for an id that cannot be stored, else undefined. */
export function idProblem(field: string, id: string | undefined): string | undefined {
  if (id === undefined || id === "") return `${field}:absent`;
  if (id.length > MAX_ID_LENGTH) return `${field}:too_long`;
  return undefined;
}
