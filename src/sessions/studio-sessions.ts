import type { SessionDetail } from "../studio/api/types";
import { ask, type ReadEndpoint, unexpected } from "./endpoint";
import { fieldsOf, listOf, numberOf, numbersOf, textOf, textsOf } from "./json-fields";
import type { SessionListOptions, SessionOverview, SessionOverviewList } from "./types";

const LIST = "/api/studio/sessions";
const SESSION = "/api/studio/session";

/** The studio's own list, which knows all filters. */
export async function listStudioSessions(
  endpoint: ReadEndpoint,
  { userId, tag, since, hasErrors, search, limit }: SessionListOptions & { limit: number },
): Promise<SessionOverviewList> {
  const { status, body } = await ask(endpoint, LIST, {
    user: userId,
    tag,
    from: since?.toISOString(),
    hasErrors: hasErrors === true ? "true" : undefined,
    q: search,
    limit,
  });
  if (status !== 200 || body === undefined) throw unexpected(endpoint, LIST, status);
  const { data, nextCursor } = fieldsOf(body);
  return { data: listOf(data).map(overviewOf), hasMore: nextCursor !== undefined };
}

/** Undefined when nothing carries the id. */
export async function getStudioSession(
  endpoint: ReadEndpoint,
  id: string,
): Promise<SessionDetail | undefined> {
  const { status, body } = await ask(endpoint, SESSION, { id });
  if (status === 404) return undefined;
  const { session, turns } = fieldsOf(body);
  if (status !== 200 || textOf(fieldsOf(session)["id"]) === null || !Array.isArray(turns)) {
    throw unexpected(endpoint, SESSION, status);
  }
  return body as SessionDetail; // what the studio's API answers here, by its contract
}

function overviewOf(row: unknown): SessionOverview {
  const given = fieldsOf(row);
  const { input = 0, output = 0, total = 0 } = numbersOf(given["tokens"]);
  return {
    id: String(given["id"]),
    firstMessage: textOf(given["firstMessage"]),
    userIds: textsOf(given["userIds"]),
    tags: textsOf(given["tags"]),
    environments: textsOf(given["environments"]),
    traceCount: numberOf(given["traceCount"]) ?? 0,
    startedAt: String(given["startedAt"]),
    endedAt: String(given["endedAt"]),
    durationMs: numberOf(given["durationMs"]) ?? 0,
    tokens: { input, output, total },
    totalCost: numberOf(given["totalCost"]),
    errorCount: numberOf(given["errorCount"]),
  };
}
