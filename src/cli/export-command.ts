import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { REDACT_PRESETS } from "../config/redact-rules";
import { PlayheadError } from "../diagnostics/errors";
import {
  EXPORT_FORMATS,
  type ExportFormat,
  REDACTED_FORMATS,
} from "../studio/session-file/session-export";
import { askStudio, brokenOff, unexpectedAnswer } from "./ask-studio";
import { type Command, type CommandIo, UsageError } from "./command";
import { ENDPOINT_FLAGS, OWN_NAMES } from "./endpoint-flags";
import { parseFlags } from "./parse-flags";
import {
  readStudioAddress,
  STUDIO_KEY_VARIABLES,
  STUDIO_URL_DEFAULT,
  type StudioAddress,
} from "./studio-address";

export const exportCommand: Command = {
  help: `Usage: playhead export <session id> [options]

Writes a session of a running studio to a file, or to the output.

Formats:
  json      All of it, which "playhead import" takes back
  html      One file that plays it back in a browser, without a studio or a network
  jsonl     A line {"messages": […]} for each turn, for fine-tuning and evaluation
  vitest    A test file that gives your app the inputs and compares its outputs

Options:
  --format <format>     ${EXPORT_FORMATS.join(", ")} (default json)
  --redact <presets>    What to hide, but in json: some of ${REDACT_PRESETS.join(",")}
  -o, --output <file>   Where to write (default: the output). The file appears when it is whole
  --json                With --output: print what was written as JSON: { sessionId, format, file, bytes }
  --url <address>       The studio (${STUDIO_URL_DEFAULT})
  --public-key <key>    Its keys (default ${STUDIO_KEY_VARIABLES})
  --secret-key <key>
  --help                Print this text

Examples:
  playhead export chat-1 -o chat-1.json
  playhead export chat-1 --format html --redact secrets,email -o chat-1.html

Exit code: 0 when it is written, 1 when there is no such session or no studio, 2 when the command was
not understood.
`,
  async run(args, io) {
    const { sessionId, format, redact, output, json, studio } = readArguments(args);
    const query = new URLSearchParams({ id: sessionId, format, ...(redact && { redact }) });
    const response = await askStudio(studio, `/api/studio/session-export?${query}`);
    if (!response.ok) throw await unexpectedAnswer(studio, response);
    const chunks = chunksOf(studio, response);
    if (output !== undefined) {
      const bytes = await writeFile(output, chunks, io);
      if (bytes === undefined) return 1;
      if (json) io.write(`${JSON.stringify({ sessionId, format, file: output, bytes })}\n`);
      return 0;
    }
    const decoder = new TextDecoder();
    for await (const chunk of chunks) io.write(decoder.decode(chunk, { stream: true }));
    return 0;
  },
};

interface ExportArguments {
  readonly sessionId: string;
  readonly format: ExportFormat;
  /** Presets, with commas in between; empty for none. */
  readonly redact: string;
  /** Undefined for the output. */
  readonly output: string | undefined;
  readonly json: boolean;
  readonly studio: StudioAddress;
}

const FLAGS = {
  ...ENDPOINT_FLAGS,
  format: { type: "string" },
  redact: { type: "string" },
  output: { type: "string", short: "o" },
  json: { type: "boolean" },
} as const;

function readArguments(args: readonly string[]): ExportArguments {
  const { values, positionals } = parseFlags(args, FLAGS);
  const [sessionId, ...rest] = positionals;
  if (!sessionId || rest.length > 0) {
    throw new UsageError(`Expected one session id, got ${positionals.length}`);
  }
  const format = EXPORT_FORMATS.find((one) => one === (values.format ?? "json"));
  if (format === undefined) {
    throw new UsageError(
      `Expected --format to be ${EXPORT_FORMATS.join(", ")}, got "${values.format}"`,
    );
  }
  const presets = (values.redact ?? "").split(",").filter((name) => name !== "");
  const unknown = presets.find((name) => !REDACT_PRESETS.some((preset) => preset === name));
  if (unknown !== undefined) {
    throw new UsageError(
      `Expected --redact to be some of ${REDACT_PRESETS.join(",")}, got "${unknown}"`,
    );
  }
  if (presets.length > 0 && !REDACTED_FORMATS.includes(format)) {
    throw new UsageError(
      `Expected --redact with --format ${REDACTED_FORMATS.join(" or ")}, got it with ${format}`,
    );
  }
  if (values.output === "") throw new UsageError(`Expected --output to be a file, got ""`);
  if (values.json && values.output === undefined) {
    throw new UsageError("Expected --json with --output: without it the output is the session");
  }
  return {
    sessionId,
    format,
    redact: presets.join(","),
    output: values.output,
    json: values.json ?? false,
    studio: readStudioAddress(
      {
        baseUrl: values.url,
        publicKey: values["public-key"],
        secretKey: values["secret-key"],
      },
      OWN_NAMES,
    ),
  };
}

/** @returns how many bytes it wrote; undefined when that failed, which it has said */
async function writeFile(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  io: CommandIo,
): Promise<number | undefined> {
  // Under another name until it is whole: whoever waits for the file never reads half of it.
  const unfinished = `${path}.${randomBytes(4).toString("hex")}.part`;
  const file = createWriteStream(unfinished, { flags: "wx", mode: 0o600 });
  try {
    await pipeline(Readable.from(chunks), file);
    await rename(unfinished, path);
    return file.bytesWritten;
  } catch (error) {
    await rm(unfinished, { force: true });
    if (error instanceof PlayheadError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    io.writeError(`Cannot write ${path}: ${message}\n`);
    return undefined;
  }
}

async function* chunksOf(
  studio: StudioAddress,
  response: Response,
): AsyncGenerator<Uint8Array, void> {
  try {
    const reader = response.body?.getReader();
    for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
      yield read.value;
    }
  } catch (cause) {
    throw brokenOff(studio, cause);
  }
}
