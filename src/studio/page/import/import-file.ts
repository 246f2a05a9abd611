import { MAX_IMPORT_BYTES, SESSION_FILE_FORMAT, type SessionImport } from "../../api/import-types";
import {
  isTakenAtOnce,
  sessionFileParts,
  UnpartableFileError,
} from "../../session-file/file-parts";
import { type FileOutcome, importParts } from "../../session-file/import-parts";
import { sendJson } from "../resource";

/** Brings a session that was exported as JSON in, from a file of the reader's machine. */
export function importFile(file: File): Promise<FileOutcome> {
  const messageOf = (error: unknown): string => (error as Error).message; // of sending, reading or parting
  return importParts(partsOf(file), send, messageOf);
}

/** A file as it is, or in parts where the studio does not take it at once. */
async function* partsOf(file: File): AsyncGenerator<Blob, void> {
  if (file.size === 0) throw new UnpartableFileError("The file is empty.");
  const isLarge = file.size > MAX_IMPORT_BYTES;
  const looked = isLarge ? file.slice(0, LOOKED_AT_BYTES) : file;
  const bytes = new Uint8Array(await looked.arrayBuffer());
  if (!isSessionFile(bytes.subarray(0, LOOKED_AT_BYTES)) && !isSessionFile(bytes)) {
    throw new UnpartableFileError("Expected a session that was exported as JSON.");
  }
  if (isLarge) yield* sessionFileParts(chunksOf(file));
  else if (isTakenAtOnce(bytes)) yield file;
  else yield* sessionFileParts([bytes]);
}

function send(part: Blob): Promise<SessionImport> {
  return sendJson<SessionImport>("POST", "/api/studio/import", part);
}

/** What is looked at first, and of a large file alone, to tell what it is: an exported one says so there. */
const LOOKED_AT_BYTES = 4_096;

/** Tells files of another kind at once; whether one is whole, the studio finds out. */
function isSessionFile(looked: Uint8Array): boolean {
  return new TextDecoder().decode(looked).includes(`"${SESSION_FILE_FORMAT}"`);
}

async function* chunksOf(file: File): AsyncGenerator<Uint8Array, void> {
  const reader = file.stream().getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
}
