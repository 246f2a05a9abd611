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
    for (let first = 0; first < observations.length; first += ROWS_PER_WRITE) {
      const part = observations
        .slice(first, first + ROWS_PER_WRITE)
        .map((observation) => ({ traceId, ...observation }));
      const bytes = part.reduce(
        (sum, { input, output }) => sum + (input?.length ?? 0) + (output?.length ?? 0),
        0,
      );
      yield { rows: part.length, bytes, run: () => void store.putObservations(part) };
    }
  }
  for (const media of file.media) {
    yield {
      rows: media.places.length,
      bytes: media.contentLength,
      run() {
        for (const place of media.places) store.media.announce(media, place);
        if (media.content === null || media.uploadedUs === null) return;
        store.media.putContent(media.id, Buffer.from(media.content, "base64"), media.uploadedUs);
      },
    };
  }
  yield {
    rows: file.scores.length + file.comments.length + 1,
    bytes: 0,
    run() {
      for (const score of file.scores) store.putScore(score);
      for (const comment of file.comments) store.archive.restoreComment(comment);
      if (file.session.isBookmarked) store.setBookmark(file.session.id, true);
    },
  };
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
