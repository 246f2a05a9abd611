import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { SessionImport } from "../studio/api/import-types";
import { type Command, UsageError } from "./command";
import { parseFlags } from "./parse-flags";
import {
  askStudio,
  readStudioAddress,
  STUDIO_FLAGS,
  STUDIO_FLAGS_HELP,
  type StudioAddress,
  StudioRequestError,
} from "./studio-address";

export const importFilesCommand: Command = {
  help: `Usage: playhead import <file>... [options]

Brings sessions that "playhead export" wrote (as JSON) into a running studio. Again changes nothing.

Options:
  --json                Print what was imported as JSON, one line for each file
${STUDIO_FLAGS_HELP}  --help                Print this text

Exit code: 0 when all files are imported, 1 when one is not (the others are), 2 when the command was
not understood.
`,
  async run(args, io) {
    const { files, json, studio } = readArguments(args);
    let code = 0;
    for (const file of files) {
      try {
        const imported = await importFile(file, studio);
        io.write(json ? `${JSON.stringify({ file, ...imported })}\n` : describe(imported));
      } catch (error) {
        if (!(error instanceof StudioRequestError)) throw error;
        io.writeError(`${file}: ${error.message}\n`);
        code = 1;
      }
    }
    return code;
  },
};

interface ImportArguments {
  /** At least one. */
  readonly files: readonly string[];
  readonly json: boolean;
  readonly studio: StudioAddress;
}

const FLAGS = { ...STUDIO_FLAGS, json: { type: "boolean" } } as const;

function readArguments(args: readonly string[]): ImportArguments {
  const { values, positionals } = parseFlags(args, FLAGS);
  if (positionals.length === 0)
    throw new UsageError(
      "Expected a file to import, or --from with the address of a server, got none",
    );
  return {
    files: positionals,
    json: values.json ?? false,
    studio: readStudioAddress(values, process.env),
  };
}

async function importFile(file: string, studio: StudioAddress): Promise<SessionImport> {
  let content: Buffer;
  try {
    content = await readFile(file);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new StudioRequestError(`Cannot read it: ${message}`, { cause });
  }
  const response = await askStudio(studio, "/api/studio/import", {
    method: "POST",
    headers: { "content-type": "application/json", "content-encoding": "gzip" },
    body: new Uint8Array(await promisify(gzip)(content)),
  });
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

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
