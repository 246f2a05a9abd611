import type { Command } from "./command";
import { importFilesCommand } from "./import-files";
import { importFromCommand } from "./import-from";

/** Sessions come from files, or with `--from` from a Langfuse project: two forms of one command. */
export const importCommand: Command = {
  help: `${importFilesCommand.help}
${importFromCommand.help}`,
  run(args, io) {
    const isFromServer = args.some((arg) => arg === "--from" || arg.startsWith("--from="));
    return (isFromServer ? importFromCommand : importFilesCommand).run(args, io);
  },
};
