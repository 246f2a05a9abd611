import { setTimeout as delay } from "node:timers/promises";
import { sessionApiPath } from "../src/studio/api/paths";
import type { SessionDetail, SessionList } from "../src/studio/api/types";
import type { ObservationRow } from "./demo-checks";

const POLL_MS = 50;

export interface StudioContent {
  readonly sessions: readonly SessionDetail[];
  readonly observations: readonly ObservationRow[];
}

/**
 * Reads what the studio has, through its API. Reads again until `isComplete` says yes, or
 * `timeoutMs` have passed, and then returns what there is.
 */
export async function readStudio(
  baseUrl: string,
  isComplete: (content: StudioContent) => boolean,
  timeoutMs: number,
): Promise<StudioContent> {
  const deadline = Date.now() + timeoutMs;
  while (true) {
    const content = {
      sessions: await readSessions(baseUrl),
      observations: await readObservations(baseUrl),
    };
    if (isComplete(content) || Date.now() > deadline) return content;
    await delay(POLL_MS);
  }
}

/** Oldest first, the order in which they happened. */
async function readSessions(baseUrl: string): Promise<SessionDetail[]> {
  const { data } = await getJson<SessionList>(`${baseUrl}/api/studio/sessions?limit=100`);
  const details = await Promise.all(
    data.map(({ id }) => getJson<SessionDetail>(baseUrl + sessionApiPath(id))),
  );
  return details.sort((a, b) => (a.session.startedAt < b.session.startedAt ? -1 : 1));
}

/** All pages of `GET /api/public/v2/observations`. */
async function readObservations(baseUrl: string): Promise<ObservationRow[]> {
  const rows: ObservationRow[] = [];
  const query = new URLSearchParams({ limit: "1000", fields: "core,basic,trace_context" });
  while (true) {
    const page = await getJson<{ data: ObservationRow[]; meta: { cursor?: string } }>(
      `${baseUrl}/api/public/v2/observations?${query}`,
    );
    rows.push(...page.data);
    if (page.meta.cursor === undefined) return rows;
    query.set("cursor", page.meta.cursor);
  }
}

async function getJson<Body>(url: string): Promise<Body> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`GET ${url} answered ${response.status}`);
  return (await response.json()) as Body; // the studio's documented answer
}
