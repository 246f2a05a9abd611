import { createReadEndpoint, endpointHeaders } from "../client/endpoint";
import { STUDIO_BASE_URL } from "../config/targets";
import { openSource } from "../sessions/create-sessions";
import { type Command, UsageError } from "./command";
import { endpointConfig, studioTarget } from "./endpoint-flags";
import { type DeliveredSession, deliverSession } from "./import/deliver-session";
import { noPositionals, parseFlags, parseSince } from "./parse-flags";

/** For one request that writes, in milliseconds. */
const WRITE_TIMEOUT_MS = 60_000;

export const importFromCommand: Command = {
  help: `Usage: playhead import --from <address> [options]

Brings sessions of a Langfuse project (version 3 or 4, or of a studio) into the studio, with their
traces, observations and scores, under the ids they have: a second time changes nothing. Files that
were uploaded stay where they are.

Options:
  --from <address>            The Langfuse server
  --from-public-key <key>     Its keys (default LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY, where
  --from-secret-key <key>     LANGFUSE_BASE_URL is not another address)
  --session <id>              This session only (default: all, the last active first)
  --since <when>              Active since: 90m, 24h, 7d, 2w, or a date (2026-11-22)
  --user <id>                 Sessions of this user
  --limit <number>            At most so many sessions
  --to <address>              The studio (default ${STUDIO_BASE_URL}), its keys from
                              PLAYHEAD_STUDIO_PUBLIC_KEY and PLAYHEAD_STUDIO_SECRET_KEY
  --json                      Print the outcome as JSON: { from, to, isComplete, sessions }
  --help                      Print this text

Examples:
  playhead import --from https://cloud.langfuse.com --since 7d
  playhead import --from https://langfuse.example.com --session chat-1

Exit code: 0 when all that was found is in the studio, 1 when something is missing, 2 when the command
was not understood.
`,
  async run(args, io) {
    const { values, positionals } = parseFlags(args, FLAGS);
    noPositionals(positionals);
    if (!values.from)
      throw new UsageError("Expected --from with the address of a server, got none");
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
    const to = studioTarget(values.to, "--to");
    if (new URL(from.baseUrl).origin === new URL(to.baseUrl).origin) {
      throw new UsageError(`Expected --from and --to to differ, got ${from.baseUrl} twice`);
    }
    const endpoint = createReadEndpoint(from);
    const target = {
      baseUrl: to.baseUrl,
      headers: endpointHeaders(to),
      timeoutMs: WRITE_TIMEOUT_MS,
    };
    io.showProgress?.(`Reading from ${from.baseUrl} …`);
    const source = await openSource(endpoint);
    const ids =
      values.session === undefined
        ? source.candidates(endpoint, { userId: values.user, since })
        : [values.session];
    const sessions: DeliveredSession[] = [];
    let missing: string | undefined;
    const stop = { isAsked: false, hasCut: false };
    void io.untilStopped().then(() => {
      stop.isAsked = true;
      io.showProgress?.("Stopping after this session …");
    });
    for await (const id of ids) {
      stop.hasCut = stop.isAsked;
      if (sessions.length === limit || stop.hasCut) break;
      io.showProgress?.(`${sessions.length} imported, now ${JSON.stringify(id)}`);
      const session = await source.session(endpoint, id);
      if (session === undefined) missing = id;
      else sessions.push(await deliverSession(session, target));
    }
    io.showProgress?.("");
    const isComplete =
      !stop.hasCut &&
      missing === undefined &&
      sessions.every(({ problems }) => problems.length === 0);
    const outcome = { from: from.baseUrl, to: to.baseUrl, isComplete, sessions };
    io.write(values.json ? `${JSON.stringify(outcome, null, 2)}\n` : describe(outcome));
    if (missing !== undefined) {
      io.writeError(`No session ${JSON.stringify(missing)} at ${from.baseUrl}.\n`);
    }
    if (stop.hasCut) io.writeError("Stopped. Import again to go on: nothing is doubled.\n");
    return isComplete ? 0 : 1;
  },
};

const FLAGS = {
  from: { type: "string" },
  "from-public-key": { type: "string" },
  "from-secret-key": { type: "string" },
  session: { type: "string" },
  since: { type: "string" },
  user: { type: "string" },
  limit: { type: "string" },
  to: { type: "string" },
  json: { type: "boolean" },
} as const;

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
  return `From  ${from}
To    ${to}

${counted(sessions.length, "session")}, ${counts.join(", ")}.
${problems.map((problem) => `${problem}\n`).join("")}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
