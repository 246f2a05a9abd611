import { RESOURCE_KEYS, TRACE_KEYS } from "../attributes/keys";
import { OtlpAttributeWriter } from "./otlp-attributes";
import { ProtobufWriter, varintLength, writeVarint } from "./protobuf-writer";
import type { ReleasedSpan } from "./released-span";

/*
 * ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
 * ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
 * Resource { repeated KeyValue attributes = 1; }
 * ScopeSpans { InstrumentationScope scope = 1; repeated Span spans = 2; }
 * InstrumentationScope { string name = 1; string version = 2; }
 * Spec: https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/collector/trace/v1/trace_service.proto
 */
const LENGTH_DELIMITED_1 = 0x0a;
const LENGTH_DELIMITED_2 = 0x12;

/** What stands once in every request: resource and scope. */
export interface RequestHead {
  readonly serviceName: string | undefined;
  readonly environment: string | undefined;
  readonly release: string | undefined;
  readonly sdkName: string;
  readonly sdkVersion: string;
}

/**
 * Prepares the function that turns released spans into a request body: the head is encoded once,
 * the spans' bytes are only concatenated, each behind its length, in memory that `allocate` gives.
 */
export function createRequestEncoder(
  head: RequestHead,
): (spans: readonly ReleasedSpan[], allocate?: (byteLength: number) => Buffer) => Buffer {
  const resource = delimited(LENGTH_DELIMITED_1, encodeResource(head));
  const scope = delimited(LENGTH_DELIMITED_1, encodeScope(head));

  return (spans, allocate = Buffer.allocUnsafeSlow) => {
    let spansLength = 0;
    for (const span of spans) spansLength += framedLength(spanLength(span));
    const scopeSpansLength = scope.length + spansLength;
    const resourceSpansLength = resource.length + framedLength(scopeSpansLength);
    const body = allocate(framedLength(resourceSpansLength));

    let position = frame(body, LENGTH_DELIMITED_1, resourceSpansLength, 0);
    body.set(resource, position);
    position += resource.length;
    position = frame(body, LENGTH_DELIMITED_2, scopeSpansLength, position);
    body.set(scope, position);
    position += scope.length;
    for (const span of spans) {
      position = frame(body, LENGTH_DELIMITED_2, spanLength(span), position);
      body.set(span.body, position);
      position += span.body.length;
      body.set(span.traceAttributes, position);
      position += span.traceAttributes.length;
    }
    return body;
  };
}

function spanLength(span: ReleasedSpan): number {
  return span.body.length + span.traceAttributes.length;
}

function encodeResource(head: RequestHead): Buffer {
  const writer = new ProtobufWriter();
  const attributes = new OtlpAttributeWriter(writer, LENGTH_DELIMITED_1);
  writer.begin();
  if (head.serviceName !== undefined)
    attributes.string(RESOURCE_KEYS.serviceName, head.serviceName);
  attributes.string(RESOURCE_KEYS.sdkLanguage, "nodejs");
  attributes.string(RESOURCE_KEYS.sdkName, head.sdkName);
  attributes.string(RESOURCE_KEYS.sdkVersion, head.sdkVersion);
  if (head.environment !== undefined) attributes.string(TRACE_KEYS.environment, head.environment);
  if (head.release !== undefined) attributes.string(TRACE_KEYS.release, head.release);
  return writer.finish();
}

function encodeScope(head: RequestHead): Buffer {
  const writer = new ProtobufWriter();
  writer.begin();
  writer.tag(LENGTH_DELIMITED_1);
  writer.string(head.sdkName);
  writer.tag(LENGTH_DELIMITED_2);
  writer.string(head.sdkVersion);
  return writer.finish();
}

function delimited(tag: number, message: Buffer): Buffer {
  const framed = Buffer.allocUnsafeSlow(framedLength(message.length));
  const position = frame(framed, tag, message.length, 0);
  framed.set(message, position);
  return framed;
}

/** Bytes of a field with its tag, its length and `length` bytes of content. */
export function framedLength(length: number): number {
  return 1 + varintLength(length) + length;
}

function frame(target: Buffer, tag: number, length: number, position: number): number {
  target[position] = tag;
  return writeVarint(target, length, position + 1);
}
