/** New rows are noted for the search by what writes them: see observation-writes.ts. */
export const SEARCH_NOTES = "DROP TRIGGER observations_added;";
