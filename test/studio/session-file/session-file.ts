import { importSession } from "../../../src/studio/session-file/import-session";
import { readSessionFile } from "../../../src/studio/session-file/read-session-file";
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
  for (const { run } of importSession(readSessionFile(text), store)) {
    const { errors } = store.writeTogether([run]);
    if (errors[0] !== undefined) throw errors[0];
  }
}
