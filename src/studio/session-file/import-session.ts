import type { SessionImport } from "../api/import-types";
import type { Store } from "../store/store";
import { conflictOf } from "./import-conflict";
import { InvalidSessionFileError } from "./read-session-file";
import type { SessionFile } from "./session-file-types";

/** Rows that one write takes: between two of them the studio does what else it is asked. */
const ROWS_PER_WRITE = 500;

/** One part of an import, to be run in a transaction; running it again changes nothing. */
export interface ImportWrite {
  readonly rows: number;
  readonly bytes: number;
  run(): void;
}

/**
 * The writes that bring a session file into a store, to be run in this order. Idempotent as
 * ingestion is: of two versions of an observation the one that ended later stays, a score is
 * replaced by the one in the file, comments and media that are there stay, and no bookmark is taken
 * away.
 * @throws InvalidSessionFileError before the first write, where it would change another session
 */
export function* importSession(file: SessionFile, store: Store): Generator<ImportWrite, void> {
  const conflict = conflictOf(file, store);
  if (conflict !== undefined) {
    throw new InvalidSessionFileError(
      `Expected a session of its own, got ${conflict}. Nothing was imported.`,
    );
  }
  for (const { id: traceId, observations } of file.traces) {
    for (const some of slices(observations)) {
      const rows = some.map((observation) => ({ traceId, ...observation }));
      const bytes = rows.reduce(
        (sum, { input, output }) => sum + (input?.length ?? 0) + (output?.length ?? 0),
        0,
      );
      yield { rows: rows.length, bytes, run: () => void store.putObservations(rows) };
    }
  }
  for (const { places, content, uploadedUs, ...media } of file.media) {
    yield* writesOf(places, (place) => store.media.announce(media, place));
    if (content === null || uploadedUs === null) continue;
    yield {
      rows: 1,
      bytes: media.contentLength,
      run: () => store.media.putContent(media.id, Buffer.from(content, "base64"), uploadedUs),
    };
  }
  yield* writesOf(file.scores, (score) => store.putScore(score));
  yield* writesOf(file.comments, (comment) => store.archive.restoreComment(comment));
  if (file.session.isBookmarked) {
    yield { rows: 1, bytes: 0, run: () => store.setBookmark(file.session.id, true) };
  }
}

/** @param write - what is small */
function* writesOf<Item>(
  items: readonly Item[],
  write: (item: Item) => void,
): Generator<ImportWrite, void> {
  for (const some of slices(items)) {
    const run = (): void => {
      for (const item of some) write(item);
    };
    yield { rows: some.length, bytes: 0, run };
  }
}

function* slices<Item>(items: readonly Item[]): Generator<readonly Item[], void> {
  for (let first = 0; first < items.length; first += ROWS_PER_WRITE) {
    yield items.slice(first, first + ROWS_PER_WRITE);
  }
}

export function countsOf(file: SessionFile): SessionImport {
  return {
    sessionId: file.session.id,
    traceCount: file.traces.length,
    observationCount: file.traces.reduce((sum, trace) => sum + trace.observations.length, 0),
    scoreCount: file.scores.length,
    commentCount: file.comments.length,
    mediaCount: file.media.length,
  };
}
