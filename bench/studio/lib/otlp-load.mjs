/** Requests as an application sends them: OTLP protobuf, traces of ten observations of 1 KB each. */

import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

const OBSERVATIONS_PER_TRACE = 10;
const TRACES_PER_SESSION = 20;
/** Characters of input and output together: with the other attributes a span is a little over 1 KB. */
const CONTENT_LENGTH = 1_000;
const WORDS =
  "the invoice for order was sent to customer after payment cleared on friday so please check status again".split(
    " ",
  );

/**
 * @param count - observations in all
 * @param perRequest - observations in each request
 * @param seed - other ids for another seed
 * @returns bodies of requests, in the order of time
 */
export function otlpRequests({ count, perRequest, seed }) {
  const bodies = [];
  for (let first = 0; first < count; first += perRequest) {
    const spans = [];
    for (let index = first; index < Math.min(count, first + perRequest); index += 1) {
      spans.push(spanOf(index, seed));
    }
    bodies.push(requestOf(spans));
  }
  return bodies;
}

function requestOf(spans) {
  const writer = new BinaryWriter().tag(1, WireType.LengthDelimited).fork();
  writer.tag(1, WireType.LengthDelimited).fork();
  attribute(writer, 1, "service.name", "shop");
  writer.join().tag(2, WireType.LengthDelimited).fork();
  writer.tag(1, WireType.LengthDelimited).fork();
  text(text(writer, 1, "playhead"), 2, "0.1.0").join();
  for (const span of spans) writer.tag(2, WireType.LengthDelimited).bytes(span);
  return Buffer.from(writer.join().join().finish());
}

function spanOf(index, seed) {
  const trace = Math.floor(index / OBSERVATIONS_PER_TRACE);
  const session = Math.floor(trace / TRACES_PER_SESSION);
  const place = index % OBSERVATIONS_PER_TRACE;
  // The root ends, and so is sent, last.
  const isRoot = place === OBSERVATIONS_PER_TRACE - 1;
  const traceId = idOf(seed, trace).repeat(2);
  const start = BigInt(Date.UTC(2026, 7, 1)) * 1_000_000n + BigInt(index) * 1_000_000n;
  const writer = new BinaryWriter();
  writer.tag(1, WireType.LengthDelimited).bytes(Buffer.from(traceId, "hex"));
  writer.tag(2, WireType.LengthDelimited).bytes(spanId(seed, trace, place));
  if (!isRoot) {
    const root = spanId(seed, trace, OBSERVATIONS_PER_TRACE - 1);
    writer.tag(4, WireType.LengthDelimited).bytes(root);
  }
  text(writer, 5, isRoot ? "answer" : "call-model");
  writer.tag(7, WireType.Bit64).fixed64(start);
  writer.tag(8, WireType.Bit64).fixed64(start + 900_000_000n);
  attribute(writer, 9, "langfuse.observation.type", isRoot ? "agent" : "generation");
  attribute(writer, 9, "session.id", `session-${seed}-${session}`);
  attribute(writer, 9, "user.id", `user-${session % 1_000}`);
  attribute(writer, 9, "langfuse.environment", "production");
  attribute(writer, 9, "langfuse.trace.name", "answer");
  attribute(writer, 9, "langfuse.observation.input", prose(index, CONTENT_LENGTH * 0.6));
  attribute(writer, 9, "langfuse.observation.output", prose(index * 7, CONTENT_LENGTH * 0.4));
  if (!isRoot) {
    attribute(writer, 9, "langfuse.observation.model.name", "gpt-4o");
    attribute(writer, 9, "langfuse.observation.usage_details", '{"input":150,"output":100}');
  }
  return writer.finish();
}

function attribute(writer, field, key, value) {
  writer.tag(field, WireType.LengthDelimited).fork();
  text(writer, 1, key).tag(2, WireType.LengthDelimited).fork();
  return text(writer, 1, value).join().join();
}

function text(writer, field, value) {
  return writer.tag(field, WireType.LengthDelimited).string(value);
}

/** 16 digits that look random, as the ids of spans do. */
function idOf(seed, number) {
  const mixed =
    (BigInt(number) * 0x9e3779b97f4a7c15n + BigInt(seed) * 0xbf58476d1ce4e5b9n) ^ 0x5bd1e995n;
  return BigInt.asUintN(64, mixed | 1n)
    .toString(16)
    .padStart(16, "0");
}

function spanId(seed, trace, place) {
  return Buffer.from(idOf(seed + 1, trace * 100 + place), "hex");
}

/** Words, so that compression has the work that it has with real texts. */
function prose(start, length) {
  let result = "";
  for (let index = start; result.length < length; index += 1) {
    result += `${WORDS[(index * 13 + (index >> 3)) % WORDS.length]} ${index % 97} `;
  }
  return result.slice(0, length);
}
