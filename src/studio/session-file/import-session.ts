import type { SessionImport } from "../api/import-types";
import type { ObservationRecord } from "../store/records";
import type { Store } from "../store/store";
import { conflictOf } from "./import-conflict";
import { InvalidSessionFileError } from "./read-session-file";
import type { SessionFile } from "./session-file-types";

/** What one write takes, unless a single row is more: between two of them the studio does what else it is asked. */
const PER_WRITE = { rows: 500, bytes: 4 * 1024 * 1024 };

/** One part of an import, to be run in a transaction; running it again changes nothing. */
export interface ImportWrite {
  readonly rows: number;
  /** As JSON, but for a file's own. */
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
  yield* writesOf(observationsOf(file), (records) => void store.putObservations(records));
  for (const { places, content, uploadedUs, ...media } of file.media) {
    yield* writesOf(
      places,
      each((place) => store.media.announce(media, place)),
    );
    if (content === null || uploadedUs === null) continue;
    yield {
      rows: 1,
      bytes: media.contentLength,
      run: () => store.media.putContent(media.id, Buffer.from(content, "base64"), uploadedUs),
    };
  }
  yield* writesOf(
    file.scores,
    each((score) => store.putScore(score)),
  );
  yield* writesOf(
    file.comments,
    each((comment) => store.archive.restoreComment(comment)),
  );
  if (file.session.isBookmarked) {
    yield { rows: 1, bytes: 0, run: () => store.setBookmark(file.session.id, true) };
  }
}

function* observationsOf({ traces }: SessionFile): Generator<ObservationRecord, void> {
  for (const { id: traceId, observations } of traces) {
    for (const observation of observations) yield { traceId, ...observation };
  }
}

function each<Item>(write: (item: Item) => void): (items: readonly Item[]) => void {
  return (items) => {
    for (const item of items) write(item);
  };
}

function* writesOf<Item>(
  items: Iterable<Item>,
  write: (some: readonly Item[]) => void,
): Generator<ImportWrite, void> {
  const writeOf = (some: readonly Item[], bytes: number): ImportWrite => ({
    rows: some.length,
    bytes,
    run: () => write(some),
  });
  let [some, bytes]: [Item[], number] = [[], 0];
  for (const item of items) {
    const ownBytes = Buffer.byteLength(JSON.stringify(item)); // about as it stood in the file
    const isFull = some.length === PER_WRITE.rows || bytes + ownBytes > PER_WRITE.bytes;
    if (some.length > 0 && isFull) {
      yield writeOf(some, bytes);
      [some, bytes] = [[], 0];
    }
    some.push(item);
    bytes += ownBytes;
  }
  if (some.length > 0) yield writeOf(some, bytes);
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
