/** One answer of a list. */
export interface ListPage<Item> {
  readonly data: readonly Item[];
  readonly nextCursor?: string;
  readonly totalCount: number;
}

/** A list as far as it has been read. Not changed in place. */
export interface HeldList<Item> {
  readonly items: readonly Item[];
  readonly totalCount: number;
  /** Undefined when all has been read. */
  readonly nextCursor: string | undefined;
  /** Whether more than the first page has been read. */
  readonly isBeyondFirst: boolean;
}

interface Identified {
  readonly id: string;
}

/** The list after its first page was read again. Items of later pages stay, below, as they were read. */
export function withFirstPage<Item extends Identified>(
  held: HeldList<Item> | null,
  page: ListPage<Item>,
): HeldList<Item> {
  const { data, totalCount, nextCursor } = page;
  if (held === null || !held.isBeyondFirst || nextCursor === undefined) {
    return { items: data, totalCount, nextCursor, isBeyondFirst: false };
  }
  const fresh = idsOf(data);
  const items = [...data, ...held.items.filter((item) => !fresh.has(item.id))];
  return { ...held, items, totalCount };
}

/** The list with the page after its last one. */
export function withNextPage<Item extends Identified>(
  held: HeldList<Item>,
  page: ListPage<Item>,
): HeldList<Item> {
  const known = idsOf(held.items);
  const { totalCount, nextCursor } = page;
  const items = held.items.concat(page.data.filter((item) => !known.has(item.id)));
  return { items, totalCount, nextCursor, isBeyondFirst: true };
}

/** The list with what its first page says now about the items it has, each where it was. */
export function updatedInPlace<Item extends Identified>(
  held: HeldList<Item>,
  page: ListPage<Item>,
): HeldList<Item> {
  const fresh = new Map(page.data.map((item) => [item.id, item]));
  return { ...held, items: held.items.map((item) => fresh.get(item.id) ?? item) };
}

/** Whether {@link withFirstPage} would add, take away or move items. */
export function changesOrder<Item extends Identified>(
  held: HeldList<Item>,
  page: ListPage<Item>,
): boolean {
  const next = withFirstPage(held, page).items;
  return next.length !== held.items.length || next.some(({ id }, at) => id !== held.items[at]?.id);
}

/** How many items of a first page the list does not have. */
export function newItemCount<Item extends Identified>(
  held: HeldList<Item>,
  page: ListPage<Item>,
): number {
  const known = idsOf(held.items);
  return page.data.filter((item) => !known.has(item.id)).length;
}

function idsOf(items: readonly Identified[]): ReadonlySet<string> {
  return new Set(items.map(({ id }) => id));
}
