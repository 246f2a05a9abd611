import { describe, expect, it } from "vitest";
import { decodeJson } from "../../../src/studio/ingest/decode-json";
import { decodeProtobuf } from "../../../src/studio/ingest/decode-protobuf";
import {
  MAX_ENTRIES_PER_REQUEST,
  MAX_JSON_SIGNS,
  MAX_SPANS_PER_REQUEST,
  OtlpTooLargeError,
} from "../../../src/studio/ingest/request-parts";
import { emptyMessages } from "./otlp-bytes";

/** What the counts leave room for, in a request that holds nothing else of the kind. */
const PARTS = [
  { name: "resources", path: [], field: 1, max: MAX_ENTRIES_PER_REQUEST },
  { name: "scopes", path: [1], field: 2, max: MAX_ENTRIES_PER_REQUEST - 1 },
  { name: "attributes of a resource", path: [1, 1], field: 1, max: MAX_ENTRIES_PER_REQUEST - 1 },
  { name: "attributes of a scope", path: [1, 2, 1], field: 3, max: MAX_ENTRIES_PER_REQUEST - 2 },
  { name: "spans", path: [1, 2], field: 2, max: MAX_SPANS_PER_REQUEST },
  { name: "attributes of a span", path: [1, 2, 2], field: 9, max: MAX_ENTRIES_PER_REQUEST - 2 },
  { name: "events", path: [1, 2, 2], field: 11, max: MAX_ENTRIES_PER_REQUEST - 2 },
  {
    name: "attributes of an event",
    path: [1, 2, 2, 11],
    field: 3,
    max: MAX_ENTRIES_PER_REQUEST - 3,
  },
  { name: "values", path: [1, 2, 2, 9, 2, 5], field: 1, max: MAX_ENTRIES_PER_REQUEST - 3 },
  { name: "map entries", path: [1, 2, 2, 9, 2, 6], field: 1, max: MAX_ENTRIES_PER_REQUEST - 3 },
] as const;

describe("a protobuf request", () => {
  it.each(PARTS)("of more than $max $name is refused", ({ path, field, max }) => {
    expect(() => decodeProtobuf(emptyMessages(path, field, max + 1))).toThrow(OtlpTooLargeError);
  });

  it.each(PARTS.filter(({ name }) => /^spans|attributes/.test(name)))(
    "of $max $name is read",
    ({ path, field, max }) => {
      expect(decodeProtobuf(emptyMessages(path, field, max))).toHaveLength(1);
    },
  );

  it("counts its spans over all resources and scopes", () => {
    const half = emptyMessages([1, 2], 2, MAX_SPANS_PER_REQUEST / 2);
    const one = emptyMessages([1, 2], 2, 1);
    expect(decodeProtobuf(Buffer.concat([half, half]))).toHaveLength(2);
    expect(() => decodeProtobuf(Buffer.concat([half, half, one]))).toThrow(OtlpTooLargeError);
  });
});

/** A request in JSON, with a list of `count` times `item` in it. */
type JsonRequest = (count: number) => string;

const list = (item: string, count: number): string =>
  `[${`${item},`.repeat(count - 1)}${count === 0 ? "" : item}]`;
const withSpan = (fields: string): string =>
  `{"resourceSpans":[{"scopeSpans":[{"spans":[{${fields}}]}]}]}`;
const withValue = (value: string): string =>
  withSpan(`"attributes":[{"key":"a","value":${value}}]`);

const JSON_PARTS: readonly { name: string; request: JsonRequest; max: number }[] = [
  {
    name: "resources",
    request: (count) => `{"resourceSpans":${list("0", count)}}`,
    max: MAX_ENTRIES_PER_REQUEST,
  },
  {
    name: "scopes",
    request: (count) => `{"resourceSpans":[{"scopeSpans":${list("0", count)}}]}`,
    max: MAX_ENTRIES_PER_REQUEST - 1,
  },
  {
    name: "attributes of a resource",
    request: (count) => `{"resourceSpans":[{"resource":{"attributes":${list("0", count)}}}]}`,
    max: MAX_ENTRIES_PER_REQUEST - 1,
  },
  {
    name: "spans",
    request: (count) => `{"resourceSpans":[{"scopeSpans":[{"spans":${list("0", count)}}]}]}`,
    max: MAX_SPANS_PER_REQUEST,
  },
  {
    name: "attributes of a span",
    request: (count) => withSpan(`"attributes":${list("0", count)}`),
    max: MAX_ENTRIES_PER_REQUEST - 2,
  },
  {
    name: "events",
    request: (count) => withSpan(`"events":${list("0", count)}`),
    max: MAX_ENTRIES_PER_REQUEST - 2,
  },
  {
    name: "values",
    request: (count) => withValue(`{"arrayValue":{"values":${list("0", count)}}}`),
    max: MAX_ENTRIES_PER_REQUEST - 3,
  },
  {
    name: "map entries",
    request: (count) => withValue(`{"kvlistValue":{"values":${list("0", count)}}}`),
    max: MAX_ENTRIES_PER_REQUEST - 3,
  },
];

describe("a JSON request", () => {
  it.each(JSON_PARTS)("of more than $max $name is refused", ({ request, max }) => {
    expect(() => decodeJson(Buffer.from(request(max + 1)))).toThrow(OtlpTooLargeError);
  });

  it.each(JSON_PARTS.filter(({ name }) => /^spans|attributes/.test(name)))(
    "of $max $name is read",
    ({ request, max }) => {
      expect(decodeJson(Buffer.from(request(max)))).toHaveLength(1);
    },
  );

  it("of more brackets and commas than any such request has is refused unparsed", () => {
    // Not JSON at its end: whoever parses it says so.
    const unparsed = (count: number) => Buffer.from(`[${"0,".repeat(count - 1)}`);
    expect(() => decodeJson(unparsed(MAX_JSON_SIGNS))).toThrow("Failed to parse OTel JSON Trace");
    expect(() => decodeJson(unparsed(MAX_JSON_SIGNS + 1))).toThrow(OtlpTooLargeError);
  });

  it("may hold any number of them in a string, escapes and all", () => {
    const signs = `{[,\\"${"{[,".repeat(MAX_JSON_SIGNS / 3)}\\\\`;
    const body = withValue(`{"stringValue":"${signs}"}`);
    const [resource] = decodeJson(Buffer.from(body));
    const value = resource?.scopeSpans[0]?.spans[0]?.attributes.get("a");
    expect(value).toBe(JSON.parse(`"${signs}"`));
  });
});
