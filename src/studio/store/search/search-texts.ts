import type { Database } from "../open-database";

// `detail=none`: which documents hold a word, not where; a phrase is looked for in the texts
// themselves. The prefixes make the first letters of a word as fast as the whole of it.
const CREATE_TEXTS = `
  CREATE VIRTUAL TABLE IF NOT EXISTS search_texts USING fts5 (
    text, content = '', contentless_delete = 1, detail = none, prefix = '1 2 3',
    tokenize = 'unicode61 remove_diacritics 2'
  )`;

// Each step writes a segment. Left to itself, FTS5 now and then merges many of them at once, which
// may take seconds; so each step merges a few pages, more than it writes.
const MERGE_BY_STEPS = `
  INSERT INTO search_texts (search_texts, rank) VALUES ('automerge', 0);
  INSERT INTO search_texts (search_texts, rank) VALUES ('crisismerge', 500);`;

/**
 * Makes the table of the index where there is none yet.
 * @returns false where SQLite was built without FTS5
 */
export function createTexts(database: Database): boolean {
  const module = database.prepare("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'");
  if (module.get() === undefined) return false;
  database.exec(CREATE_TEXTS);
  const automerge = database.prepare("SELECT v FROM search_texts_config WHERE k = 'automerge'");
  if (automerge.get()?.["v"] !== 0) database.exec(MERGE_BY_STEPS);
  return true;
}
