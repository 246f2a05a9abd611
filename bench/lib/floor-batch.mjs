/**
 * The floor's encoder: spans as OTLP protobuf, one after the other in one buffer that is a request
 * body when it is finished. Spec: https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
 */

const FIRST_BYTES = 1_024 * 1_024;
/** What one request carries at most, and one span more. */
const MAX_BATCH_BYTES = 2 * 1_024 * 1_024;
/** What is not text in a span takes less. */
const MAX_SPAN_OVERHEAD = 1_024;

const resourceSpansTag = 0x0a;
const scopeSpansTag = 0x12;
const spanTag = 0x12;
const resource = encodeResource();
/**
 * Lengths that are known late have a fixed number of bytes. Such varints are longer than they need
 * to be, which the format allows.
 */
const LATE_LENGTH_BYTES = 4;
/** ResourceSpans { resource, ScopeSpans { … } }: two tags and late lengths stand before the spans. */
const HEAD_BYTES = 1 + LATE_LENGTH_BYTES + resource.length + 1 + LATE_LENGTH_BYTES;

const KEYS = Object.fromEntries(
  Object.entries({
    type: "langfuse.observation.type",
    input: "langfuse.observation.input",
    output: "langfuse.observation.output",
    model: "langfuse.observation.model.name",
    usage: "langfuse.observation.usage_details",
    session: "session.id",
    user: "user.id",
  }).map(([name, key]) => [name, Buffer.from(`\x0a${String.fromCharCode(key.length)}${key}`)]),
);

const HIGH = 2 ** 32;

/** @param recycled - memory of an earlier batch, which has been sent */
export function createFloorBatch(recycled) {
  let bytes = recycled ?? Buffer.allocUnsafeSlow(FIRST_BYTES);
  let at = HEAD_BYTES;
  let count = 0;

  function word(value) {
    bytes[at++] = value >>> 24;
    bytes[at++] = value >>> 16;
    bytes[at++] = value >>> 8;
    bytes[at++] = value;
  }

  function littleWord(value) {
    bytes[at++] = value;
    bytes[at++] = value >>> 8;
    bytes[at++] = value >>> 16;
    bytes[at++] = value >>> 24;
  }

  /** To a quarter of a microsecond, which is what a double holds of nanoseconds since 1970. */
  function time(tag, ms) {
    const nanos = (performance.timeOrigin + ms) * 1e6;
    const high = Math.floor(nanos / HIGH);
    bytes[at++] = tag;
    littleWord(nanos - high * HIGH);
    littleWord(high);
  }

  function varint(value) {
    let rest = value;
    while (rest > 0x7f) {
      bytes[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    bytes[at++] = rest;
  }

  function lateLength(position, value) {
    bytes[position] = (value & 0x7f) | 0x80;
    bytes[position + 1] = ((value >>> 7) & 0x7f) | 0x80;
    bytes[position + 2] = ((value >>> 14) & 0x7f) | 0x80;
    bytes[position + 3] = value >>> 21;
  }

  /** KeyValue { key, AnyValue { string_value } } */
  function attribute(key, text) {
    if (text === undefined) return;
    const textBytes = Buffer.byteLength(text);
    const anyBytes = 1 + varintBytes(textBytes) + textBytes;
    bytes[at++] = 0x4a;
    varint(key.length + 1 + varintBytes(anyBytes) + anyBytes);
    bytes.set(key, at);
    at += key.length;
    bytes[at++] = 0x12;
    varint(anyBytes);
    bytes[at++] = 0x0a;
    varint(textBytes);
    at += bytes.utf8Write(text, at);
  }

  function reserve(span) {
    // Three bytes is the most that a UTF-16 unit takes.
    const textBytes = 3 * ((span.input?.length ?? 0) + (span.output?.length ?? 0));
    const needed = at + textBytes + MAX_SPAN_OVERHEAD;
    if (needed <= bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, bytes.length * 2));
    bytes.copy(larger, 0, 0, at);
    bytes = larger;
  }

  return {
    get count() {
      return count;
    },
    /** Whether a batch ends here by its bytes. */
    get isLarge() {
      return at > MAX_BATCH_BYTES;
    },
    write(span, endMs) {
      reserve(span);
      bytes[at++] = spanTag;
      const lengthAt = at;
      at += LATE_LENGTH_BYTES;
      bytes[at++] = 0x0a;
      bytes[at++] = 16;
      word(span.trace0);
      word(span.trace1);
      word(span.trace2);
      word(span.trace3);
      bytes[at++] = 0x12;
      bytes[at++] = 8;
      word(span.span0);
      word(span.span1);
      if (span.parent0 !== 0) {
        bytes[at++] = 0x22;
        bytes[at++] = 8;
        word(span.parent0);
        word(span.parent1);
      }
      bytes[at++] = 0x2a;
      bytes[at++] = span.name.length;
      at += bytes.latin1Write(span.name, at);
      bytes[at++] = 0x30;
      bytes[at++] = 1;
      time(0x39, span.startMs);
      time(0x41, endMs);
      attribute(KEYS.type, span.type);
      attribute(KEYS.input, span.input);
      attribute(KEYS.output, span.output);
      attribute(KEYS.model, span.model);
      attribute(KEYS.usage, span.usage);
      attribute(KEYS.session, span.session);
      attribute(KEYS.user, span.user);
      lateLength(lengthAt, at - lengthAt - LATE_LENGTH_BYTES);
      count += 1;
    },
    /** What is written to, for a batch after this one. */
    get memory() {
      return bytes;
    },
    /** @returns ExportTraceServiceRequest { ResourceSpans { resource, ScopeSpans { spans } } } */
    finish() {
      bytes[0] = resourceSpansTag;
      lateLength(1, at - 1 - LATE_LENGTH_BYTES);
      bytes.set(resource, 1 + LATE_LENGTH_BYTES);
      bytes[HEAD_BYTES - LATE_LENGTH_BYTES - 1] = scopeSpansTag;
      lateLength(HEAD_BYTES - LATE_LENGTH_BYTES, at - HEAD_BYTES);
      return bytes.subarray(0, at);
    },
  };
}

function varintBytes(value) {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  return value < 0x200000 ? 3 : 4;
}

/** ResourceSpans.resource(1) { attributes(1): service.name = "bench" } */
function encodeResource() {
  const keyValue = "\x0a\x0cservice.name\x12\x07\x0a\x05bench";
  const attribute = `\x0a${String.fromCharCode(keyValue.length)}${keyValue}`;
  return Buffer.from(`\x0a${String.fromCharCode(attribute.length)}${attribute}`);
}
