import { InvalidCursorError } from "./cursor";
import { isJsonObject, parseJson } from "./json-text";

/** The last row of a page in a sorted list: where the next one begins. */
export interface ListPosition {
  /** Of the sort and order it was made for: in any other it means nothing. */
  readonly list: string;
  readonly value: number | string;
  readonly id: string;
}

/** Opaque to callers. */
export function encodeListCursor({ list, value, id }: ListPosition): string {
  return Buffer.from(JSON.stringify({ list, value, id })).toString("base64url");
}

/** @throws InvalidCursorError for one of another list, or of none */
export function decodeListCursor(cursor: string, list: string): ListPosition {
  const read = parseJson(Buffer.from(cursor, "base64url").toString());
  if (isJsonObject(read) && read["list"] === list) {
    const { value, id } = read;
    if ((typeof value === "number" || typeof value === "string") && typeof id === "string") {
      return { list, value, id };
    }
  }
  throw new InvalidCursorError();
}
