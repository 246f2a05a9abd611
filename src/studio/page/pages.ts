import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { useChanges } from "./live";
import { createRefreshLoop, type ReadError, readJson } from "./resource";

interface Page<Item> {
  readonly data: readonly Item[];
  readonly nextCursor?: string;
  readonly totalCount: number;
}

export interface Pages<Item> {
  /** Null until the first answer. */
  readonly items: readonly Item[] | null;
  readonly totalCount: number;
  readonly error: ReadError | null;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly loadMore: () => void;
  readonly reload: () => void;
}

interface Held<Item> {
  readonly items: readonly Item[];
  readonly totalCount: number;
  readonly nextCursor: string | undefined;
}

const PAGE_SIZE = 100;

/** Lists by path, so that coming back from a session shows the list at once, at its old length. */
const kept = new Map<string, Held<unknown>>();

/**
 * A list of the API, newest first, page by page. A change fetches the first page again and puts its
 * items before those already loaded; older pages stay as they were read.
 */
export function usePages<Item extends { readonly id: string }>(path: string): Pages<Item> {
  const [held, setHeld] = useState<Held<Item> | null>(
    () => (kept.get(path) as Held<Item> | undefined) ?? null, // written below, from the same path
  );
  const [error, setError] = useState<ReadError | null>(null);
  const [isLoadingMore, setLoadingMore] = useState(false);
  const latest = useRef(held);
  const refresh = useRef<() => void>(() => {});

  const keep = useCallback(
    (next: Held<Item>) => {
      latest.current = next;
      kept.set(path, next);
      setHeld(next);
      setError(null);
    },
    [path],
  );

  useEffect(() => {
    const loop = createRefreshLoop(async (signal) => {
      try {
        const page = await readJson<Page<Item>>(`${path}?limit=${PAGE_SIZE}`, signal);
        if (!signal.aborted) keep(withFirstPage(latest.current, page));
      } catch (failure) {
        if (!signal.aborted) setError(failure as ReadError); // what readJson rejects with
      }
    });
    refresh.current = loop.request;
    loop.requestNow();
    return loop.stop;
  }, [path, keep]);

  useChanges(useCallback(() => refresh.current(), []));

  const loadMore = useCallback(async () => {
    const cursor = latest.current?.nextCursor;
    if (cursor === undefined) return;
    setLoadingMore(true);
    try {
      const query = `limit=${PAGE_SIZE}&cursor=${encodeURIComponent(cursor)}`;
      keep(withNextPage(latest.current, await readJson<Page<Item>>(`${path}?${query}`)));
    } catch (failure) {
      setError(failure as ReadError); // what readJson rejects with
    }
    setLoadingMore(false);
  }, [path, keep]);

  return {
    items: held?.items ?? null,
    totalCount: held?.totalCount ?? 0,
    error,
    hasMore: held?.nextCursor !== undefined,
    isLoadingMore,
    loadMore,
    reload: useCallback(() => refresh.current(), []),
  };
}

function withFirstPage<Item extends { readonly id: string }>(
  held: Held<Item> | null,
  page: Page<Item>,
): Held<Item> {
  const fresh = new Set(page.data.map((item) => item.id));
  const older = held?.items.filter((item) => !fresh.has(item.id)) ?? [];
  const hasLoadedMore = held !== null && held.items.length > PAGE_SIZE;
  if (!hasLoadedMore) {
    return { items: page.data, totalCount: page.totalCount, nextCursor: page.nextCursor };
  }
  return {
    items: [...page.data, ...older],
    totalCount: page.totalCount,
    nextCursor: held.nextCursor,
  };
}

function withNextPage<Item extends { readonly id: string }>(
  held: Held<Item> | null,
  page: Page<Item>,
): Held<Item> {
  const known = new Set(held?.items.map((item) => item.id));
  const added = page.data.filter((item) => !known.has(item.id));
  return {
    items: [...(held?.items ?? []), ...added],
    totalCount: page.totalCount,
    nextCursor: page.nextCursor,
  };
}
