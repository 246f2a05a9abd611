import { isJsonObject, parseJson } from "./json-text";
import { isoMicros, parseIsoMicros } from "./time-text";

/** A cursor that this server did not give out. */
export class InvalidCursorError extends Error {
  override readonly name = "InvalidCursorError";

  constructor() {
    super("Expected the cursor of the page before, got something else");
  }
}

/** The last row of a page: where the next one begins. */
export interface Position {
  readonly us: number;
  readonly id: string;
  /** Only where rows are observations. */
  readonly traceId: string;
}

/** Opaque to callers. Base64url of the JSON that Langfuse's cursors hold. */
export function encodeCursor({ us, id, traceId }: Position): string {
  const cursor = { lastStartTimeTo: isoMicros(us), lastTraceId: traceId, lastId: id };
  return Buffer.from(JSON.stringify(cursor)).toString("base64url");
}

/** @throws InvalidCursorError */
export function decodeCursor(cursor: string): Position {
  const value = parseJson(Buffer.from(cursor, "base64url").toString());
  if (isJsonObject(value)) {
    const { lastStartTimeTo, lastTraceId, lastId } = value;
    const us = typeof lastStartTimeTo === "string" ? parseIsoMicros(lastStartTimeTo) : undefined;
    if (us !== undefined && typeof lastTraceId === "string" && typeof lastId === "string") {
      return { us, id: lastId, traceId: lastTraceId };
    }
  }
  throw new InvalidCursorError();
}
