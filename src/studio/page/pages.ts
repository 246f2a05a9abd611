import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { useChanges } from "./live";
import {
  changesOrder,
  type HeldList,
  type ListPage,
  newItemCount,
  updatedInPlace,
  withFirstPage,
  withNextPage,
} from "./page-merge";
import { createRefreshLoop, type ReadError, readJson } from "./resource";

export interface Pages<Item> {
  /** Null until the first answer. */
  readonly items: readonly Item[] | null;
  readonly totalCount: number;
  readonly error: ReadError | null;
  /** Whether the items are still those of the list shown before. */
  readonly isOutdated: boolean;
  /** A newer order of the items that waits for {@link Pages.showWaiting}; null when none does. */
  readonly waiting: { readonly newCount: number } | null;
  readonly showWaiting: () => void;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly loadMore: () => void;
  readonly reload: () => void;
}

export interface PagesOptions {
  /** Address of the list, asked for before each first page: it may depend on the time. @default the key */
  readonly address?: () => string;
  /** Whether items must stay where they are for now. @default never */
  readonly isHeld?: () => boolean;
}

/** A list of one address; the later pages are read with the address of the first. */
interface Shown<Item> {
  readonly key: string;
  readonly address: string;
  readonly list: HeldList<Item>;
}

/** A first page comes soon, the later ones are few. */
const FIRST_PAGE_SIZE = 100;
const NEXT_PAGE_SIZE = 300;
const KEPT_CAPACITY = 8;

/** Lists by key, oldest first, so that coming back from a session shows the list at once, at its old length. */
const kept = new Map<string, Shown<unknown>>();

/**
 * A list of the API, page by page. A change fetches the first page again and puts its items before
 * those of later pages, which stay as they were read; while `isHeld` says so, items only change
 * where they stand, and a new order waits. Under a new key the items of the old one stay until there
 * are new ones.
 */
export function usePages<Item extends { readonly id: string }>(
  key: string,
  options: PagesOptions = {},
): Pages<Item> {
  const [shown, setShown] = useState(() => keptList<Item>(key));
  const [error, setError] = useState<ReadError | null>(null);
  const [waiting, setWaiting] = useState<ListPage<Item> | null>(null);
  const [isLoadingMore, setLoadingMore] = useState(false);
  const latest = useRef(shown);
  const refresh = useRef<() => void>(() => {});
  const currentOptions = useRef(options);
  currentOptions.current = options;

  const show = useCallback((next: Shown<Item>) => {
    latest.current = next;
    keep(next);
    setShown(next);
    setError(null);
  }, []);

  const receive = useCallback(
    (address: string, page: ListPage<Item>) => {
      const list = latest.current?.key === key ? latest.current.list : null;
      const mustWait =
        list !== null && currentOptions.current.isHeld?.() === true && changesOrder(list, page);
      setWaiting(mustWait ? page : null);
      show({
        key,
        address,
        list: mustWait ? updatedInPlace(list, page) : withFirstPage(list, page),
      });
    },
    [key, show],
  );

  useEffect(() => {
    const before = keptList<Item>(key);
    if (before !== null && latest.current?.key !== key) show(before);
    setWaiting(null);
    setError(null);
    const loop = createRefreshLoop(async (signal) => {
      const address = currentOptions.current.address?.() ?? key;
      try {
        // Not aborted: the answer is on its way, and only ever ignored.
        const page = await readJson<ListPage<Item>>(withPage(address));
        if (!signal.aborted) receive(address, page);
      } catch (failure) {
        if (!signal.aborted) setError(failure as ReadError); // what readJson rejects with
      }
    });
    refresh.current = loop.request;
    loop.requestNow();
    return loop.stop;
  }, [key, receive, show]);

  useChanges(useCallback(() => refresh.current(), []));

  const isLoading = useRef(false);
  const loadMore = useCallback(async () => {
    const from = latest.current;
    const cursor = from?.list.nextCursor;
    if (from === null || cursor === undefined || isLoading.current) return;
    isLoading.current = true;
    setLoadingMore(true);
    try {
      const page = await readJson<ListPage<Item>>(withPage(from.address, cursor));
      const now = latest.current;
      const isSameEnd = now?.key === from.key && now.list.nextCursor === cursor;
      if (now !== null && isSameEnd) show({ ...now, list: withNextPage(now.list, page) });
    } catch (failure) {
      if (latest.current?.key === from.key) setError(failure as ReadError); // as above
    }
    isLoading.current = false;
    setLoadingMore(false);
  }, [show]);

  const list = shown?.list;
  return {
    items: list?.items ?? null,
    totalCount: list?.totalCount ?? 0,
    error,
    isOutdated: shown !== null && shown.key !== key,
    waiting: waiting && list ? { newCount: newItemCount(list, waiting) } : null,
    showWaiting: useCallback(() => {
      const now = latest.current;
      if (waiting === null || now === null) return;
      setWaiting(null);
      show({ ...now, list: withFirstPage(now.list, waiting) });
    }, [waiting, show]),
    hasMore: list?.nextCursor !== undefined,
    isLoadingMore,
    loadMore,
    reload: useCallback(() => refresh.current(), []),
  };
}

function withPage(address: string, cursor?: string): string {
  const limit = String(cursor === undefined ? FIRST_PAGE_SIZE : NEXT_PAGE_SIZE);
  const parameters = new URLSearchParams({ limit, ...(cursor !== undefined && { cursor }) });
  return `${address}${address.includes("?") ? "&" : "?"}${parameters}`;
}

function keptList<Item>(key: string): Shown<Item> | null {
  return (kept.get(key) as Shown<Item> | undefined) ?? null; // written below, from the same key
}

function keep(shown: Shown<unknown>): void {
  kept.delete(shown.key);
  kept.set(shown.key, shown);
  const oldest = kept.keys().next();
  if (kept.size > KEPT_CAPACITY && !oldest.done) kept.delete(oldest.value);
}
