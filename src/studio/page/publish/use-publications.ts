import { useCallback, useEffect } from "preact/hooks";
import { PUBLICATIONS_PER_PAGE, publicationsApiPath } from "../../api/paths";
import type { Publication, PublicationList } from "../../api/publication-types";
import type { ChangeEvent } from "../../api/types";
import { useNow } from "../clock";
import { type Resource, readJson, useResource } from "../resource";

/**
 * What is published of a session, and what was. What is open the studio says; it is asked again when
 * an address expires by the reader's clock, and then until it says that it has.
 */
export function usePublications(sessionId: string): Resource<readonly Publication[]> {
  const isAffected = useCallback(
    (change: ChangeEvent) => change.sessionIds.includes(sessionId),
    [sessionId],
  );
  const path = publicationsApiPath(sessionId);
  const publications = useResource(path, isAffected, readAll);
  const { data, reload } = publications;
  const nowMs = useNow(data?.flatMap(({ expiresAt }) => expiresAt ?? []));
  const isDue = data?.some((one) => one.isOpen && hasExpired(one, nowMs)) ?? false;
  useEffect(() => {
    if (isDue) reload();
  }, [isDue, nowMs, reload]);
  return publications;
}

/** By the reader's clock, which the studio may not agree with. */
export function hasExpired({ expiresAt }: Publication, nowMs: number): boolean {
  return expiresAt !== null && Date.parse(expiresAt) <= nowMs;
}

/** Not the newest alone: one that is still open may be the oldest of many. */
async function readAll(path: string, signal: AbortSignal): Promise<readonly Publication[]> {
  // One that is published meanwhile moves the others on: the last of a page is the first of the next.
  const byId = new Map<string, Publication>();
  for (let page = 1; ; page += 1) {
    const { data } = await readJson<PublicationList>(`${path}&page=${page}`, signal);
    for (const one of data) byId.set(one.id, one);
    if (data.length < PUBLICATIONS_PER_PAGE) return [...byId.values()];
  }
}
