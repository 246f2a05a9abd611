import { createReadEndpoint } from "../client/endpoint";
import { createSessions, detectSessionApi } from "../sessions/create-sessions";
import type { SessionDetail } from "../studio/api/types";
import { type Command, type CommandIo, UsageError } from "./command";
import { ENDPOINT_FLAGS, ENDPOINT_HELP, endpointConfig } from "./endpoint-flags";
import { followSession } from "./follow-session";
import { onePositional, parseFlags } from "./parse-flags";
import { replayCues } from "./replay-cues";
import { renderHead, renderTranscript, renderTurnAt, type TranscriptOptions } from "./transcript";

/** Of a file or pipe. */
const PLAIN_COLUMNS = 100;
const MAX_SPEED = 1_000;

export const showCommand: Command = {
  help: `Usage: playhead show <session id> [options]

Prints a session turn by turn. With --speed it replays it as it happened: questions when they were
asked, answers at the pace they were streamed. Silence between turns takes two seconds at most.

Options:
  --speed <number>      Replay, so many times as fast as it was: 1, 4, 0.5 (0.1 to ${MAX_SPEED})
  --follow              Go on live: print turns as they arrive, until Ctrl-C. Waits for a session
                        that does not exist yet. Needs the studio
${ENDPOINT_HELP}
  --json                Print JSON: { session, turns, scores }; with --follow one line per turn,
                        again when more of it has arrived
  --help                Print this text

Examples:
  playhead show chat-1
  playhead show chat-1 --speed 4
  playhead show chat-1 --follow --json | jq -r .output

Exit code: 0 when the session was shown, or was followed until Ctrl-C, 1 when there is none or it
could not be read, 2 when the command was not understood.
`,
  async run(args, io) {
    const { values, positionals } = parseFlags(args, FLAGS);
    const id = onePositional(positionals, "the id of one session");
    const speed = speedOf(values.speed);
    const { json = false, follow = false } = values;
    if (json && speed !== undefined) {
      throw new UsageError("Expected --json or --speed, got both: JSON is not replayed");
    }
    const [target] = endpointConfig(values).targets;
    const endpoint = createReadEndpoint(target);
    const sessions = createSessions(endpoint);
    io.showProgress?.(`Reading the session from ${target.baseUrl} …`);
    const detail = await sessions.get(id);
    if (follow && (await detectSessionApi(endpoint)) !== "studio") {
      io.showProgress?.("");
      io.writeError(
        `Expected the studio at ${target.baseUrl}, whose events --follow needs, got a Langfuse server. Leave --follow out, or send the traces to the studio, too.\n`,
      );
      return 1;
    }
    io.showProgress?.("");
    if (detail === undefined && !follow) {
      io.writeError(
        `No session "${id}" at ${target.baseUrl}. Run playhead sessions for those there are.\n`,
      );
      return 1;
    }
    const options = { columns: io.columns ?? PLAIN_COLUMNS, colors: io.colors ?? false };
    if (!follow && speed === undefined) {
      if (detail === undefined) return 1;
      io.write(json ? `${JSON.stringify(detail, null, 2)}\n` : renderTranscript(detail, options));
      return 0;
    }
    const stopped = io.untilStopped();
    const shown = new Shown(io, options, json);
    if (detail !== undefined && speed !== undefined) {
      const isWhole = await play(detail, { speed, options, io, stopped });
      if (!isWhole || !follow) return 0;
      shown.markShown(detail);
    }
    if (detail === undefined) io.writeError(`Waiting for the session "${id}" …\n`);
    await followSession({
      endpoint,
      sessionId: id,
      read: () => sessions.get(id),
      onSession: (now) => now !== undefined && shown.show(now),
      onState: (state) =>
        io.showProgress?.(
          state === "live" ? "" : `No answer from ${target.baseUrl}; trying again …`,
        ),
      stopped,
    });
    return 0;
  },
};

const FLAGS = {
  speed: { type: "string" },
  follow: { type: "boolean" },
  json: { type: "boolean" },
  ...ENDPOINT_FLAGS,
} as const;

function speedOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const speed = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && speed >= 0.1 && speed <= MAX_SPEED) return speed;
  throw new UsageError(`Expected --speed from 0.1 to ${MAX_SPEED}, got "${text}"`);
}

/** What was printed of a session that is followed. */
class Shown {
  readonly #io: CommandIo;
  readonly #options: TranscriptOptions;
  readonly #isJson: boolean;
  /** By trace id, each turn as it was. */
  readonly #turns = new Map<string, string>();

  constructor(io: CommandIo, options: TranscriptOptions, isJson: boolean) {
    this.#io = io;
    this.#options = options;
    this.#isJson = isJson;
  }

  markShown({ turns }: SessionDetail): void {
    for (const turn of turns) this.#turns.set(turn.traceId, JSON.stringify(turn));
  }

  /** Prints the turns that are new, and those that have changed. */
  show(detail: SessionDetail): void {
    if (this.#turns.size === 0 && !this.#isJson) {
      this.#io.write(renderHead(detail, this.#options));
    }
    for (const [index, turn] of detail.turns.entries()) {
      const before = this.#turns.get(turn.traceId);
      const now = JSON.stringify(turn);
      if (before === now) continue;
      this.#turns.set(turn.traceId, now);
      if (this.#isJson) {
        this.#io.write(`${now}\n`);
        continue;
      }
      if (before !== undefined) this.#io.write(`\n  … more of turn ${index + 1} has arrived …\n`);
      this.#io.write(renderTurnAt(detail.turns, index, this.#options));
    }
  }
}

interface PlayOptions {
  readonly speed: number;
  readonly options: TranscriptOptions;
  readonly io: CommandIo;
  readonly stopped: Promise<void>;
}

/** @returns false when the user stopped it */
async function play(
  detail: SessionDetail,
  { speed, options, io, stopped }: PlayOptions,
): Promise<boolean> {
  const startedAt = performance.now();
  for (const { atMs, text } of replayCues(detail, options)) {
    const waitMs = atMs / speed - (performance.now() - startedAt);
    if (waitMs > 0 && (await isStoppedWithin(waitMs, stopped))) {
      io.write("\n");
      return false;
    }
    io.write(text);
  }
  return true;
}

async function isStoppedWithin(waitMs: number, stopped: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const isOver = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), waitMs);
  });
  const isStopped = await Promise.race([isOver, stopped.then(() => true as const)]);
  clearTimeout(timer);
  return isStopped;
}
