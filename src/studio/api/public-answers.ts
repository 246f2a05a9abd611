import type { Page } from "../store/store";
import type { PublicPage } from "./public-types";

/** Body of a 404 answer. */
export function notFound(message: string): { message: string; error: "LangfuseNotFoundError" } {
  return { message, error: "LangfuseNotFoundError" };
}

/** A page of a list whose pages are numbered. */
export function numberedPage<Row, PublicRow>(
  { rows, totalCount }: Page<Row>,
  { page, limit }: { page: number; limit: number },
  show: (row: Row) => PublicRow,
): PublicPage<PublicRow> {
  return {
    data: rows.map(show),
    meta: { page, limit, totalItems: totalCount, totalPages: Math.ceil(totalCount / limit) },
  };
}

/** What a numbered page leaves out at the top. */
export function offsetOf({ page, limit }: { page: number; limit: number }): number {
  return (page - 1) * limit;
}
