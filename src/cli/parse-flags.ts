import type { ParseArgsConfig } from "node:util";
import { UsageError } from "./command";

/**
 * Runs `parseArgs` of `node:util` on the arguments of a command.
 * @param parse - calls it, so that the type of its result stays the one of the flags
 * @throws UsageError that names the flags, for arguments that do not fit
 */
export function parseFlags<Result>(
  args: readonly string[],
  flags: NonNullable<ParseArgsConfig["options"]>,
  parse: (config: { readonly args: string[] }) => Result,
): Result {
  try {
    return parse({ args: [...args] });
  } catch (error) {
    // parseArgs throws only for arguments that do not fit; its first sentence says which.
    const [came] = (error instanceof Error ? error.message : String(error)).split(". ");
    const expected = Object.keys(flags).map((flag) => `--${flag}`);
    throw new UsageError(`Expected ${expected.join(", ")}, got something else: ${came}`, {
      cause: error,
    });
  }
}
