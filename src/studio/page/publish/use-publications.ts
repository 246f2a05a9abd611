import { useCallback, useMemo } from "preact/hooks";
import { publicationsApiPath } from "../../api/paths";
import type { Publication, PublicationList } from "../../api/publication-types";
import type { ChangeEvent } from "../../api/types";
import { useNow } from "../clock";
import { type Resource, useResource } from "../resource";

/** What is published of a session, and what was; an address that expires is closed from then on. */
export function usePublications(sessionId: string): Resource<readonly Publication[]> {
  const isAffected = useCallback(
    (change: ChangeEvent) => change.sessionIds.includes(sessionId),
    [sessionId],
  );
  const path = publicationsApiPath(sessionId);
  const { data, error, reload } = useResource<PublicationList>(path, isAffected);
  const given = data?.data ?? null;
  const nowMs = useNow(given?.flatMap(({ expiresAt }) => expiresAt ?? []));
  const publications = useMemo(() => given?.map((one) => asOf(nowMs, one)) ?? null, [given, nowMs]);
  return { data: publications, error, reload };
}

/** The studio says what is open when it is asked; time goes on. */
function asOf(nowMs: number, publication: Publication): Publication {
  const { isOpen, expiresAt } = publication;
  const isExpired = expiresAt !== null && Date.parse(expiresAt) <= nowMs;
  return isOpen && isExpired ? { ...publication, isOpen: false } : publication;
}
