import { parseArgs } from "node:util";
import { PlayheadError } from "../diagnostics/errors";
import {
  DEFAULT_STUDIO_DB,
  DEFAULT_STUDIO_HOST,
  DEFAULT_STUDIO_PORT,
  type Studio,
  type StudioOptions,
} from "../studio/server";
import type { OptionNames } from "../studio/server/start-errors";
import { startStudioAs } from "../studio/server/start-studio";
import { type Command, UsageError } from "./command";
import { openBrowser } from "./open-browser";

export const studioCommand: Command = {
  help: `Usage: playhead studio [options]

Starts an endpoint that speaks Langfuse's protocol, and a page that plays sessions back.

Options:
  --port <number>       Port to listen on; 0 takes any free one (default ${DEFAULT_STUDIO_PORT})
  --db <path>           SQLite file; ":memory:" keeps nothing (default ${DEFAULT_STUDIO_DB})
  --host <address>      Address to listen on; beyond loopback keys are required (default ${DEFAULT_STUDIO_HOST})
  --keep <age>          Delete sessions that were idle for longer: 12h, 30d, 4w (default: keep all)
  --max-size <size>     Delete the longest idle beyond this size of the file: 500MB, 2GB
  --open                Open the page in the browser
  --public-key <key>    Demand this key pair with every request
  --secret-key <key>
  --help                Print this text
`,
  async run(args, io) {
    const { shouldOpen, ...options } = readArguments(args);
    let studio: Studio;
    try {
      studio = await startStudioAs(FLAG_NAMES, {
        ...options,
        logger: {
          error: (text) => io.writeError(`${text}\n`),
          info: (text) => io.write(`${text}\n`),
        },
      });
    } catch (error) {
      if (!(error instanceof PlayheadError)) throw error;
      // A port in use, a file that cannot be opened: for the user, not a defect with a stack.
      io.writeError(`${error.message}\n`);
      return 1;
    }
    io.write(banner(studio, options));
    if (shouldOpen) {
      openBrowser(studio.url, (program) =>
        io.writeError(`Could not open a browser with ${program}; open ${studio.url} yourself.\n`),
      );
    }
    await io.untilStopped();
    await studio.close();
    return 0;
  },
};

function readArguments(args: readonly string[]): StudioOptions & { shouldOpen: boolean } {
  const values = parseValues(args);
  const port = values.port === undefined ? undefined : Number(values.port);
  if (
    port !== undefined &&
    !(values.port !== "" && Number.isInteger(port) && port >= 0 && port <= 65_535)
  ) {
    throw new UsageError(`Expected --port from 0 to 65535, got "${values.port}"`);
  }
  return {
    port,
    host: values.host,
    db: values.db,
    publicKey: values["public-key"],
    secretKey: values["secret-key"],
    keep: values.keep,
    maxSize: values["max-size"],
    shouldOpen: values.open ?? false,
  };
}

/** What the user of the command line reads in place of the options' names. */
const FLAG_NAMES: OptionNames = {
  port: "--port",
  host: "--host",
  db: "--db",
  publicKey: "--public-key",
  secretKey: "--secret-key",
  keep: "--keep",
  maxSize: "--max-size",
};

const FLAGS = {
  port: { type: "string" },
  db: { type: "string" },
  host: { type: "string" },
  open: { type: "boolean" },
  "public-key": { type: "string" },
  "secret-key": { type: "string" },
  keep: { type: "string" },
  "max-size": { type: "string" },
} as const;

function parseValues(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS }).values;
  } catch (error) {
    // parseArgs throws only for arguments that do not fit; its first sentence says which.
    const [came] = (error instanceof Error ? error.message : String(error)).split(". ");
    const expected = Object.keys(FLAGS).map((flag) => `--${flag}`);
    throw new UsageError(`Expected ${expected.join(", ")}, got something else: ${came}`, {
      cause: error,
    });
  }
}

/** What to open and what to set. Given keys are not printed: terminals are shared. */
function banner(studio: Studio, { publicKey }: StudioOptions): string {
  const keys = publicKey
    ? ["the public key you gave", "the secret key you gave"]
    : ["pk-lf-local", "sk-lf-local"];
  return `Playhead studio  ${studio.url}
Stored in        ${studio.db}

Point an application at it:

  LANGFUSE_BASE_URL=${studio.url}
  LANGFUSE_PUBLIC_KEY=${publicKey ? `<${keys[0]}>` : keys[0]}
  LANGFUSE_SECRET_KEY=${publicKey ? `<${keys[1]}>` : keys[1]}

Ctrl-C stops it.
`;
}
