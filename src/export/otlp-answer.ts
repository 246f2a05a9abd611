import type { IncomingHttpHeaders } from "node:http";
import { isJsonObject, type JsonObject, type JsonValue } from "./ingestion/captured-json";
import { ProtobufReader } from "./protobuf-reader";

/** What an endpoint says of a request that it took. */
export interface PartialSuccess {
  /** It does not say which; they are not to be sent again. 0 where `message` is only advice. */
  readonly rejectedCount: number;
  /** In the endpoint's own words; may be empty. */
  readonly message: string;
}

/**
 * The text of an answer. One in protobuf becomes what the same answer is in JSON, so that nobody
 * behind this has to know of two encodings.
 * Spec: https://opentelemetry.io/docs/specs/otlp/#otlphttp-response
 */
export function answerText(
  status: number,
  contentType: IncomingHttpHeaders["content-type"],
  bytes: Buffer,
): string {
  const isProtobuf = contentType !== undefined && /protobuf/i.test(contentType);
  if (!isProtobuf || bytes.length === 0) return bytes.toString();
  try {
    const isSuccess = status >= 200 && status < 300;
    return JSON.stringify(isSuccess ? readExportResponse(bytes) : readStatus(bytes));
  } catch {
    return bytes.toString(); // says that it is protobuf, and is not
  }
}

/**
 * What an answer of success says of spans that were not taken. Undefined where it says nothing.
 * Spec: https://opentelemetry.io/docs/specs/otlp/#partial-success-1
 */
export function readPartialSuccess(text: string): PartialSuccess | undefined {
  if (!text.includes('"partialSuccess"')) return undefined; // most answers are told apart by it
  const account = readAccount(text);
  if (!isJsonObject(account)) return undefined;
  const { rejectedSpans, errorMessage } = account;
  const isCount = typeof rejectedSpans === "number" || typeof rejectedSpans === "string";
  const count = isCount ? Number(rejectedSpans) : 0; // 64 bits are a text in OTLP's JSON
  const rejectedCount = count > 0 ? Math.floor(count) : 0;
  const message = typeof errorMessage === "string" ? errorMessage : "";
  return rejectedCount === 0 && message === "" ? undefined : { rejectedCount, message };
}

function readAccount(text: string): JsonValue | undefined {
  try {
    const answer = JSON.parse(text) as JsonValue; // what JSON.parse returns is JSON, by its definition
    return isJsonObject(answer) ? answer["partialSuccess"] : undefined;
  } catch {
    return undefined; // cut off, or a page that has the word
  }
}

/** An `ExportTraceServiceResponse`. */
function readExportResponse(bytes: Buffer): JsonObject {
  const account = readFields(bytes).get(1);
  if (!(account instanceof Buffer)) return {};
  const fields = readFields(account);
  return {
    partialSuccess: {
      rejectedSpans: String(fields.get(1) ?? 0),
      errorMessage: String(fields.get(2) ?? ""),
    },
  };
}

/** A `google.rpc.Status`: what refusals and failures come with. */
function readStatus(bytes: Buffer): JsonObject {
  const fields = readFields(bytes);
  return { code: String(fields.get(1) ?? 0), message: String(fields.get(2) ?? "") };
}

/** By number: varints as numbers, what has a length as bytes; the last of each. */
function readFields(bytes: Buffer): Map<number, bigint | Buffer> {
  const reader = new ProtobufReader(bytes);
  const fields = new Map<number, bigint | Buffer>();
  for (let tag = reader.nextTag(); tag !== undefined; tag = reader.nextTag()) {
    const wireType = tag & 7;
    if (wireType === 0) fields.set(tag >>> 3, reader.int64());
    else if (wireType === 2) fields.set(tag >>> 3, reader.delimited());
    else reader.skip(tag);
  }
  return fields;
}
