import MiniSearch from "minisearch";
import { observe } from "playhead";
import { type Passage, readPassages } from "./documents";

const MAX_PASSAGES = 4;

/** Full text search over the passages, best match first; a word in a title counts twice. */
export function createSearch(passages: Passage[]): (question: string) => Passage[] {
  const index = new MiniSearch({ fields: ["title", "text"] });
  index.addAll(passages.map((passage, id) => ({ id, ...passage })));
  return (question) => {
    const hits = index.search(question, { boost: { title: 2 }, fuzzy: 0.1 });
    return hits.slice(0, MAX_PASSAGES).flatMap(({ id }) => passages[id] ?? []);
  };
}

/** Written for users' questions. Reference pages and the changelog use the same words for other things. */
const search = createSearch(readPassages(new URL("knowledge/", import.meta.url)));

/** The passages of the documentation that answer the question best. */
export const searchDocs = observe(
  async function searchDocs(question: string): Promise<Passage[]> {
    return search(question);
  },
  { name: "search-docs", asType: "retriever" },
);
