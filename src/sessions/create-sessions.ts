import { PlayheadError } from "../diagnostics/errors";
import { ask, type ReadEndpoint, unexpected } from "./endpoint";
import { fieldsOf, listOf } from "./json-fields";
import { sessionDetail } from "./session-detail";
import { MAX_PAGES, type SessionSource } from "./source";
import { getStudioSession, listStudioSessions } from "./studio-sessions";
import type {
  SessionApi,
  SessionListOptions,
  SessionOverview,
  SessionOverviewList,
  Sessions,
} from "./types";
import { v3Source } from "./v3-source";
import { v4Source } from "./v4-source";

/** Sessions in a list that was asked for without a limit. */
export const DEFAULT_LIST_LIMIT = 20;
const MAX_LIMIT = 1_000;
/** Sessions that are looked at for those that the filters leave. */
const MAX_LOOKED_AT = 500;

const SOURCES: Readonly<Record<Exclude<SessionApi, "studio">, SessionSource>> = {
  v3: v3Source,
  v4: v4Source,
};

/** Reads sessions from an endpoint, whichever way it offers; which, is found out once. */
export function createSessions(endpoint: ReadEndpoint): Sessions {
  let api: Promise<SessionApi> | undefined;
  const apiOf = (): Promise<SessionApi> => {
    api ??= detectSessionApi(endpoint).catch((error: unknown) => {
      api = undefined; // asked again next time
      throw error;
    });
    return api;
  };
  return {
    async list(options = {}) {
      const limit = limitOf(options);
      const found = await apiOf();
      if (found === "studio") return listStudioSessions(endpoint, { ...options, limit });
      return listFrom(SOURCES[found], endpoint, { ...options, limit });
    },
    async get(id) {
      if (typeof id !== "string" || id === "") {
        throw new PlayheadError(
          "INVALID_ARGUMENT",
          `Expected the id of a session, got ${JSON.stringify(id)}`,
        );
      }
      const found = await apiOf();
      if (found === "studio") return getStudioSession(endpoint, id);
      const session = await SOURCES[found].session(endpoint, id);
      return session === undefined ? undefined : sessionDetail(session);
    },
  };
}

/**
 * Which way of reading sessions the endpoint offers.
 * @throws (rejects) PlayheadError ENDPOINT_UNREACHABLE, ENDPOINT_REFUSED, ENDPOINT_UNEXPECTED
 */
export async function detectSessionApi(endpoint: ReadEndpoint): Promise<SessionApi> {
  const setup = await ask(endpoint, "/api/studio/setup");
  if (setup.status === 200 && "publicKey" in fieldsOf(setup.body)) return "studio";
  // The one route of Langfuse 3 that its successor has closed and every key may read.
  const sessions = await ask(endpoint, "/api/public/sessions", { limit: 1 });
  if (sessions.status === 200 && isList(sessions.body)) return "v3";
  const path = "/api/public/v2/observations";
  const observations = await ask(endpoint, path, { limit: 1 });
  if (observations.status === 200 && isList(observations.body)) return "v4";
  throw unexpected(endpoint, path, observations.status);
}

/**
 * The studio speaks the public API of Langfuse 4 as well. Unlike Langfuse it names a model of prices
 * only where those gave the cost, which then is left out: another studio would take it for one that
 * was sent, and calculates its own. What a Langfuse calculated stays: its prices are not known here.
 */
const studioSource: SessionSource = {
  ...v4Source,
  async session(endpoint, id) {
    const session = await v4Source.session(endpoint, id);
    if (session === undefined) return undefined;
    const traces = session.traces.map((trace) => ({
      ...trace,
      observations: trace.observations.map((observation) =>
        observation.priceModelId === null
          ? observation
          : { ...observation, costDetails: {}, totalCost: null },
      ),
    }));
    return { ...session, traces };
  },
};

/** Reads all that the endpoint's public API tells, but for costs that a studio calculated. */
export async function openSource(endpoint: ReadEndpoint): Promise<SessionSource> {
  const api = await detectSessionApi(endpoint);
  return api === "studio" ? studioSource : SOURCES[api];
}

function isList(body: unknown): boolean {
  return Array.isArray(fieldsOf(body)["data"]) && listOf(fieldsOf(body)["data"]).length <= 1;
}

async function listFrom(
  source: SessionSource,
  endpoint: ReadEndpoint,
  options: SessionListOptions & { readonly limit: number },
): Promise<SessionOverviewList> {
  const data: SessionOverview[] = [];
  let lookedAt = 0;
  let isCut = false;
  const limits = {
    maxPages: MAX_PAGES,
    onCut: () => {
      isCut = true;
    },
  };
  for await (const id of source.candidates(endpoint, { ...options, ...limits })) {
    if (data.length === options.limit || lookedAt === MAX_LOOKED_AT) return { data, hasMore: true };
    lookedAt += 1;
    const overview = await source.overview(endpoint, id, options);
    if (overview !== undefined && isWanted(overview, options)) data.push(overview);
  }
  return { data, hasMore: isCut };
}

function isWanted(
  overview: SessionOverview,
  { userId, tag, hasErrors, search }: SessionListOptions,
): boolean {
  if (userId !== undefined && !overview.userIds.includes(userId)) return false;
  if (tag !== undefined && !overview.tags.includes(tag)) return false;
  if (hasErrors === true && !overview.errorCount) return false;
  const { id, userIds, tags, firstMessage } = overview;
  const text = [id, ...userIds, ...tags, firstMessage ?? ""].join("\n").toLowerCase();
  const words = (search ?? "").toLowerCase().split(/\s+/);
  return words.every((word) => text.includes(word));
}

/** @throws PlayheadError INVALID_ARGUMENT */
function limitOf({ limit = DEFAULT_LIST_LIMIT, since }: SessionListOptions): number {
  if (!(Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT)) {
    throw new PlayheadError(
      "INVALID_ARGUMENT",
      `Expected limit from 1 to ${MAX_LIMIT}, got ${String(limit)}`,
    );
  }
  if (since !== undefined && Number.isNaN(since.getTime())) {
    throw new PlayheadError(
      "INVALID_ARGUMENT",
      "Expected since to be a valid Date, got one that is not",
    );
  }
  return limit;
}
