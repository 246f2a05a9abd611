import MiniSearch from "minisearch";
import { observe } from "playhead";
import { type Passage, readPassages } from "./documents";

const repository = new URL("../../", import.meta.url);
const folders = [
  new URL("knowledge/", import.meta.url),
  new URL("docs/", repository),
  repository, // README.md, CHANGELOG.md
];
const passages = new Map(folders.flatMap(readPassages).map((passage) => [passage.id, passage]));

const index = new MiniSearch<Passage>({ fields: ["title", "text"] });
index.addAll([...passages.values()]);

/** The passages of the documentation that match the question best, best first. */
export const searchDocs = observe(
  async function searchDocs(question: string): Promise<Passage[]> {
    const hits = index.search(question, { boost: { title: 2 }, fuzzy: 0.1 });
    return hits.slice(0, 4).flatMap((hit) => passages.get(hit.id) ?? []);
  },
  { name: "search-docs", asType: "retriever" },
);
