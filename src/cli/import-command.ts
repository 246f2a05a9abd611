import { type Command, UsageError } from "./command";
import { importFiles } from "./import-files";
import { importFrom } from "./import-from";
import { parseFlags } from "./parse-flags";
import {
  readStudioAddress,
  STUDIO_KEY_VARIABLES,
  STUDIO_URL_DEFAULT,
  type StudioAddress,
} from "./studio-address";

export const importCommand: Command = {
  help: `Usage: playhead import <file>... [options]
       playhead import --from <address> [options]

Brings sessions into a running studio, under the ids they have: a second time changes nothing.

With files: sessions that "playhead export" wrote as JSON, with all that belongs to them.

With --from: sessions of a Langfuse project (version 3 or 4, or of a studio), with their traces,
observations and scores. Files that were uploaded stay where they are.

Options:
  --to <address>           The studio (${STUDIO_URL_DEFAULT})
  --to-public-key <key>    Its keys (default ${STUDIO_KEY_VARIABLES})
  --to-secret-key <key>

  --from <address>         The Langfuse server
  --from-public-key <key>  Its keys (default LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY, where
  --from-secret-key <key>  LANGFUSE_BASE_URL is not another address)
  --session <id>           With --from: this session only (default: all, the last active first)
  --since <when>           With --from: active since 90m, 24h, 7d, 2w, or a date (2026-11-22)
  --user <id>              With --from: sessions of this user
  --limit <number>         With --from: at most so many sessions

  --json                   Print the outcome as JSON: one line for each file, { file, sessionId,
                           traceCount, … }; with --from { from, to, isComplete, sessions }
  --help                   Print this text

With files, --url, --public-key and --secret-key are the same as --to, --to-public-key and --to-secret-key.

Examples:
  playhead import chat-1.json
  playhead import *.json --to http://127.0.0.1:7718
  playhead import --from https://cloud.langfuse.com --since 7d
  playhead import --from https://langfuse.example.com --session chat-1

Exit code: 0 when all that was given or found is in the studio, 1 when something is missing (what could
be imported is), 2 when the command was not understood.
`,
  async run(args, io) {
    const { values, files, studio } = readArguments(args);
    const { from, json = false } = values;
    return from === undefined
      ? importFiles(files, { studio, json }, io)
      : importFrom({ ...values, from, studio, json }, io);
  },
};

const FLAGS = {
  to: { type: "string" },
  "to-public-key": { type: "string" },
  "to-secret-key": { type: "string" },
  url: { type: "string" },
  "public-key": { type: "string" },
  "secret-key": { type: "string" },
  from: { type: "string" },
  "from-public-key": { type: "string" },
  "from-secret-key": { type: "string" },
  session: { type: "string" },
  since: { type: "string" },
  user: { type: "string" },
  limit: { type: "string" },
  json: { type: "boolean" },
} as const;

type Values = ReturnType<typeof parseFlags<typeof FLAGS>>["values"];

const OF_SERVERS = [
  "from-public-key",
  "from-secret-key",
  "session",
  "since",
  "user",
  "limit",
] as const;
/** Each beside what it is called with files alone: next to `--from` it would not say whose it is. */
const OF_STUDIOS = [
  ["to", "url"],
  ["to-public-key", "public-key"],
  ["to-secret-key", "secret-key"],
] as const;

function readArguments(args: readonly string[]): {
  readonly values: Values;
  /** Empty with `--from`, and only then. */
  readonly files: readonly string[];
  readonly studio: StudioAddress;
} {
  const { values, positionals: files } = parseFlags(args, FLAGS);
  if (values.from === undefined) {
    const odd = OF_SERVERS.find((flag) => values[flag] !== undefined);
    if (odd !== undefined) {
      throw new UsageError(
        `Expected --from with the address of a server together with --${odd}, got none`,
      );
    }
    if (files.length === 0) {
      throw new UsageError(
        "Expected a file to import, or --from with the address of a server, got none",
      );
    }
  } else if (files.length > 0) {
    throw new UsageError(`Expected files or --from, got both: "${files.join('" "')}"`);
  }
  return { values, files, studio: readStudio(values) };
}

function readStudio(values: Values): StudioAddress {
  for (const [flag, short] of OF_STUDIOS) {
    if (values[short] === undefined) continue;
    if (values.from !== undefined) {
      throw new UsageError(
        `Expected --${flag} for the studio together with --from, got --${short}`,
      );
    }
    if (values[flag] !== undefined) {
      throw new UsageError(`Expected --${flag} or --${short}, which is the same, got both`);
    }
  }
  const nameOf = ([flag, short]: (typeof OF_STUDIOS)[number]): string =>
    `--${values[short] === undefined ? flag : short}`;
  const [url, publicKey, secretKey] = OF_STUDIOS;
  return readStudioAddress(
    {
      baseUrl: values.to ?? values.url,
      publicKey: values["to-public-key"] ?? values["public-key"],
      secretKey: values["to-secret-key"] ?? values["secret-key"],
    },
    { baseUrl: nameOf(url), publicKey: nameOf(publicKey), secretKey: nameOf(secretKey) },
  );
}
