import { runCli } from "../../src/cli/run-cli";
import type { Ended } from "./run-playhead";

/** Runs `playhead` in this process, with its environment and no terminal, until it ends. */
export async function runHere(...args: readonly string[]): Promise<Ended> {
  let [output, errors] = ["", ""];
  const code = await runCli(args, {
    write: (text) => {
      output += text;
    },
    writeError: (text) => {
      errors += text;
    },
    untilStopped: () => new Promise(() => {}),
  });
  return { code, output, errors };
}
