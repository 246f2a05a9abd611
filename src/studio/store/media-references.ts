/** Stands in a text for a file. Spec: langfuse-contract, section 6 */
const MARK = "@@@langfuseMedia:";
const REFERENCE = /@@@langfuseMedia:type=[^|@]{1,200}\|id=([\w-]{1,64})\|/g;

/** References of one text that are noted; hostile texts hold more. */
const MAX_REFERENCES = 1_000;

/** The ids of the files that a text refers to, each once. */
export function mediaIdsIn(text: string): readonly string[] {
  if (!text.includes(MARK)) return [];
  const ids = new Set<string>();
  for (const [, id] of text.matchAll(REFERENCE)) {
    if (id !== undefined) ids.add(id);
    if (ids.size >= MAX_REFERENCES) break;
  }
  return [...ids];
}
