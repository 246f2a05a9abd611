import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { PlayheadError } from "../diagnostics/errors";
import { printableLine } from "../diagnostics/printable-text";
import { MAX_IMPORT_BYTES, type SessionImport } from "../studio/api/import-types";
import { counted } from "../studio/conversation/format";
import {
  isTakenAtOnce,
  sessionFileParts,
  UnpartableFileError,
} from "../studio/session-file/file-parts";
import { importParts } from "../studio/session-file/import-parts";
import { askStudioPatiently, unexpectedAnswer } from "./ask-studio";
import type { CommandIo } from "./command";
import type { StudioAddress } from "./studio-address";

export interface ImportFilesOptions {
  /** What was imported is printed as JSON. */
  readonly json: boolean;
  readonly studio: StudioAddress;
}

/**
 * Has the studio take in files that `playhead export` wrote; one that it does not take stops no other.
 * @returns the exit code
 */
export async function importFiles(
  files: readonly string[],
  { json, studio }: ImportFilesOptions,
  io: CommandIo,
): Promise<number> {
  let code = 0;
  for (const file of files) {
    const outcome = await importParts(partsOf(file), (part) => sendPart(part, studio), failureOf);
    if ("failure" in outcome) {
      io.writeError(`${printableLine(`${file}: ${outcome.failure}`)}\n`);
      code = 1;
    } else {
      io.write(
        json ? `${JSON.stringify({ file, ...outcome.imported })}\n` : describe(outcome.imported),
      );
    }
  }
  return code;
}

/** A file as it is, or in parts where the studio does not take it at once. */
async function* partsOf(file: string): AsyncGenerator<Blob | Uint8Array, void> {
  const found = await stat(file);
  const stream = createReadStream(file);
  try {
    if (found.isFile() && found.size > MAX_IMPORT_BYTES) yield* sessionFileParts(stream);
    else yield* partsOfStream(stream[Symbol.asyncIterator]());
  } finally {
    stream.destroy();
  }
}

/** The size of what comes through a pipe is not known before: as much is held as is imported at once. */
async function* partsOfStream(
  chunks: AsyncIterator<Uint8Array>,
): AsyncGenerator<Blob | Uint8Array, void> {
  const held: Uint8Array[] = [];
  for (let bytes = 0; bytes <= MAX_IMPORT_BYTES; ) {
    const next = await chunks.next();
    if (next.done) {
      const content = Buffer.concat(held, bytes);
      held.length = 0; // not twice in memory while it is sent
      if (bytes > 0) yield* partsOfContent(content);
      return;
    }
    held.push(next.value);
    bytes += next.value.length;
  }
  async function* all(): AsyncGenerator<Uint8Array, void> {
    for (let one = held.shift(); one !== undefined; one = held.shift()) yield one;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  }
  yield* sessionFileParts(all());
}

async function* partsOfContent(content: Uint8Array): AsyncGenerator<Blob | Uint8Array, void> {
  if (isTakenAtOnce(content)) yield content;
  else yield* sessionFileParts([content]);
}

/** @throws what is none of the file, the studio or the way there */
function failureOf(error: unknown): string {
  if (error instanceof PlayheadError || error instanceof UnpartableFileError) return error.message;
  if (error instanceof Error && "syscall" in error) return `Cannot read it: ${error.message}`;
  throw error;
}

async function sendPart(part: Blob | Uint8Array, studio: StudioAddress): Promise<SessionImport> {
  const content = part instanceof Blob ? new Uint8Array(await part.arrayBuffer()) : part;
  const body = new Uint8Array(await promisify(gzip)(content));
  const response = await askStudioPatiently(studio, "/api/studio/import", () => ({
    method: "POST",
    headers: { "content-type": "application/json", "content-encoding": "gzip" },
    body,
  }));
  if (!response.ok) throw await unexpectedAnswer(studio, response);
  return (await response.json()) as SessionImport; // a studio's answer, of the same release
}

function describe(imported: SessionImport): string {
  const { sessionId, traceCount, observationCount, scoreCount, commentCount, mediaCount } =
    imported;
  const counts = [
    counted(traceCount, "trace"),
    counted(observationCount, "observation"),
    counted(scoreCount, "score"),
    counted(commentCount, "comment"),
    counted(mediaCount, "file"),
  ];
  return `Session ${printableLine(JSON.stringify(sessionId))}: ${counts.join(", ")}.\n`;
}
