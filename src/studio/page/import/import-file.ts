import { SESSION_FILE_FORMAT, type SessionImport } from "../../api/import-types";
import { type ReadError, sendJson } from "../resource";

/** What came of a file: a session, or why there is none. */
export type FileOutcome = { readonly imported: SessionImport } | { readonly failure: string };

/** Brings a session that was exported as JSON in, from a file of the reader's machine. */
export async function importFile(file: File): Promise<FileOutcome> {
  if (file.size === 0) return { failure: "The file is empty." };
  try {
    if (!(await isSessionFile(file))) {
      return { failure: "Expected a session that was exported as JSON." };
    }
    return { imported: await sendJson<SessionImport>("POST", "/api/studio/import", file) };
  } catch (failure) {
    return { failure: (failure as ReadError | DOMException).message }; // of sendJson, or of reading
  }
}

/** Tells files of another kind at once; whether one is whole, the studio finds out. */
async function isSessionFile(file: File): Promise<boolean> {
  return (await file.text()).includes(`"${SESSION_FILE_FORMAT}"`);
}
