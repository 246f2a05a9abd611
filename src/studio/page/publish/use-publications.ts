import { useCallback, useMemo } from "preact/hooks";
import { publicationsApiPath } from "../../api/paths";
import type { Publication, PublicationList } from "../../api/publication-types";
import type { ChangeEvent } from "../../api/types";
import { useNow } from "../clock";
import { type Resource, readJson, useResource } from "../resource";

/** What is published of a session, and what was; an address that expires is closed from then on. */
export function usePublications(sessionId: string): Resource<readonly Publication[]> {
  const isAffected = useCallback(
    (change: ChangeEvent) => change.sessionIds.includes(sessionId),
    [sessionId],
  );
  const path = publicationsApiPath(sessionId);
  const { data: given, error, reload } = useResource(path, isAffected, readAll);
  const nowMs = useNow(given?.flatMap(({ expiresAt }) => expiresAt ?? []));
  const publications = useMemo(() => given?.map((one) => asOf(nowMs, one)) ?? null, [given, nowMs]);
  return { data: publications, error, reload };
}

/** Not the newest alone: one that is still open may be the oldest of many. */
async function readAll(path: string, signal: AbortSignal): Promise<readonly Publication[]> {
  const all: Publication[] = [];
  for (let page = 1; ; page += 1) {
    const { data, totalCount } = await readJson<PublicationList>(`${path}&page=${page}`, signal);
    all.push(...data);
    if (data.length === 0 || all.length >= totalCount) return all;
  }
}

/** The studio says what is open when it is asked; time goes on. */
function asOf(nowMs: number, publication: Publication): Publication {
  const { isOpen, expiresAt } = publication;
  const isExpired = expiresAt !== null && Date.parse(expiresAt) <= nowMs;
  return isOpen && isExpired ? { ...publication, isOpen: false } : publication;
}
