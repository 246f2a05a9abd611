import fc from "fast-check";
import { expect, it } from "vitest";
import type { SpanRecord } from "../../src/attributes/span-record";
import { NO_TRACE_ATTRIBUTES, visitTraceAttributes } from "../../src/attributes/trace-attributes";
import { encodeTraceAttributes } from "../../src/export/encode-span";
import { epochMs, fractionalMs, spanRecord, traceAttributes } from "../support/arbitraries";
import { decodeRequest, decodeSpan } from "../support/decode-request";
import { createRecord, encodeBody, released, wholeRequests } from "../support/span-records";

/** The same instant in exact arithmetic: the fraction of a double, to the nearest nanosecond. */
function exactNano(epoch: number, ms: number): bigint {
  const wholeMs = Math.floor(ms);
  return (BigInt(epoch) + BigInt(wholeMs)) * 1_000_000n + BigInt(Math.round((ms - wholeMs) * 1e6));
}

function flatAttributes(record: SpanRecord, attributes = record.own): [string, unknown][] {
  const flat: [string, unknown][] = [];
  const keep = (key: string, value: unknown): void => {
    flat.push([key, value]);
  };
  visitTraceAttributes(attributes, { string: keep, strings: keep, boolean: keep });
  return flat;
}

it("keeps times to the nanosecond, whatever the epoch and the fraction", () => {
  fc.assert(
    fc.property(epochMs(), fractionalMs(), fractionalMs(), (epoch, startMs, endMs) => {
      const span = decodeSpan(encodeBody(createRecord({ epochMs: epoch, startMs, endMs })));
      expect(span.startNano).toBe(exactNano(epoch, startMs));
      expect(span.endNano).toBe(exactNano(epoch, endMs));
    }),
    { numRuns: 2_000 },
  );
});

it("gives back every field of every record", () => {
  fc.assert(
    fc.property(spanRecord(), (record) => {
      const span = decodeSpan(encodeBody(record));
      const attributes = new Map<string, unknown>(span.attributes);
      expect(span).toMatchObject({
        traceId: record.traceId.hex,
        spanId: record.spanId.hex,
        parentSpanId: record.parentSpanId?.hex,
        name: record.name,
        flags: record.isParentRemote ? 0x301 : 0x101,
        status: record.level === "ERROR" ? { code: 2, message: record.statusMessage } : undefined,
        events: (record.exceptions ?? []).map((exception) => ({
          timeNano: exactNano(record.epochMs, exception.timeMs),
          name: "exception",
          attributes: [
            ["exception.type", exception.type],
            ["exception.message", exception.message],
            ...(exception.stacktrace === undefined
              ? []
              : [["exception.stacktrace", exception.stacktrace]]),
          ],
        })),
      });
      expect(attributes.get("langfuse.observation.type")).toBe(record.type);
      expect(attributes.get("langfuse.observation.input")).toBe(record.input);
      expect(attributes.get("langfuse.observation.output")).toBe(record.output);
      expect(attributes.get("langfuse.observation.level")).toBe(record.level);
      expect(attributes.get("langfuse.observation.model.name")).toBe(record.model);
      expect(attributes.get("langfuse.observation.usage_details")).toBe(record.usageDetails);
      expect(attributes.get("langfuse.internal.is_app_root")).toBe(record.isRoot || undefined);
      expect(attributes.get("langfuse.observation.prompt.version")).toBe(
        record.promptVersion === undefined ? undefined : BigInt(record.promptVersion),
      );
      for (const [key, value] of record.metadata ?? []) {
        expect(attributes.get(`langfuse.observation.metadata.${key}`)).toBe(value);
      }
      for (const [key, value] of flatAttributes(record)) expect(attributes.get(key)).toEqual(value);
    }),
    { numRuns: 500 },
  );
});

it("puts each span with its trace's attributes into one valid request, in order", () => {
  const encodeRequest = wholeRequests({
    serviceName: "shop",
    environment: undefined,
    release: "1.2.3",
    sdkName: "playhead",
    sdkVersion: "0.1.0",
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(spanRecord(), traceAttributes()), { maxLength: 8 }), (pairs) => {
      const spans = pairs.map(([record, trace]) =>
        released(encodeBody(record), encodeTraceAttributes(trace, record.own)),
      );
      const request = decodeRequest(encodeRequest(spans));
      expect(request.spans.map(({ name }) => name)).toEqual(pairs.map(([{ name }]) => name));
      for (const [index, [record, trace]] of pairs.entries()) {
        const keys = request.spans[index]?.attributes.map(([key]) => key) ?? [];
        expect(new Set(keys).size).toBe(keys.length);
        const expected = new Map([...flatAttributes(record, trace), ...flatAttributes(record)]);
        for (const [key, value] of expected) {
          expect(new Map(request.spans[index]?.attributes).get(key)).toEqual(value);
        }
      }
    }),
  );
});

it("frames spans of the lengths at which a length takes another byte", () => {
  const encodeRequest = wholeRequests({
    serviceName: undefined,
    environment: undefined,
    release: undefined,
    sdkName: "playhead",
    sdkVersion: "0.1.0",
  });
  for (const length of [0, 1, 100, 127, 128, 16_300, 16_383, 16_384, 2_097_151, 2_097_152]) {
    const body = encodeBody(createRecord({ input: "x".repeat(length) }));
    const { spans } = decodeRequest(encodeRequest([released(body), released(body)]));
    expect(spans).toHaveLength(2);
    expect(new Map(spans[1]?.attributes).get("langfuse.observation.input")).toHaveLength(length);
  }
  expect(encodeTraceAttributes(NO_TRACE_ATTRIBUTES, NO_TRACE_ATTRIBUTES)).toHaveLength(0);
});
