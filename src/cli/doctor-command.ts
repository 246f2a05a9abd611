import { printableLine } from "../diagnostics/printable-text";
import { type Command, type CommandIo, UsageError } from "./command";
import { examine } from "./doctor/examine";
import type { Finding } from "./doctor/finding";
import { ENDPOINT_FLAGS, ENDPOINT_HELP, endpointConfig } from "./endpoint-flags";
import { noPositionals, parseFlags } from "./parse-flags";
import { createPaint, type Style } from "./transcript-style";
import { wrapText } from "./transcript-text";

/** For one request, in milliseconds. */
const REQUEST_TIMEOUT_MS = 10_000;
const DEFAULT_READ_TIMEOUT_S = 15;
const MAX_WIDTH = 100;

export const doctorCommand: Command = {
  help: `Usage: playhead doctor [options]

Checks whether traces from here arrive: settings, address, version, clock and keys; sends one test
trace ("playhead doctor"), reads it back, and says what is wrong and what to do.

Options:
${ENDPOINT_HELP}
  --timeout <seconds>   Longest wait for the test trace to be readable, 1 to 600 (default ${DEFAULT_READ_TIMEOUT_S})
  --json                Print JSON: { endpoint, isHealthy, findings }
  --help                Print this text

Examples:
  playhead doctor
  playhead doctor --url https://cloud.langfuse.com --public-key pk-lf-… --secret-key sk-lf-…
  playhead doctor --json | jq '.findings[] | select(.status == "failed")'

Exit code: 0 when traces arrive, 1 when something is wrong, 2 when the command was not understood.
`,
  async run(args, io) {
    const { values, positionals } = parseFlags(args, FLAGS);
    noPositionals(positionals);
    const { json = false } = values;
    const readTimeoutMs = secondsOf(values.timeout) * 1_000;
    const config = endpointConfig(values);
    const findings: Finding[] = [];
    const options = { config, timeoutMs: REQUEST_TIMEOUT_MS, readTimeoutMs, nowMs: Date.now };
    io.showProgress?.("Checking …");
    for await (const finding of examine(options)) {
      findings.push(finding);
      io.showProgress?.("");
      if (!json) io.write(describe(finding, io));
      io.showProgress?.("Checking …");
    }
    io.showProgress?.("");
    const isHealthy = !findings.some(({ status }) => status === "failed");
    if (json) {
      const endpoint = config.targets[0].baseUrl;
      io.write(`${JSON.stringify({ endpoint, isHealthy, findings }, null, 2)}\n`);
    } else {
      io.write(
        isHealthy
          ? "\nTraces from here arrive.\n"
          : "\nTraces from here do not arrive as they should.\n",
      );
    }
    return isHealthy ? 0 : 1;
  },
};

const FLAGS = {
  timeout: { type: "string" },
  json: { type: "boolean" },
  ...ENDPOINT_FLAGS,
} as const;

function secondsOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_READ_TIMEOUT_S;
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds >= 1 && seconds <= 600) return seconds;
  throw new UsageError(`Expected --timeout from 1 to 600 seconds, got "${text}"`);
}

const SIGNS: Readonly<Record<Finding["status"], readonly [sign: string, style: Style]>> = {
  ok: ["✓", "green"],
  warning: ["!", "yellow"],
  failed: ["✗", "red"],
  skipped: ["–", "dim"],
};
const NAME_WIDTH = 10;

/** One line, and below it what to do. */
function describe({ check, status, message, advice }: Finding, io: CommandIo): string {
  const paint = createPaint(io.colors ?? false);
  const [sign, style] = SIGNS[status];
  const indent = " ".repeat(NAME_WIDTH + 2);
  // A script finds each check on one line; on a terminal it is broken where it is wider.
  const room =
    io.columns === undefined ? undefined : Math.min(MAX_WIDTH, io.columns) - NAME_WIDTH - 2;
  const wrap = (text: string): readonly string[] =>
    room === undefined ? [printableLine(text)] : wrapText(printableLine(text), Math.max(30, room));
  const [first = "", ...more] = wrap(message);
  const lines = [
    `${paint(style, sign)} ${check.padEnd(NAME_WIDTH)}${first}`,
    ...more.map((line) => indent + line),
    ...(advice === undefined
      ? []
      : wrap(`→ ${advice}`).map((line) => indent + paint("bold", line))),
  ];
  return `${lines.join("\n")}\n`;
}
