/** One subcommand of `playhead`. */
export interface Command {
  /** The whole help text, ending with a newline. */
  readonly help: string;
  /**
   * Runs to its end.
   * @returns the exit code: 0 done, 1 failed
   * @throws UsageError for arguments it does not understand
   */
  run(args: readonly string[], io: CommandIo): Promise<number>;
}

/** The world a command lives in, handed in so that a test can watch it. */
export interface CommandIo {
  write(text: string): void;
  writeError(text: string): void;
  /** Width of the terminal that is written to, in cells; absent where it is none. */
  readonly columns?: number;
  /** Whether what is written may be coloured. */
  readonly colors?: boolean;
  /**
   * Shows a line in place of the one shown before, "" for none; absent where nobody watches. Whatever
   * it holds is made printable.
   */
  showProgress?(line: string): void;
  /** Resolves when the user asks to stop: Ctrl-C, or SIGTERM. */
  untilStopped(): Promise<void>;
}

/** The command line was not understood: exit code 2. The message says what was expected. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
