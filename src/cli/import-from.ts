import { createReadEndpoint } from "../client/endpoint";
import { PlayheadError } from "../diagnostics/errors";
import { printableLine } from "../diagnostics/printable-text";
import { openSource } from "../sessions/create-sessions";
import { counted } from "../studio/conversation/format";
import { type CommandIo, UsageError } from "./command";
import { endpointConfig } from "./endpoint-flags";
import { type DeliveredSession, deliverSession } from "./import/deliver-session";
import { Failures } from "./import/failures";
import { parseSince } from "./parse-flags";
import type { StudioAddress } from "./studio-address";

/** As the user gave them, but for the studio. */
export interface ImportFromOptions {
  readonly from: string;
  readonly "from-public-key"?: string | undefined;
  readonly "from-secret-key"?: string | undefined;
  readonly session?: string | undefined;
  readonly since?: string | undefined;
  readonly user?: string | undefined;
  readonly limit?: string | undefined;
  /** The outcome is printed as JSON. */
  readonly json: boolean;
  /** Where the sessions go. */
  readonly studio: StudioAddress;
}

/**
 * Brings sessions of a Langfuse project into the studio, and shows how far it is.
 * @returns the exit code
 * @throws (rejects) UsageError, PlayheadError where nothing can be read or written
 */
export async function importFrom(values: ImportFromOptions, io: CommandIo): Promise<number> {
  const { studio } = values;
  if (!values.from) throw new UsageError("Expected --from with the address of a server, got none");
  if (values.session === "") throw new UsageError('Expected --session with an id, got ""');
  const limit = limitOf(values.limit);
  const since = values.since === undefined ? undefined : parseSince(values.since, Date.now());
  const [from] = endpointConfig(
    {
      url: values.from,
      "public-key": values["from-public-key"],
      "secret-key": values["from-secret-key"],
    },
    process.env,
    { baseUrl: "--from", publicKey: "--from-public-key", secretKey: "--from-secret-key" },
  ).targets;
  if (new URL(from.baseUrl).origin === new URL(studio.url).origin) {
    throw new UsageError(`Expected --from and --to to differ, got ${from.baseUrl} twice`);
  }
  const endpoint = createReadEndpoint(from);
  io.showProgress?.(`Reading from ${from.baseUrl} …`);
  const source = await openSource(endpoint);
  const ids =
    values.session === undefined
      ? source.candidates(endpoint, { userId: values.user, since })
      : [values.session];
  const sessions: DeliveredSession[] = [];
  let missing: string | undefined;
  const failures = new Failures();
  const stop = { isAsked: false, hasCut: false };
  void io.untilStopped().then(() => {
    stop.isAsked = true;
    io.showProgress?.("Stopping after this session …");
  });
  let brokenList: string | undefined;
  try {
    for await (const id of ids) {
      stop.hasCut = stop.isAsked;
      if (sessions.length === limit || stop.hasCut) break;
      io.showProgress?.(`${sessions.length} imported, now ${JSON.stringify(id)}`);
      try {
        const session = await source.session(endpoint, id);
        if (session === undefined) missing = id;
        else sessions.push(await deliverSession(session, studio));
        failures.end();
      } catch (error) {
        sessions.push(failures.take(id, error));
        if (failures.isHopeless) break;
      }
    }
  } catch (error) {
    // Of the list: a session that fails is caught above.
    if (!(error instanceof PlayheadError) || sessions.length === 0) throw error;
    brokenList = error.message;
  }
  io.showProgress?.("");
  failures.throwIfAll(sessions.length);
  const isComplete =
    !stop.hasCut &&
    brokenList === undefined &&
    missing === undefined &&
    sessions.every(({ problems }) => problems.length === 0);
  const outcome = { from: from.baseUrl, to: studio.url, isComplete, sessions };
  io.write(values.json ? `${JSON.stringify(outcome, null, 2)}\n` : describe(outcome));
  if (missing !== undefined) {
    io.writeError(`No session ${printableLine(JSON.stringify(missing))} at ${from.baseUrl}.\n`);
  }
  if (brokenList !== undefined) {
    io.writeError(
      `The list of sessions broke off: ${printableLine(brokenList)}\nImport again to go on: nothing is doubled.\n`,
    );
  }
  if (failures.isHopeless) {
    io.writeError("Given up. Import again to go on: nothing is doubled.\n");
  }
  if (stop.hasCut) io.writeError("Stopped. Import again to go on: nothing is doubled.\n");
  return isComplete ? 0 : 1;
}

function limitOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new UsageError(`Expected --limit to be a whole number from 1, got "${text}"`);
}

function describe(outcome: {
  readonly from: string;
  readonly to: string;
  readonly sessions: readonly DeliveredSession[];
}): string {
  const { from, to, sessions } = outcome;
  const sum = (name: "traces" | "observations" | "scores"): number =>
    sessions.reduce((total, session) => total + session[name], 0);
  const counts = (["trace", "observation", "score"] as const).map((one) =>
    counted(sum(`${one}s`), one),
  );
  const problems = sessions.flatMap((session) => session.problems);
  const arrived = sessions.filter(
    ({ traces, scores, problems: [first] }) => traces + scores > 0 || first === undefined,
  );
  return `From  ${from}
To    ${to}

${counted(arrived.length, "session")}, ${counts.join(", ")}.
${problems.map((problem) => `${printableLine(problem)}\n`).join("")}`;
}
