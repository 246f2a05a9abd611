import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

type Environment = Readonly<Record<string, string>>;

export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** The environment of the tests without what would change what is printed, or where it is read. */
function cleanEnvironment(more: Environment): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(LANGFUSE_|PLAYHEAD_|NO_COLOR$|FORCE_COLOR$|CI$|NODE_ENV$)/.test(name),
  );
  return { ...Object.fromEntries(kept), TERM: "xterm-256color", TZ: "UTC", ...more };
}

/** Runs the built `playhead` to its end, its output a pipe. */
export async function runPlayhead(
  args: readonly string[],
  environment: Environment = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [CLI, ...args], { env: cleanEnvironment(environment) });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const [code] = await once(child, "close");
  return { code, output, errors };
}

export interface Terminal {
  /** All that stood on the terminal so far, escape sequences included. */
  readonly text: string;
  /** Waits until the terminal shows the text. @throws when the program ends, or ten seconds pass, before it does */
  until(text: string): Promise<void>;
  /** Presses keys: `"\u0003"` is Ctrl-C. */
  press(keys: string): void;
  /** Waits for the end. */
  ended(): Promise<number | null>;
}

const WAIT_MS = 10_000;
export const CTRL_C = "\u0003";

/**
 * Runs the built `playhead` in a pseudo-terminal of 100 columns, which `script` of util-linux makes:
 * it is part of every Debian.
 */
export function openTerminal(args: readonly string[], environment: Environment = {}): Terminal {
  const quoted = [process.execPath, CLI, ...args].map((one) => `'${one.replaceAll("'", "'\\''")}'`);
  const command = `stty cols 100 rows 50; exec ${quoted.join(" ")}`;
  const child: ChildProcess = spawn("script", ["-qefc", command, "/dev/null"], {
    env: cleanEnvironment(environment),
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const hasEnded = once(child, "close");
  let text = "";
  child.stdout?.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
  });
  return {
    get text() {
      return text;
    },
    async until(wanted) {
      const deadlineAt = performance.now() + WAIT_MS;
      while (!text.includes(wanted)) {
        if (child.exitCode !== null || performance.now() > deadlineAt) {
          throw new Error(`Expected "${wanted}" on the terminal, got:\n${text}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    press: (keys) => void child.stdin?.write(keys),
    async ended() {
      const [code] = await hasEnded;
      return code;
    },
  };
}
