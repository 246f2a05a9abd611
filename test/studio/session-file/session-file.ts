import { sessionFileParts } from "../../../src/studio/session-file/file-parts";
import { importSession } from "../../../src/studio/session-file/import-session";
import { readSessionFile } from "../../../src/studio/session-file/read-session-file";
import { storedSession } from "../../../src/studio/session-file/stored-session";
import { writeSessionFile } from "../../../src/studio/session-file/write-session-file";
import type { Store } from "../../../src/studio/store/store";

/** The whole file. @throws where there is no such session */
export function fileOf(store: Store, sessionId: string): string {
  const pieces = writeSessionFile(sessionId, store);
  if (pieces === undefined) throw new Error(`Expected a session ${JSON.stringify(sessionId)}`);
  return [...pieces].join("");
}

/** Brings a file into a store as the server does, one transaction after the other. */
export function importInto(store: Store, text: string): void {
  const file = readSessionFile(text, (sessionId) => storedSession(sessionId, store));
  for (const { run } of importSession(file, store)) {
    const { errors } = store.writeTogether([run]);
    if (errors[0] !== undefined) throw errors[0];
  }
}

/**
 * A file in parts, as the page and the terminal bring it in.
 * @param chunk - bytes that are read of it at a time
 */
export async function partsOf(
  text: string,
  maxBytes: number,
  { maxSigns = Number.POSITIVE_INFINITY, chunk = 1_000 } = {},
): Promise<string[]> {
  const limits = { maxBytes, maxSigns };
  const bytes = new TextEncoder().encode(text);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
  }
  const parts: string[] = [];
  for await (const part of sessionFileParts(chunks(), limits)) parts.push(await part.text());
  return parts;
}
