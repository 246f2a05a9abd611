import { createReadEndpoint } from "../client/endpoint";
import { createSessions, DEFAULT_LIST_LIMIT } from "../sessions/create-sessions";
import { type Command, UsageError } from "./command";
import { ENDPOINT_FLAGS, ENDPOINT_HELP, endpointConfig } from "./endpoint-flags";
import { noPositionals, parseFlags, parseSince } from "./parse-flags";
import { renderSessionLines, renderSessionTable } from "./session-table";

export const sessionsCommand: Command = {
  help: `Usage: playhead sessions [options]

Lists sessions, the last active first: a table on a terminal, else one line each with fields parted
by tabs (id, last activity, users, turns, milliseconds, tokens, US dollars, errors, first message).

Options:
  --user <id>           Sessions of this user
  --tag <tag>           Sessions with this tag
  --since <when>        Active since: 90m, 24h, 7d, 2w, or a date (2026-11-22)
  --errors              Sessions in which something failed
  --search <words>      Sessions with these words: the studio looks everywhere, Langfuse's lists in
                        ids, users, tags and first messages
  --limit <number>      At most so many, 1 to 1000 (default 20)
${ENDPOINT_HELP}
  --json                Print JSON: { data, hasMore }
  --help                Print this text

Examples:
  playhead sessions --errors --since 24h
  playhead sessions --user ada --json | jq -r '.data[].id'
  playhead sessions --url https://cloud.langfuse.com --limit 5

Exit code: 0 when the list could be read, an empty one included, 1 when not, 2 when the command was
not understood.
`,
  async run(args, io) {
    const { values, positionals } = parseFlags(args, FLAGS);
    noPositionals(positionals);
    const [target] = endpointConfig(values).targets;
    const options = {
      userId: values.user,
      tag: values.tag,
      since: values.since === undefined ? undefined : parseSince(values.since, Date.now()),
      hasErrors: values.errors,
      search: values.search,
      limit: limitOf(values.limit),
    };
    io.showProgress?.(`Reading sessions from ${target.baseUrl} …`);
    const list = await createSessions(createReadEndpoint(target)).list(options);
    io.showProgress?.("");
    const { data, hasMore } = list;
    if (values.json) {
      io.write(`${JSON.stringify(list, null, 2)}\n`);
    } else if (data.length === 0) {
      io.writeError(
        hasMore
          ? `No sessions at ${target.baseUrl} among those looked at. ${FURTHER_BACK}`
          : `No sessions at ${target.baseUrl}, with these options.\n`,
      );
    } else if (io.columns === undefined) {
      io.write(renderSessionLines(data));
    } else {
      const { columns, colors = false } = io;
      io.write(renderSessionTable(data, { columns, colors, nowMs: Date.now() }));
      if (hasMore) io.writeError(moreText(data.length, options.limit));
    }
    return 0;
  },
};

const MAX_LIMIT = 1_000;

/** Lists of Langfuse are looked through so far; the server leaves out other users itself. */
const FURTHER_BACK = "There may be more, further back than was looked: --user looks further.\n";

/** What to do for more than was shown. */
function moreText(shown: number, limit = DEFAULT_LIST_LIMIT): string {
  if (shown < limit) return FURTHER_BACK;
  return shown < MAX_LIMIT
    ? `There are more: --limit ${Math.min(MAX_LIMIT, shown * 2)} shows them.\n`
    : `There are more than ${MAX_LIMIT}: --since, --user or --search choose among them.\n`;
}

const FLAGS = {
  user: { type: "string" },
  tag: { type: "string" },
  since: { type: "string" },
  errors: { type: "boolean" },
  search: { type: "string" },
  limit: { type: "string" },
  json: { type: "boolean" },
  ...ENDPOINT_FLAGS,
} as const;

function limitOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const limit = Number(text);
  if (/^\d+$/.test(text) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new UsageError(`Expected --limit from 1 to 1000, got "${text}"`);
}
