import { resolve } from "node:path";
import { type ResolvedConfig, resolveConfig } from "../config/resolve";
import { SPOOL_DEFAULTS } from "../config/schema";
import { createDiagnostics } from "../diagnostics/logger";
import { counted } from "../studio/conversation/format";
import { type Command, type CommandIo, UsageError } from "./command";
import { noPositionals, parseFlags } from "./parse-flags";
import { type PushedFolder, type PushedSignal, pushFolder } from "./push-folder";
import { pushSession } from "./push-session";
import { findTargetFolders } from "./spool-folders";
import { STUDIO_KEY_VARIABLES, STUDIO_URL_DEFAULT } from "./studio-address";

export const pushCommand: Command = {
  help: `Usage: playhead push [--dir <folder>] [options]
       playhead push --session <id> --to <address> [options]

Without --session: sends what a spool keeps on disk, traces that never reached their endpoint, to the
one that LANGFUSE_BASE_URL, LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY name, whichever endpoint they
were meant for. What cannot be sent stays. Files of a process that is alive are left to it.

With --session: has the studio send a session that it keeps, with all traces, observations, scores and
files, to another Langfuse-compatible server or OTLP endpoint. The session stays in the studio. Ids and
times stay what they are: a second time, or going on after it broke off, doubles nothing.

Options:
  --dir <folder>         A spool, or a part of one; may come from another machine (default PLAYHEAD_SPOOL_DIR, or ${SPOOL_DEFAULTS.dir})
  --force                Take files of other machines at once: only when their processes have ended.
                         Without it they are taken when nobody touched them for ten minutes

  --session <id>         A session of the studio
  --to <address>         A Langfuse, a studio, or an endpoint for OpenTelemetry's traces
  --to-public-key <key>  Its keys (default LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY, where
  --to-secret-key <key>  LANGFUSE_BASE_URL is not another address)
  --from <address>       The studio (${STUDIO_URL_DEFAULT}), its keys from
                         ${STUDIO_KEY_VARIABLES}

  --json                 Print the outcome as JSON
  --help                 Print this text

Examples:
  playhead push
  playhead push --session chat-1 --to https://cloud.langfuse.com
  playhead push --session chat-1 --to http://localhost:4318 --json

Exit code: 0 when all that was found is delivered, 1 when something is refused, damaged or left,
2 when the command was not understood. Scores and files that an endpoint for OpenTelemetry has no place
for are named, and change no exit code.
`,
  async run(args, io) {
    const { dir: given, force = false, json = false, ...ofSession } = readArguments(args);
    if (ofSession.session !== undefined) {
      return pushSession({ ...ofSession, session: ofSession.session, json }, io);
    }
    // Whoever pushes by hand means to send, also where tracing is switched off.
    const config = resolveConfig({ enabled: true }, process.env);
    const dir = given ?? config.spool?.dir ?? SPOOL_DEFAULTS.dir;
    const found = findTargetFolders(dir);
    if (found === undefined && given !== undefined) {
      throw new UsageError(`Expected --dir to be a folder that can be read, got "${given}"`);
    }
    const logger = createLogger(io);
    const diagnostics = createDiagnostics(logger, config.logLevel);
    for (const notice of config.notices) diagnostics.warn(notice);
    const stop = { isAsked: false };
    const stopped =
      found === undefined || found.length === 0
        ? Promise.resolve()
        : io.untilStopped().then(() => {
            stop.isAsked = true;
          });
    const folders: PushedFolder[] = [];
    for (const folder of found ?? []) {
      if (stop.isAsked) break;
      const pushed = await pushFolder(folder, {
        config,
        isForced: force,
        diagnostics,
        stopped,
        onProgress: (settled, all) => io.showProgress?.(`${folder.name}  ${settled} of ${all}`),
      });
      io.showProgress?.("");
      if (hasContent(pushed)) folders.push(pushed);
    }
    const isAllDelivered = !stop.isAsked && folders.every(isDelivered);
    const outcome = { dir: resolve(dir), endpoint: endpointOf(config), isAllDelivered, folders };
    io.write(json ? `${JSON.stringify(outcome, null, 2)}\n` : describeOutcome(outcome));
    return isAllDelivered ? 0 : 1;
  },
};

interface Outcome {
  readonly dir: string;
  readonly endpoint: string;
  readonly isAllDelivered: boolean;
  readonly folders: readonly PushedFolder[];
}

const FLAGS = {
  dir: { type: "string" },
  force: { type: "boolean" },
  session: { type: "string" },
  to: { type: "string" },
  "to-public-key": { type: "string" },
  "to-secret-key": { type: "string" },
  from: { type: "string" },
  json: { type: "boolean" },
} as const;

type Values = ReturnType<typeof parseFlags<typeof FLAGS>>["values"];

const OF_SPOOLS = ["dir", "force"] as const;
const OF_SESSIONS = ["to", "to-public-key", "to-secret-key", "from"] as const;

function readArguments(args: readonly string[]): Values {
  const { values, positionals } = parseFlags(args, FLAGS);
  noPositionals(positionals);
  if (values.dir === "") throw new UsageError(`Expected --dir to be a folder, got ""`);
  const isOfSession = values.session !== undefined;
  const odd = (isOfSession ? OF_SPOOLS : OF_SESSIONS).find((flag) => values[flag] !== undefined);
  if (odd === undefined) return values;
  throw new UsageError(
    isOfSession
      ? `Expected --session without --${odd}, which is for spools, got both`
      : `Expected --session with the id of a session together with --${odd}, got none`,
  );
}

/** Warnings go to the error output, so that the output is the outcome alone. */
function createLogger(io: CommandIo): Parameters<typeof createDiagnostics>[0] {
  const write = (text: string): void => {
    io.showProgress?.("");
    io.writeError(`${text}\n`);
  };
  return { debug: write, info: write, warn: write, error: write };
}

/** Without credentials and query. */
function endpointOf({ targets }: ResolvedConfig): string {
  const { origin, pathname } = new URL(targets[0].tracesUrl);
  return origin + pathname;
}

function hasContent({ spans, scores, inUse, leftFileCount }: PushedFolder): boolean {
  return spans.found + scores.found + inUse.length + leftFileCount > 0;
}

/** What a process of this machine uses it delivers itself. */
function isDelivered({ spans, scores, inUse, leftFileCount }: PushedFolder): boolean {
  const isAll = ({ found, delivered }: PushedSignal): boolean => found === delivered;
  return isAll(spans) && isAll(scores) && leftFileCount === 0 && inUse.every((use) => use.isHere);
}

function describeOutcome({ dir, endpoint, isAllDelivered, folders }: Outcome): string {
  if (folders.length === 0) return `Nothing to send in ${dir}.\n`;
  const lines = folders.flatMap(describeFolder).map((line) => `${line}\n`);
  const end = isAllDelivered ? "All delivered." : "Not all delivered.";
  return `From  ${dir}\nTo    ${endpoint}\n\n${lines.join("")}\n${end}\n`;
}

function describeFolder(folder: PushedFolder): string[] {
  const { name, spans, scores, inUse, leftFileCount, lastError } = folder;
  const lines = [name];
  if (spans.found > 0) lines.push(`  spans   ${describeSignal(spans)}`);
  if (scores.found > 0) lines.push(`  scores  ${describeSignal(scores)}`);
  if (lastError !== undefined) lines.push(`  ${lastError}`);
  for (const { pid, isHere, fileCount, byteLength } of inUse) {
    const whose = isHere
      ? `process ${pid}, which is alive, and left to it`
      : `process ${pid} of another machine, touched in the last ten minutes; left alone (see --force)`;
    lines.push(`  ${counted(fileCount, "file")} (${counted(byteLength, "byte")}) of ${whose}`);
  }
  if (leftFileCount > 0) lines.push(`  ${counted(leftFileCount, "file")} left`);
  return lines;
}

function describeSignal({ found, delivered, rejected, lost, left }: PushedSignal): string {
  const parts = [`${found} found`, `${delivered} delivered`];
  if (rejected > 0) parts.push(`${rejected} refused`);
  if (lost > 0) parts.push(`${lost} damaged`);
  if (left > 0) parts.push(`${left} left`);
  return parts.join(", ");
}
