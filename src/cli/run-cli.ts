import { version } from "../../package.json";
import { PlayheadError } from "../diagnostics/errors";
import { printableText } from "../diagnostics/printable-text";
import { type Command, type CommandIo, UsageError } from "./command";

interface CommandEntry {
  /** One line for the list of commands. */
  readonly summary: string;
  /** Loads the command when it is called for: `playhead --version` reads no server. */
  load(): Promise<Command>;
}

const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  studio: {
    summary: "Start the local endpoint and its page",
    load: async () => (await import("./studio-command")).studioCommand,
  },
  sessions: {
    summary: "List sessions",
    load: async () => (await import("./sessions-command")).sessionsCommand,
  },
  show: {
    summary: "Print a session, replay it, or follow it live",
    load: async () => (await import("./show-command")).showCommand,
  },
  doctor: {
    summary: "Check keys, address, clock and the way of a trace",
    load: async () => (await import("./doctor-command")).doctorCommand,
  },
  export: {
    summary: "Write a session of a studio to a file",
    load: async () => (await import("./export-command")).exportCommand,
  },
  import: {
    summary: "Bring sessions from files, or of a Langfuse project, into the studio",
    load: async () => (await import("./import-command")).importCommand,
  },
  push: {
    summary: "Send a session of the studio, or what a spool keeps on disk",
    load: async () => (await import("./push-command")).pushCommand,
  },
};

/**
 * The whole program, up to its exit code: 0 done, 1 failed, 2 not understood.
 * @param args - without the runtime and the script
 */
export async function runCli(args: readonly string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = args;
  if (name === "--version" || name === "-v") {
    io.write(`${version}\n`);
    return 0;
  }
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    io.write(usage());
    return name === undefined ? 2 : 0;
  }
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (entry === undefined) {
    const expected = Object.keys(COMMANDS).join(", ");
    io.writeError(
      `Expected a command (${expected}), got "${name}".\nRun playhead --help for the list.\n`,
    );
    return 2;
  }
  const command = await entry.load();
  if (rest.includes("--help") || rest.includes("-h")) {
    io.write(command.help);
    return 0;
  }
  try {
    return await command.run(rest, io);
  } catch (error) {
    io.showProgress?.("");
    if (error instanceof PlayheadError) {
      io.writeError(`${printableText(error.message)}\n`);
      return 1;
    }
    if (!(error instanceof UsageError)) throw error;
    io.writeError(
      `${printableText(error.message)}\nRun playhead ${name} --help for what it takes.\n`,
    );
    return 2;
  }
}

function usage(): string {
  const lines = Object.entries(COMMANDS).map(
    ([name, { summary }]) => `  ${name.padEnd(12)}${summary}\n`,
  );
  return `Usage: playhead <command> [options]

Commands:
${lines.join("")}
Options:
  --help      Print this text, or with a command what it takes
  --version   Print the version
`;
}
