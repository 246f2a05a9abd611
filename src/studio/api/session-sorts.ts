/** What a list of sessions can be sorted by: in the store, in the API and in the page's address. */
export const SESSION_SORTS = [
  "activity",
  "start",
  "duration",
  "turns",
  "tokens",
  "cost",
  "errors",
  "observations",
  "id",
] as const;

export type SessionSort = (typeof SESSION_SORTS)[number];
