/*
 * Tags (field number and wire type) of the OTLP messages that are written here and read
 * back.
 *
 * Span { bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5;
 *        SpanKind kind = 6; fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8;
 *        repeated KeyValue attributes = 9; repeated Event events = 11; Status status = 15;
 *        fixed32 flags = 16; }
 * Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; }
 * Status { string message = 2; StatusCode code = 3; }
 * Spec: https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
 */
export const SPAN = {
  traceId: 0x0a,
  spanId: 0x12,
  parentSpanId: 0x22,
  name: 0x2a,
  kind: 0x30,
  startTime: 0x39,
  endTime: 0x41,
  attributes: 0x4a,
  events: 0x5a,
  status: 0x7a,
  /** Takes two bytes: to be written as a varint. */
  flags: 0x85,
} as const;
export const EVENT = { time: 0x09, name: 0x12, attributes: 0x1a } as const;
export const STATUS = { message: 0x12, code: 0x18 } as const;
export const STATUS_ERROR = 2;
/** Sampled, and "it is known whether the parent is remote"; Spec: SpanFlags in trace.proto. */
export const FLAGS_LOCAL_PARENT = 0x101;
export const FLAGS_REMOTE_PARENT = 0x301;

/*
 * KeyValue { string key = 1; AnyValue value = 2; }
 * AnyValue { oneof { string string_value = 1; bool bool_value = 2; int64 int_value = 3;
 *                    double double_value = 4; ArrayValue array_value = 5; } }
 * ArrayValue { repeated AnyValue values = 1; }
 * Spec: https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/common/v1/common.proto
 */
export const KEY_VALUE = { key: 0x0a, value: 0x12 } as const;
export const ANY_VALUE = {
  string: 0x0a,
  boolean: 0x10,
  integer: 0x18,
  double: 0x21,
  array: 0x2a,
} as const;
export const ARRAY_ITEM = 0x0a;
