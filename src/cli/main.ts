#!/usr/bin/env node
import { runCli } from "./run-cli";
import { describeOutput, progressLine } from "./terminal";

// `playhead sessions | head` has read enough; what comes after it is for nobody.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

process.exitCode = await runCli(process.argv.slice(2), {
  write: (text) => void process.stdout.write(text),
  writeError: (text) => void process.stderr.write(text),
  ...describeOutput(process.stdout, process.env),
  ...(process.stderr.isTTY
    ? {
        showProgress: (line: string) =>
          void process.stderr.write(progressLine(line, process.stderr.columns)),
      }
    : {}),
  untilStopped: () =>
    new Promise((resolve) => {
      // A second Ctrl-C finds no listener any more and ends the process at once.
      const stop = (): void => {
        process.off("SIGINT", stop).off("SIGTERM", stop);
        resolve();
      };
      process.on("SIGINT", stop).on("SIGTERM", stop);
    }),
});
