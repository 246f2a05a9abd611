import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { REDACT_PRESETS } from "../config/redact-rules";
import {
  EXPORT_FORMATS,
  type ExportFormat,
  REDACTED_FORMATS,
} from "../studio/session-file/session-export";
import { type Command, type CommandIo, UsageError } from "./command";
import { parseFlags } from "./parse-flags";
import {
  askStudio,
  readStudioAddress,
  STUDIO_FLAGS,
  STUDIO_FLAGS_HELP,
  type StudioAddress,
  StudioRequestError,
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
${STUDIO_FLAGS_HELP}  --help                Print this text

Exit code: 0 when it is written, 1 when there is no such session or no studio, 2 when the command was
not understood.
`,
  async run(args, io) {
    const { sessionId, format, redact, output, studio } = readArguments(args);
    try {
      await exportTo(output, { studio, sessionId, format, redact, io });
      return 0;
    } catch (error) {
      if (!(error instanceof StudioRequestError)) throw error;
      io.writeError(`${error.message}\n`);
      return 1;
    }
  },
};

interface ExportArguments {
  readonly sessionId: string;
  readonly format: ExportFormat;
  /** Presets, with commas in between; empty for none. */
  readonly redact: string;
  /** Undefined for the output. */
  readonly output: string | undefined;
  readonly studio: StudioAddress;
}

const FLAGS = {
  ...STUDIO_FLAGS,
  format: { type: "string" },
  redact: { type: "string" },
  output: { type: "string", short: "o" },
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
  return {
    sessionId,
    format,
    redact: presets.join(","),
    output: values.output,
    studio: readStudioAddress(values, process.env),
  };
}

async function exportTo(
  output: string | undefined,
  {
    studio,
    sessionId,
    format,
    redact,
    io,
  }: Omit<ExportArguments, "output"> & { readonly io: CommandIo },
): Promise<void> {
  const query = new URLSearchParams({ id: sessionId, format, ...(redact && { redact }) });
  const response = await askStudio(studio, `/api/studio/session-export?${query}`);
  if (output === undefined) {
    const decoder = new TextDecoder();
    for await (const chunk of chunksOf(response)) io.write(decoder.decode(chunk, { stream: true }));
    return;
  }
  // Under another name until it is whole: whoever waits for the file never reads half of it.
  const unfinished = `${output}.${randomBytes(4).toString("hex")}.part`;
  try {
    await pipeline(
      Readable.from(chunksOf(response)),
      createWriteStream(unfinished, { flags: "wx", mode: 0o600 }),
    );
    await rename(unfinished, output);
  } catch (error) {
    await rm(unfinished, { force: true });
    const message = error instanceof Error ? error.message : String(error);
    throw error instanceof StudioRequestError
      ? error
      : new StudioRequestError(`Cannot write ${output}: ${message}`, { cause: error });
  }
}

async function* chunksOf(response: Response): AsyncGenerator<Uint8Array, void> {
  try {
    const reader = response.body?.getReader();
    for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
      yield read.value;
    }
  } catch (cause) {
    throw new StudioRequestError("The studio's answer broke off", { cause });
  }
}
