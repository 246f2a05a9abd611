import type { SESSION_FILE_FORMAT } from "../api/import-types";
import type { CommentRecord } from "../store/comment-store";
import type { MediaPlace, MediaRecord } from "../store/media-store";
import type { ObservationRecord, ScoreRecord } from "../store/records";

/** Of the format; rises when a reader of the version before would misread a file. */
export const SESSION_FILE_VERSION = 1;

/**
 * A session with all that the studio keeps of it, as `docs/session-format.md` describes it. Times
 * are microseconds since the epoch, in UTC. Lists are sorted, so that one session gives one text.
 */
export interface SessionFile {
  readonly format: typeof SESSION_FILE_FORMAT;
  readonly version: typeof SESSION_FILE_VERSION;
  readonly session: { readonly id: string; readonly isBookmarked: boolean };
  /**
   * It holds some lines of a larger file. Its scores, comments and media may be of traces that the
   * studio has from the parts before it. No file that is exported says so.
   */
  readonly isPart?: true;
  /** By start, then id. At least one, but in a part. */
  readonly traces: readonly FileTrace[];
  /** Of the session, its traces and their observations; by time, then id. */
  readonly scores: readonly ScoreRecord[];
  /** On the session, its traces and their observations; by time, then id. */
  readonly comments: readonly CommentRecord[];
  /** By id. */
  readonly media: readonly FileMedia[];
}

/** What is said of a trace stands at its observations. */
export interface FileTrace {
  readonly id: string;
  /** By start, then id. At least one. */
  readonly observations: readonly FileObservation[];
}

/** Its trace is the one it stands in. */
export type FileObservation = Omit<ObservationRecord, "traceId">;

export interface FileMedia extends MediaRecord {
  /** By trace, observation and field. */
  readonly places: readonly MediaPlace[];
  /** In base64; null where it was announced and never uploaded. */
  readonly content: string | null;
}
