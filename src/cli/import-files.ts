import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { PlayheadError } from "../diagnostics/errors";
import type { SessionImport } from "../studio/api/import-types";
import { counted } from "../studio/conversation/format";
import { askStudio, unexpectedAnswer } from "./ask-studio";
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
    const outcome = await importFile(file, studio);
    if ("failure" in outcome) {
      io.writeError(`${file}: ${outcome.failure}\n`);
      code = 1;
    } else {
      io.write(json ? `${JSON.stringify({ file, ...outcome })}\n` : describe(outcome));
    }
  }
  return code;
}

async function importFile(
  file: string,
  studio: StudioAddress,
): Promise<SessionImport | { readonly failure: string }> {
  let content: Uint8Array;
  try {
    content = await readFile(file);
  } catch (error) {
    return {
      failure: `Cannot read it: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
  try {
    return await sendFile(content, studio);
  } catch (error) {
    if (!(error instanceof PlayheadError)) throw error;
    return { failure: error.message };
  }
}

async function sendFile(content: Uint8Array, studio: StudioAddress): Promise<SessionImport> {
  const response = await askStudio(studio, "/api/studio/import", {
    method: "POST",
    headers: { "content-type": "application/json", "content-encoding": "gzip" },
    body: new Uint8Array(await promisify(gzip)(content)),
  });
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
  return `Session ${JSON.stringify(sessionId)}: ${counts.join(", ")}.\n`;
}
