import { PlayheadError } from "../diagnostics/errors";
import { printableLine } from "../diagnostics/printable-text";
import type {
  HandoverCounts,
  HandoverEvent,
  HandoverOutcome,
  HandoverProgress,
  HandoverRequest,
} from "../studio/api/handover-types";
import { readHandoverEvents } from "../studio/handover/read-events";
import { askStudio, brokenOff, messageOf } from "./ask-studio";
import { type CommandIo, UsageError } from "./command";
import { endpointConfig } from "./endpoint-flags";
import { readStudioAddress, type StudioAddress } from "./studio-address";

export interface PushSessionFlags {
  readonly session: string;
  readonly to?: string | undefined;
  readonly "to-public-key"?: string | undefined;
  readonly "to-secret-key"?: string | undefined;
  readonly from?: string | undefined;
  readonly json?: boolean | undefined;
}

const KEYS_ADVICE =
  "Give --to-public-key and --to-secret-key, or set LANGFUSE_BASE_URL to this address: keys of the environment go nowhere else.";

/**
 * Has the studio send a session somewhere else, and shows how far it is.
 * @returns the exit code
 * @throws (rejects) UsageError, PlayheadError where nothing can be sent
 */
export async function pushSession(flags: PushSessionFlags, io: CommandIo): Promise<number> {
  const { session: sessionId, to, from, json = false } = flags;
  if (sessionId === "") throw new UsageError('Expected --session with an id, got ""');
  if (!to) throw new UsageError("Expected --to with the address of a server, got none");
  const [target] = endpointConfig(
    { url: to, "public-key": flags["to-public-key"], "secret-key": flags["to-secret-key"] },
    process.env,
    { baseUrl: "--to", publicKey: "--to-public-key", secretKey: "--to-secret-key" },
  ).targets;
  const studio = readStudioAddress({ baseUrl: from }, { baseUrl: "--from" });
  const { publicKey, secretKey } = target;
  if ((publicKey === undefined) !== (secretKey === undefined)) {
    const missing = publicKey === undefined ? "--to-public-key" : "--to-secret-key";
    throw new UsageError(`Expected both keys of ${to}, or none: ${missing} is missing`);
  }
  const stop = new AbortController();
  void io.untilStopped().then(() => stop.abort());
  io.showProgress?.(`Asking ${to} …`);
  const request = { sessionId, to, publicKey, secretKey };
  const last = await follow(await ask(studio, request, stop.signal), stop.signal, (progress) =>
    io.showProgress?.(describeProgress(progress)),
  );
  io.showProgress?.("");
  if (last === undefined) {
    if (!stop.signal.aborted) throw brokenOff(studio);
    io.writeError("Stopped. Push it again to go on: nothing is doubled.\n");
    return 1;
  }
  if (last.type === "failure") {
    const isKeyless = last.code === "ENDPOINT_REFUSED" && secretKey === undefined;
    const words = printableLine(last.message);
    throw new PlayheadError(last.code, isKeyless ? `${words} ${KEYS_ADVICE}` : words);
  }
  io.write(json ? `${JSON.stringify(last, null, 2)}\n` : describeOutcome(last, studio));
  return last.isComplete ? 0 : 1;
}

/**
 * @returns undefined where it was stopped
 * @throws (rejects) UsageError, PlayheadError
 */
async function ask(
  studio: StudioAddress,
  request: HandoverRequest,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array> | undefined> {
  let response: Response;
  try {
    response = await askStudio(studio, "/api/studio/handover", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(request),
      signal,
    });
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
  const { status, body } = response;
  if (status === 200 && body !== null) return body;
  const message = await messageOf(response);
  if (status === 400 && message !== null) throw new UsageError(message);
  const isSessionMissing = status === 404 && message?.startsWith("No session") === true;
  throw new PlayheadError(
    "ENDPOINT_UNEXPECTED",
    isSessionMissing
      ? `No session ${JSON.stringify(request.sessionId)} in the studio at ${studio.url}. playhead sessions lists those there are.`
      : `Expected a studio of this version at ${studio.url}, got HTTP ${status}.`,
  );
}

/** @returns the last line, undefined where the answer ends without one */
async function follow(
  body: ReadableStream<Uint8Array> | undefined,
  signal: AbortSignal,
  onProgress: (progress: HandoverProgress) => void,
): Promise<Exclude<HandoverEvent, HandoverProgress> | undefined> {
  let last: Exclude<HandoverEvent, HandoverProgress> | undefined;
  if (body === undefined) return last;
  try {
    for await (const event of readHandoverEvents(body)) {
      if (event.type === "progress") onProgress(event);
      else last = event;
    }
  } catch (error) {
    // The connection broke, or the user has stopped it: `fetch` says the former with a TypeError.
    if (!signal.aborted && !(error instanceof TypeError)) throw error;
  }
  return last;
}

const BAR_CELLS = 24;

/** `observations  ━━━━━━────────  120 of 500` */
function describeProgress({ step, doneCount, count, trouble }: HandoverProgress): string {
  const full = count === 0 ? BAR_CELLS : Math.round((doneCount / count) * BAR_CELLS);
  const bar = "━".repeat(full) + "─".repeat(BAR_CELLS - full);
  const again = trouble === null ? "" : `  ${trouble}, trying again`;
  return `${step.padEnd(12)}  ${bar}  ${doneCount} of ${count}${again}`;
}

function describeOutcome(outcome: HandoverOutcome, { url }: StudioAddress): string {
  const { sessionId, to, project, isComplete, observations, scores, files } = outcome;
  const counts = [
    ["observations", observations],
    ["scores", scores],
    ["files", files],
  ] as const;
  const lines = [
    `From  ${printableLine(sessionId)}, ${url}`,
    `To    ${printableLine(to)}${project === null ? "" : `, project ${printableLine(project)}`}`,
    "",
    `traces        ${outcome.traceCount}`,
    ...counts
      .filter(([, { found }]) => found > 0)
      .map(([name, one]) => `${name.padEnd(12)}  ${describeCounts(one)}`),
    ...withGap(outcome.notes),
    ...withGap(outcome.problems),
    "",
    isComplete ? "All sent." : "Not all sent.",
  ];
  return `${lines.join("\n")}\n`;
}

function describeCounts({ found, sent, refused, left }: HandoverCounts): string {
  const parts = [`${found} found`, `${sent} sent`];
  if (refused > 0) parts.push(`${refused} refused`);
  if (left > 0) parts.push(`${left} not sent`);
  return parts.join(", ");
}

function withGap(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", ...lines.map(printableLine)];
}
