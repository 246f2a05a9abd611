/** Remembers that the search's index still holds words of what was deleted; see search-purge.ts. */
export const SEARCH_PURGE = `
  CREATE TABLE search_purge (
    -- wanted: something was deleted since the last pass began; running: a pass has not ended yet.
    state TEXT PRIMARY KEY
  ) STRICT, WITHOUT ROWID;
`;
