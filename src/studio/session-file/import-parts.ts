import type { SessionImport } from "../api/import-types";

/** What came of a file: a session, or why there is none, or not all of it. */
export type FileOutcome = { readonly imported: SessionImport } | { readonly failure: string };

/**
 * Brings the parts of a file in, one after the other, until one fails.
 * @param messageOf - for what `parts` or `send` threw; may throw what is no failure of theirs
 */
export async function importParts<Part>(
  parts: AsyncIterable<Part>,
  send: (part: Part) => Promise<SessionImport>,
  messageOf: (error: unknown) => string,
): Promise<FileOutcome> {
  let imported: SessionImport | undefined;
  try {
    for await (const part of parts) {
      const one = await send(part);
      imported = imported === undefined ? one : addImports(imported, one);
    }
  } catch (error) {
    const failure = messageOf(error);
    if (imported === undefined) return { failure };
    return {
      failure: `${failure} What came before that is in the studio; import it again to go on: nothing is doubled.`,
    };
  }
  return imported === undefined ? { failure: "It is empty." } : { imported };
}

/** What several parts of a file have brought in. */
function addImports(one: SessionImport, other: SessionImport): SessionImport {
  return {
    sessionId: other.sessionId,
    traceCount: one.traceCount + other.traceCount,
    observationCount: one.observationCount + other.observationCount,
    scoreCount: one.scoreCount + other.scoreCount,
    commentCount: one.commentCount + other.commentCount,
    mediaCount: one.mediaCount + other.mediaCount,
  };
}
