import { RESOURCE_KEYS, TRACE_KEYS } from "../attributes/keys";
import { OtlpAttributeWriter } from "./otlp-attributes";
import { framedLength, ProtobufWriter, writeVarint } from "./protobuf-writer";
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

/** Shorter pieces on the average are copied together: each costs the HTTP client more than that. */
const MIN_PIECE_BYTES = 8 * 1024;

export interface RequestBody {
  /** One behind the other. */
  readonly pieces: readonly Buffer[];
  /** The one piece, where it is memory that was asked for: nobody else's. */
  readonly ownMemory: Buffer | undefined;
}

export interface RequestOptions {
  /** Whether everything has to stand in one piece, e.g. to be compressed. */
  readonly isInOnePiece: boolean;
  readonly allocate: (byteLength: number) => Buffer;
}

/**
 * Prepares the function that turns released spans into a request body: the head is encoded once. Spans
 * that stand in memory one behind the other are a piece of the body as they are; what does not is
 * copied.
 */
export function createRequestEncoder(
  head: RequestHead,
): (spans: readonly ReleasedSpan[], options?: RequestOptions) => RequestBody {
  const resource = delimited(LENGTH_DELIMITED_1, encodeResource(head));
  const scope = delimited(LENGTH_DELIMITED_1, encodeScope(head));

  return (spans, { isInOnePiece, allocate } = IN_ONE_PIECE) => {
    let spansLength = 0;
    for (const span of spans) spansLength += span.byteLength;
    const scopeSpansLength = scope.length + spansLength;
    const resourceSpansLength = resource.length + framedLength(scopeSpansLength);
    const byteLength = framedLength(resourceSpansLength);

    const writeHead = (target: Buffer): number => {
      let position = frame(target, LENGTH_DELIMITED_1, resourceSpansLength, 0);
      target.set(resource, position);
      position += resource.length;
      position = frame(target, LENGTH_DELIMITED_2, scopeSpansLength, position);
      target.set(scope, position);
      return position + scope.length;
    };
    const runs = isInOnePiece ? undefined : findRuns(spans, spansLength / MIN_PIECE_BYTES);
    if (runs !== undefined) {
      const headPiece = Buffer.allocUnsafe(byteLength - spansLength);
      writeHead(headPiece);
      return { pieces: [headPiece, ...runs], ownMemory: undefined };
    }
    const body = allocate(byteLength);
    let position = writeHead(body);
    for (const span of spans) position = copySpan(span, body, position);
    return { pieces: [body], ownMemory: body };
  };
}

const IN_ONE_PIECE: RequestOptions = { isInOnePiece: true, allocate: Buffer.allocUnsafeSlow };

/** @returns the spans' bytes as views on where they stand; undefined where these are more than `maxRuns` */
function findRuns(spans: readonly ReleasedSpan[], maxRuns: number): Buffer[] | undefined {
  const runs: Buffer[] = [];
  let run: { readonly memory: Buffer; readonly from: number; end: number } | undefined;
  for (const span of spans) {
    const place = span.whole;
    if (place === undefined) return undefined;
    const { memory, frameAt, end } = place;
    if (run !== undefined && run.memory === memory && run.end === frameAt) {
      run.end = end;
      continue;
    }
    if (run !== undefined) runs.push(run.memory.subarray(run.from, run.end));
    if (runs.length > 0 && runs.length + 1 > maxRuns) return undefined;
    run = { memory, from: frameAt, end };
  }
  if (run !== undefined) runs.push(run.memory.subarray(run.from, run.end));
  return runs;
}

/** @returns the position after it */
function copySpan(span: ReleasedSpan, target: Buffer, position: number): number {
  const place = span.whole;
  if (place !== undefined) {
    place.memory.copy(target, position, place.frameAt, place.end);
    return position + span.byteLength;
  }
  const { body, traceAttributes } = span;
  let at = frame(target, LENGTH_DELIMITED_2, body.length + traceAttributes.length, position);
  target.set(body, at);
  at += body.length;
  target.set(traceAttributes, at);
  return at + traceAttributes.length;
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

function frame(target: Buffer, tag: number, length: number, position: number): number {
  target[position] = tag;
  return writeVarint(target, length, position + 1);
}
