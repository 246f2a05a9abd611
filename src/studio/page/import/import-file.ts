import {
  MAX_IMPORT_BYTES,
  MAX_IMPORT_PART_BYTES,
  SESSION_FILE_FORMAT,
  type SessionImport,
} from "../../api/import-types";
import { addImports, sessionFileParts } from "../../session-file/file-parts";
import { sendJson } from "../resource";

/** What came of a file: a session, or why there is none. */
export type FileOutcome = { readonly imported: SessionImport } | { readonly failure: string };

/** Brings a session that was exported as JSON in, from a file of the reader's machine. */
export async function importFile(file: File): Promise<FileOutcome> {
  if (file.size === 0) return { failure: "The file is empty." };
  let imported: SessionImport | undefined;
  try {
    if (!(await isSessionFile(file))) {
      return { failure: "Expected a session that was exported as JSON." };
    }
    if (file.size <= MAX_IMPORT_BYTES) return { imported: await send(file) };
    for await (const part of sessionFileParts(chunksOf(file), MAX_IMPORT_PART_BYTES)) {
      const one = await send(part);
      imported = imported === undefined ? one : addImports(imported, one);
    }
    return imported === undefined ? { failure: "The file is empty." } : { imported };
  } catch (failure) {
    const { message } = failure as Error; // of sendJson, of reading, or of parting
    return {
      failure:
        imported === undefined
          ? message
          : `${message} What came before that is in the studio; import it again to go on: nothing is doubled.`,
    };
  }
}

function send(part: Blob): Promise<SessionImport> {
  return sendJson<SessionImport>("POST", "/api/studio/import", part);
}

/** Of a file, what is looked at to tell what it is: an exported one says so at its beginning. */
const LOOKED_AT_BYTES = 4_096;

/** Tells files of another kind at once; whether one is whole, the studio finds out. */
async function isSessionFile(file: File): Promise<boolean> {
  const looked = file.size > MAX_IMPORT_BYTES ? file.slice(0, LOOKED_AT_BYTES) : file;
  return (await looked.text()).includes(`"${SESSION_FILE_FORMAT}"`);
}

async function* chunksOf(file: File): AsyncGenerator<Uint8Array, void> {
  const reader = file.stream().getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
}
