import { parseArgs } from "node:util";
import { PlayheadError } from "../diagnostics/errors";
import {
  DEFAULT_STUDIO_DB,
  DEFAULT_STUDIO_HOST,
  DEFAULT_STUDIO_PORT,
  type Studio,
  type StudioOptions,
} from "../studio/server";
import type { DemandedKeys } from "../studio/server/demanded-keys";
import { isLoopbackHost } from "../studio/server/guards";
import type { OptionNames } from "../studio/server/start-errors";
import { startStudioAs } from "../studio/server/start-studio";
import { type Command, UsageError } from "./command";
import { openBrowser } from "./open-browser";
import { STUDIO_VARIABLES } from "./studio-variables";

export const studioCommand: Command = {
  help: `Usage: playhead studio [options]

Starts an endpoint that speaks Langfuse's protocol, and a page that plays sessions back.

Options:
  --port <number>       Port to listen on; 0 takes any free one (default ${DEFAULT_STUDIO_PORT})
  --db <path>           SQLite file; ":memory:" keeps nothing (default ${DEFAULT_STUDIO_DB})
  --host <address>      Address to listen on (default ${DEFAULT_STUDIO_HOST}). Beyond loopback applications
                        need keys and readers sign in; the first start makes the keys and
                        prints them, this once
  --keep <age>          Delete sessions that were idle for longer: 12h, 30d, 4w (default: keep all)
  --max-size <size>     Delete the longest idle beyond this size of the file: 500MB, 2GB
  --new-keys            Make new keys, print them, and demand them from now on, on loopback, too
  --no-keys             On loopback: demand none from now on, whatever --new-keys said
  --public-key <key>    Demand this key pair with every request, in place of one made here
  --secret-key <key>    (default ${STUDIO_VARIABLES.publicKey} and ${STUDIO_VARIABLES.secretKey})
  --open                Open the page in the browser
  --help                Print this text

The studio speaks plain HTTP. Where others share the network, put a proxy with TLS before it.
`,
  async run(args, io) {
    const { shouldOpen, ownKeys, ...options } = readArguments(args);
    const { names, keys } = readKeys(options);
    if (ownKeys !== "when-needed" && keys.publicKey) {
      throw new UsageError(
        `Expected ${ownKeys === "new" ? "--new-keys" : "--no-keys"}, or keys that are given (${names.publicKey}), got both`,
      );
    }
    let started: Awaited<ReturnType<typeof startStudioAs>>;
    try {
      const logger = {
        error: (text: string) => io.writeError(`${text}\n`),
        info: (text: string) => io.write(`${text}\n`),
      };
      started = await startStudioAs(names, { ...options, ...keys, logger }, { ownKeys });
    } catch (error) {
      if (!(error instanceof PlayheadError)) throw error;
      // A port in use, a file that cannot be opened: for the user, not a defect with a stack.
      io.writeError(`${error.message}\n`);
      return 1;
    }
    const { studio, demanded } = started;
    io.write(banner(studio, demanded));
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

interface StudioArguments extends StudioOptions {
  readonly shouldOpen: boolean;
  readonly ownKeys: "when-needed" | "new" | "none";
}

function readArguments(args: readonly string[]): StudioArguments {
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
    ownKeys: ownKeysOf(values),
  };
}

function ownKeysOf(values: ReturnType<typeof parseValues>): StudioArguments["ownKeys"] {
  const [isNew, isNone] = [values["new-keys"], values["no-keys"]];
  if (isNew && isNone) throw new UsageError("Expected --new-keys or --no-keys, got both");
  if (isNew) return "new";
  return isNone ? "none" : "when-needed";
}

/** The keys of the command line, else of the environment, and what both are called there. */
function readKeys({ publicKey, secretKey }: StudioOptions): {
  readonly names: OptionNames;
  readonly keys: Pick<StudioOptions, "publicKey" | "secretKey">;
} {
  if (publicKey || secretKey) return { names: FLAG_NAMES, keys: { publicKey, secretKey } };
  const keys = {
    publicKey: process.env[STUDIO_VARIABLES.publicKey],
    secretKey: process.env[STUDIO_VARIABLES.secretKey],
  };
  const isGiven = Boolean(keys.publicKey || keys.secretKey);
  const { publicKey: publicName, secretKey: secretName } = STUDIO_VARIABLES;
  const variableNames = { ...FLAG_NAMES, publicKey: publicName, secretKey: secretName };
  return { names: isGiven ? variableNames : FLAG_NAMES, keys };
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
  "new-keys": { type: "boolean" },
  "no-keys": { type: "boolean" },
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
function banner(studio: Studio, demanded: DemandedKeys): string {
  const { publicKey, secretKey, notes } = shownKeys(demanded, studio.host);
  return `Playhead studio  ${studio.url}
Stored in        ${studio.db}

Point an application at it:

  LANGFUSE_BASE_URL=${studio.url}
  LANGFUSE_PUBLIC_KEY=${publicKey}
  LANGFUSE_SECRET_KEY=${secretKey}

${notes}${isLoopbackHost(studio.host) ? "" : BEYOND_LOOPBACK}Ctrl-C stops it.
`;
}

const BEYOND_LOOPBACK = `Others reach it by the name or address of this machine, in place of the one above.
It speaks plain HTTP: where you do not trust the network, put a proxy with TLS before it.

`;

function shownKeys(
  demanded: DemandedKeys,
  host: string,
): {
  readonly publicKey: string;
  readonly secretKey: string;
  /** Ends with an empty line, if there are any. */
  readonly notes: string;
} {
  switch (demanded.origin) {
    case "none":
      return { publicKey: "pk-lf-local", secretKey: "sk-lf-local", notes: "" };
    case "given":
      return {
        publicKey: "<the public key you gave>",
        secretKey: "<the secret key you gave>",
        notes: "Sign in on the page with the secret key.\n\n",
      };
    case "kept":
      return {
        publicKey: demanded.publicKey,
        secretKey: "<printed when it was made>",
        notes:
          "Sign in on the page with the secret key. If it is lost, --new-keys makes another pair" +
          `${isLoopbackHost(host) ? "; --no-keys opens the studio to all of this machine" : ""}.\n\n`,
      };
    case "new":
      return {
        publicKey: demanded.publicKey,
        secretKey: demanded.secretKey,
        notes:
          "Keep the secret key: it is shown this once, and only its hash is stored. " +
          "Sign in on the page with it.\n\n",
      };
  }
}
