import { useRef, useState } from "preact/hooks";
import { COMMENTS_PER_PAGE, commentsOfApiPath } from "../../api/paths";
import { type ReadError, readJson } from "../resource";
import type { CommentPage, CommentTarget } from "./comments-button";

export interface ShownComments {
  /** Oldest first. */
  readonly comments: CommentPage["data"];
  /** Read or not. */
  readonly totalCount: number;
  /** Why no more could be read; null where they could. */
  readonly problem: string | null;
  /** Reads one page more. */
  readonly showMore: () => Promise<void>;
  /** Reads to the end, and what came since. */
  readonly showAll: () => Promise<void>;
}

/**
 * The comments on one thing, as many pages as were asked for.
 * @param first - the first page; null until it has been read
 */
export function useShownComments(target: CommentTarget, first: CommentPage | null): ShownComments {
  const [later, setLater] = useState<readonly CommentPage[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const isReading = useRef(false);
  const read = (page: number): Promise<CommentPage> =>
    readJson(commentsOfApiPath(target.objectType, target.objectId, page));

  /**
   * Comments stay where they are, new ones come at the end: a page that was not whole, as the last one
   * is, is read again, and a whole one is not.
   */
  const readOn = async (isToEnd: boolean): Promise<void> => {
    if (isReading.current) return; // one press too many would read a page twice
    isReading.current = true;
    try {
      const pages = later.filter(({ data }) => data.length === COMMENTS_PER_PAGE);
      for (let isFull = true; isFull; ) {
        const page = pages.length + 2;
        const found = await read(page);
        pages.push(found);
        setLater([...pages]);
        isFull = isToEnd && found.meta.totalItems > page * COMMENTS_PER_PAGE;
      }
      setProblem(null);
    } catch (failure) {
      setProblem((failure as ReadError).message); // what readJson rejects with
    }
    isReading.current = false;
  };

  const pages = first === null ? [] : [first, ...later];
  const byId = new Map(pages.flatMap(({ data }) => data.map((one) => [one.id, one] as const)));
  return {
    comments: [...byId.values()],
    totalCount: pages.reduce((most, { meta }) => Math.max(most, meta.totalItems), 0),
    problem,
    showMore: () => readOn(false),
    showAll: () => readOn(true),
  };
}
