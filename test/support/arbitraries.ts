import fc from "fast-check";
import { SpanId, TraceId } from "../../src/attributes/ids";
import { OBSERVATION_LEVELS, OBSERVATION_TYPES } from "../../src/attributes/observation-types";
import type { ExceptionRecord, SpanRecord } from "../../src/attributes/span-record";
import { NO_TRACE_ATTRIBUTES, type TraceAttributes } from "../../src/attributes/trace-attributes";

/** Whole characters only: a lone surrogate becomes U+FFFD on the wire. */
const text = (): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.string({ unit: "binary", maxLength: 40 }).map((any) => Buffer.from(any).toString()),
    fc.string({ unit: "grapheme", maxLength: 40 }),
  );

const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

const metadata = (): fc.Arbitrary<ReadonlyMap<string, string>> =>
  fc
    .uniqueArray(fc.tuple(text(), text()), { maxLength: 4, selector: ([key]) => key })
    .map((entries) => new Map(entries));

export function traceAttributes(): fc.Arbitrary<TraceAttributes> {
  return fc.oneof(
    fc.constant(NO_TRACE_ATTRIBUTES),
    fc.record({
      name: optional(text()),
      sessionId: optional(text()),
      userId: optional(text()),
      tags: optional(fc.array(text(), { maxLength: 3 })),
      metadata: optional(metadata()),
      version: optional(text()),
      release: optional(text()),
      environment: optional(text()),
      public: optional(fc.boolean()),
    }),
  );
}

/** Milliseconds with a fraction, as the clock gives them. */
export function fractionalMs(): fc.Arbitrary<number> {
  return fc.oneof(
    fc.double({ min: 0, max: 1e9, noNaN: true }),
    fc.integer({ min: 0, max: 1_000_000_000 }),
    fc.constantFrom(0, 0.000_001, 0.999_999, 0.999_999_9, 999.999_999_6),
  );
}

export function epochMs(): fc.Arbitrary<number> {
  return fc.oneof(
    fc.integer({ min: 1_500_000_000_000, max: 4_000_000_000_000 }),
    fc.integer({ min: 0, max: 17_000_000_000_000 }),
    // Around the places where the two halves carry over.
    fc.integer({ min: 0, max: 8_000_000 }).map((n) => n * 0x200000 + (n % 3) - (n > 0 ? 1 : 0)),
  );
}

function hex(digits: number): fc.Arbitrary<string> {
  return fc
    .uint8Array({ minLength: digits / 2, maxLength: digits / 2 })
    .map((bytes) => Buffer.from(bytes).toString("hex"));
}

function exception(): fc.Arbitrary<ExceptionRecord> {
  return fc.record({
    timeMs: fractionalMs(),
    type: text(),
    message: text(),
    stacktrace: optional(text()),
  });
}

function spanId(): fc.Arbitrary<SpanId> {
  return hex(16).map((id) => SpanId.parse(id));
}

export function spanRecord(): fc.Arbitrary<SpanRecord> {
  return fc.record({
    traceId: hex(32).map((id) => TraceId.parse(id)),
    spanId: spanId(),
    parentSpanId: optional(spanId()),
    isParentRemote: fc.boolean(),
    isRoot: fc.boolean(),
    type: fc.constantFrom(...OBSERVATION_TYPES),
    epochMs: epochMs(),
    startMs: fractionalMs(),
    endMs: fractionalMs(),
    name: text(),
    input: optional(text()),
    output: optional(text()),
    metadata: optional(metadata()),
    metadataText: optional(text()),
    level: optional(fc.constantFrom(...OBSERVATION_LEVELS)),
    statusMessage: optional(text()),
    model: optional(text()),
    modelParameters: optional(text()),
    usageDetails: optional(text()),
    costDetails: optional(text()),
    completionStartMs: optional(fractionalMs()),
    streamTimeline: optional(text()),
    promptName: optional(text()),
    promptVersion: optional(fc.maxSafeNat()),
    exceptions: optional(fc.array(exception(), { maxLength: 3 })),
    own: traceAttributes(),
  });
}
