/**
 * How many spans are in what a sink was sent. A span that is sent twice, or its start and its end
 * apart, counts once where the protocol has ids for it.
 */

import { gunzipSync, inflateSync } from "node:zlib";

/** @returns a counter over any number of request bodies */
export function createSpanCounter() {
  const ids = new Set();
  let anonymous = 0;
  return {
    add({ path, headers, body }) {
      const bytes = decompress(body, headers["content-encoding"]);
      const type = headers["content-type"] ?? "";
      if (type.includes("protobuf")) anonymous += countOtlpProtobuf(bytes);
      else if (type.includes("multipart/form-data")) addAll(ids, multipartRunIds(bytes));
      else if (type.includes("json") && bytes.length > 0) {
        const json = JSON.parse(bytes.toString());
        anonymous += countOtlpJson(json);
        addAll(ids, idsIn(path, json));
      }
    },
    get count() {
      return ids.size + anonymous;
    },
  };
}

function addAll(set, values) {
  for (const value of values) set.add(value);
}

function decompress(body, encoding) {
  if (encoding === "gzip") return gunzipSync(body);
  return encoding === "deflate" ? inflateSync(body) : body;
}

function countOtlpJson({ resourceSpans = [] }) {
  return resourceSpans
    .flatMap(({ scopeSpans = [] }) => scopeSpans)
    .reduce((count, { spans = [] }) => count + spans.length, 0);
}

/** Ids of the spans in the JSON protocols of the subjects, each told by its path. */
function idsIn(path, json) {
  if (path.endsWith("/ingestion")) {
    return json.batch
      .filter(({ type }) => /^(span|generation|event|observation)-create$/.test(type))
      .map(({ body }) => body.id);
  }
  if (path.endsWith("/runs/batch")) return [...json.post, ...json.patch].map(({ id }) => id);
  if (path.endsWith("/logs3")) return json.rows.map(({ id }) => id);
  if (path.endsWith("/spans/batch")) return json.spans.map(({ id }) => id);
  if (path.endsWith("/call/upsert_batch")) {
    return json.batch
      .filter(({ mode }) => mode !== "start")
      .map(({ req }) => req.end?.id ?? req.complete?.id);
  }
  return [];
}

/** Parts are called `post.<id>`, `patch.<id>`, and so on with what belongs to them. */
function multipartRunIds(bytes) {
  return Array.from(
    bytes.latin1Slice().matchAll(/name="?(?:post|patch)\.([0-9a-f-]{36})"?[;\r]/g),
    ([, id]) => id,
  );
}

/** ExportTraceServiceRequest.resource_spans(1) > ResourceSpans.scope_spans(2) > ScopeSpans.spans(2) */
function countOtlpProtobuf(bytes) {
  let count = 0;
  for (const resourceSpans of fields(bytes, 0, bytes.length, 1)) {
    for (const scopeSpans of fields(bytes, ...resourceSpans, 2)) {
      for (const _ of fields(bytes, ...scopeSpans, 2)) count += 1;
    }
  }
  return count;
}

/** Where the length-delimited fields of one number lie. These messages have no others but strings. */
function* fields(bytes, start, end, wanted) {
  let position = start;
  while (position < end) {
    const tag = bytes[position++];
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[position++];
      length += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    if ((tag & 7) !== 2) throw new Error(`Expected a length-delimited field, got tag ${tag}`);
    if (tag >> 3 === wanted) yield [position, position + length];
    position += length;
  }
}
