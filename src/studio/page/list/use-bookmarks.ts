import { useCallback, useEffect, useState } from "preact/hooks";
import { bookmarkApiPath } from "../../api/paths";
import type { SessionSummary } from "../../api/types";
import { announce } from "../live";
import { type ReadError, sendRequest } from "../resource";

export interface Bookmarks {
  readonly isBookmarked: (session: SessionSummary) => boolean;
  readonly toggle: (session: SessionSummary) => void;
  /** Why the last change was not kept; null when it was. */
  readonly error: ReadError | null;
}

/** Bookmarks show at once and are taken back if the studio does not keep them. */
export function useBookmarks(sessions: readonly SessionSummary[] | null): Bookmarks {
  /** What was set here, by id, until the studio says the same. */
  const [changed, setChanged] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [error, setError] = useState<ReadError | null>(null);

  useEffect(() => {
    setChanged((before) => {
      if (before.size === 0) return before;
      const agreed = sessions?.filter(({ id, isBookmarked }) => before.get(id) === isBookmarked);
      if (agreed === undefined || agreed.length === 0) return before;
      const ids = new Set(agreed.map(({ id }) => id));
      return new Map([...before].filter(([id]) => !ids.has(id)));
    });
  }, [sessions]);

  const isBookmarked = (session: SessionSummary): boolean =>
    changed.get(session.id) ?? session.isBookmarked;
  const set = useCallback(async (id: string, isSet: boolean) => {
    setChanged((before) => new Map(before).set(id, isSet));
    try {
      await sendRequest(isSet ? "PUT" : "DELETE", bookmarkApiPath(id));
      setError(null);
      announce({ sessionIds: [id], traceIds: [] });
    } catch (failure) {
      setChanged((before) => new Map(before).set(id, !isSet));
      setError(failure as ReadError); // what sendRequest rejects with
    }
  }, []);
  return {
    isBookmarked,
    toggle: (session) => void set(session.id, !isBookmarked(session)),
    error,
  };
}
