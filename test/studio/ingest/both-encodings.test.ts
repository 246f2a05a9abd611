import { BinaryWriter } from "@bufbuild/protobuf/wire";
import fc from "fast-check";
import { expect, it } from "vitest";
import { observationsOf } from "../../../src/studio/ingest/ingest-otlp";
import {
  all,
  attribute,
  double,
  type Fields,
  fixed64,
  hex,
  message,
  text,
  varint,
} from "./otlp-bytes";

/** One value in both encodings. */
interface Value {
  readonly json: object;
  readonly fields: Fields;
}

const value = fc.letrec<{ any: Value; leaf: Value }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    tie("leaf"),
    fc.array(tie("any"), { maxLength: 3 }).map((values) => ({
      json: { arrayValue: { values: values.map(({ json }) => json) } },
      fields: message(5, all(...values.map(({ fields }) => message(1, fields)))),
    })),
    fc.array(fc.tuple(fc.string(), tie("any")), { maxLength: 3 }).map((entries) => ({
      json: { kvlistValue: { values: entries.map(([key, { json }]) => ({ key, value: json })) } },
      fields: message(6, all(...entries.map(([key, { fields }]) => attribute(1, key, fields)))),
    })),
  ),
  leaf: fc.oneof(
    fc.string({ unit: "grapheme" }).map((given) => ({
      json: { stringValue: given },
      fields: text(1, given),
    })),
    fc.boolean().map((given) => ({ json: { boolValue: given }, fields: varint(2, Number(given)) })),
    fc.maxSafeInteger().map((given) => ({
      json: { intValue: String(given) },
      fields: varint(3, given),
    })),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((given) => ({
      // JSON.stringify writes a negative zero as 0; Protobuf's JSON mapping takes a number as text as well.
      json: { doubleValue: Object.is(given, -0) ? "-0" : given },
      fields: double(4, given),
    })),
  ),
})).any;

const KEYS = [
  "session.id",
  "langfuse.trace.tags",
  "langfuse.observation.input",
  "langfuse.observation.metadata.a",
  "gen_ai.prompt.0.content",
  "gen_ai.usage.input_tokens",
  "gen_ai.request.temperature",
  "llm.input_messages.0.message.role",
  "events",
  "else",
];
const attributes = fc.uniqueArray(fc.tuple(fc.constantFrom(...KEYS), value), {
  selector: ([key]) => key,
  maxLength: 6,
});
const id = (bytes: number) =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((given) => Buffer.from(given).toString("hex"));
const nanos = fc.bigInt({ min: 1n, max: 2n ** 63n }).map(String);

const span = fc.record({
  traceId: id(16),
  spanId: id(8),
  parentSpanId: fc.oneof(fc.constant(""), id(8)),
  name: fc.string(),
  start: nanos,
  end: nanos,
  attributes,
  event: attributes,
  status: fc.constantFrom(0, 1, 2),
  message: fc.string(),
  resource: attributes,
  scope: fc.constantFrom("ai", "langfuse-sdk", "other"),
});

it("reads the same observation from protobuf and from JSON", () => {
  const jsonOf = (entries: readonly (readonly [string, Value])[]) =>
    entries.map(([key, { json }]) => ({ key, value: json }));
  const fieldsOf = (field: number, entries: readonly (readonly [string, Value])[]) =>
    all(...entries.map(([key, { fields }]) => attribute(field, key, fields)));
  fc.assert(
    fc.property(span, (given) => {
      const json = JSON.stringify({
        resourceSpans: [
          {
            resource: { attributes: jsonOf(given.resource) },
            scopeSpans: [
              {
                scope: { name: given.scope },
                spans: [
                  {
                    traceId: given.traceId,
                    spanId: given.spanId,
                    parentSpanId: given.parentSpanId,
                    name: given.name,
                    startTimeUnixNano: given.start,
                    endTimeUnixNano: given.end,
                    attributes: jsonOf(given.attributes),
                    events: [{ name: "gen_ai.choice", attributes: jsonOf(given.event) }],
                    status: { code: given.status, message: given.message },
                  },
                ],
              },
            ],
          },
        ],
      });
      const spanFields = all(
        hex(1, given.traceId),
        hex(2, given.spanId),
        hex(4, given.parentSpanId),
        text(5, given.name),
        fixed64(7, given.start),
        fixed64(8, given.end),
        fieldsOf(9, given.attributes),
        message(11, all(text(2, "gen_ai.choice"), fieldsOf(3, given.event))),
        message(15, all(text(2, given.message), varint(3, given.status))),
      );
      const request = message(
        1,
        all(
          message(1, fieldsOf(1, given.resource)),
          message(2, all(message(1, text(1, given.scope)), message(2, spanFields))),
        ),
      );
      const bytes = request(new BinaryWriter()).finish();
      expect(observationsOf(bytes, "protobuf", 0)).toEqual(
        observationsOf(Buffer.from(json), "json", 0),
      );
    }),
    { numRuns: 300 },
  );
});
