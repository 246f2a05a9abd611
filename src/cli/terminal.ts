import { printableText } from "../diagnostics/printable-text";
import type { CommandIo } from "./command";
import { fitText } from "./transcript-text";

type Stream = Pick<NodeJS.WriteStream, "isTTY" | "columns" | "hasColors">;

/**
 * What the output is: a terminal with its width, or a file or pipe; and whether it takes colours.
 * `NO_COLOR` beats all else, then `FORCE_COLOR`, `0` and `false` of which mean none.
 * Spec: https://no-color.org, https://force-color.org
 */
export function describeOutput(
  stream: Stream,
  environment: Readonly<Record<string, string | undefined>>,
): Pick<CommandIo, "columns" | "colors"> {
  const isTerminal = stream.isTTY === true;
  const { NO_COLOR: none, FORCE_COLOR: forced, TERM: kind } = environment;
  const isAble = isTerminal && kind !== "dumb" && stream.hasColors();
  const colors = none ? false : forced ? !/^(0|false)$/i.test(forced) : isAble;
  return { colors, ...(isTerminal ? { columns: stream.columns || 80 } : {}) };
}

/**
 * What puts a line in the place of the one shown before. It stays on one line of the terminal, since
 * only the last one can be taken away.
 */
export function progressLine(line: string, columns: number | undefined): string {
  const shown = printableText(line).replaceAll("\n", " ");
  return `\r\u001b[K${fitText(shown, (columns || 80) - 1)}`;
}
