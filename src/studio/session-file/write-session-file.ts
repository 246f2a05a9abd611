import { SESSION_FILE_FORMAT } from "../api/import-types";
import type { CommentRecord } from "../store/comment-store";
import type { MediaPlace, MediaRecord } from "../store/media-store";
import type { ObservationRecord, ScoreRecord, TraceRecord } from "../store/records";
import type { SessionMedia } from "../store/session-archive";
import type { Store } from "../store/store";
import { type FileMedia, SESSION_FILE_VERSION, type SessionFile } from "./session-file-types";

/**
 * A session as a file, in pieces of text: a line for each trace, score, comment and medium, so that
 * two files can be compared line by line and no more than a trace is in memory. The same session
 * gives the same bytes, in whichever studio it is.
 * @returns undefined when nothing carries the id. What changes while it is read may be in it or not
 */
export function writeSessionFile(sessionId: string, store: Store): Iterable<string> | undefined {
  const session = store.getSession(sessionId);
  if (session === undefined) return undefined;
  const { isBookmarked } = session;
  const head: Pick<SessionFile, "format" | "version" | "session"> = {
    format: SESSION_FILE_FORMAT,
    version: SESSION_FILE_VERSION,
    session: { id: sessionId, isBookmarked },
  };
  return pieces(JSON.stringify(head).slice(0, -1), sessionId, store);
}

function* pieces(head: string, sessionId: string, store: Store): Generator<string, void> {
  yield `${head},\n`;
  yield* list("traces", store.tracesOfSession(sessionId), (trace) => traceLine(trace, store));
  yield ",\n";
  yield* list("scores", scoresOf(sessionId, store), scoreLine);
  yield ",\n";
  yield* list("comments", store.archive.commentsOf(sessionId), commentLine);
  yield ",\n";
  yield* list("media", store.archive.mediaOf(sessionId), (media) => mediaLine(media, store));
  yield "}\n";
}

/** @param lineOf - the text of one item, or undefined for one that is gone */
function* list<Item>(
  name: string,
  items: readonly Item[],
  lineOf: (item: Item) => string | undefined,
): Generator<string, void> {
  yield `"${name}":[`;
  let isFirst = true;
  for (const item of items) {
    const line = lineOf(item);
    if (line === undefined) continue;
    yield `${isFirst ? "" : ","}\n${line}`;
    isFirst = false;
  }
  yield isFirst ? "]" : "\n]";
}

function traceLine(trace: TraceRecord, store: Store): string | undefined {
  const observations = store.observationsOfTrace(trace.id);
  if (observations.length === 0) return undefined; // deleted since
  return JSON.stringify({ id: trace.id, observations: observations.map(observationFields) });
}

/** In a fixed order: a file must not depend on how a record was built. */
function observationFields(record: ObservationRecord) {
  return {
    id: record.id,
    parentId: record.parentId,
    isAppRoot: record.isAppRoot,
    type: record.type,
    name: record.name,
    startUs: record.startUs,
    startNs: record.startNs,
    endUs: record.endUs,
    completionStartUs: record.completionStartUs,
    level: record.level,
    statusMessage: record.statusMessage,
    model: record.model,
    modelParameters: record.modelParameters,
    usageDetails: record.usageDetails,
    costDetails: record.costDetails,
    inputTokens: writtenNumber(record.inputTokens),
    outputTokens: writtenNumber(record.outputTokens),
    totalTokens: writtenNumber(record.totalTokens),
    totalCost: record.totalCost === null ? null : writtenNumber(record.totalCost),
    ...(record.priceModelId !== undefined && { priceModelId: record.priceModelId }),
    promptName: record.promptName,
    promptVersion: record.promptVersion,
    input: record.input,
    output: record.output,
    ...(record.streamTimeline !== undefined && { streamTimeline: record.streamTimeline }),
    metadata: record.metadata,
    origin: record.origin,
    exceptions: record.exceptions,
    sessionId: record.sessionId,
    userId: record.userId,
    traceName: record.traceName,
    tags: record.tags,
    isPublic: record.isPublic,
    traceMetadata: record.traceMetadata,
    environment: record.environment,
    release: record.release,
    version: record.version,
  } satisfies Record<
    Exclude<keyof ObservationRecord, "traceId" | "streamTimeline" | "priceModelId">,
    unknown
  >;
}

/** JSON has no infinity, which sums of captured numbers may reach: it stands there as a text. */
function writtenNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** A score may name a trace and its session: it stands here once. */
function scoresOf(sessionId: string, store: Store): readonly ScoreRecord[] {
  const scores = [...store.scoresOfSession(sessionId), ...store.outlines.scoresOfTraces(sessionId)];
  const byId = new Map(scores.map((score) => [score.id, score]));
  return [...byId.values()].sort(
    (a, b) => a.timestampUs - b.timestampUs || (a.id < b.id ? -1 : 1), // ids differ
  );
}

function scoreLine(score: ScoreRecord): string {
  return JSON.stringify({
    id: score.id,
    name: score.name,
    dataType: score.dataType,
    value: writtenNumber(score.value),
    stringValue: score.stringValue,
    comment: score.comment,
    metadata: score.metadata,
    source: score.source,
    environment: score.environment,
    configId: score.configId,
    queueId: score.queueId,
    timestampUs: score.timestampUs,
    traceId: score.traceId,
    observationId: score.observationId,
    sessionId: score.sessionId,
    datasetRunId: score.datasetRunId,
  } satisfies Record<keyof ScoreRecord, unknown>);
}

function commentLine(comment: CommentRecord): string {
  return JSON.stringify({
    id: comment.id,
    objectType: comment.objectType,
    objectId: comment.objectId,
    content: comment.content,
    authorUserId: comment.authorUserId,
    createdUs: comment.createdUs,
  } satisfies Record<keyof CommentRecord, unknown>);
}

function mediaLine({ id, places }: SessionMedia, store: Store): string | undefined {
  const record: MediaRecord | undefined = store.media.get(id);
  if (record === undefined) return undefined; // deleted since
  const content = store.media.contentOf(id);
  return JSON.stringify({
    id,
    hash: record.hash,
    contentType: record.contentType,
    contentLength: record.contentLength,
    uploadedUs: record.uploadedUs,
    places: places.map(({ traceId, observationId, field }: MediaPlace) => ({
      traceId,
      observationId,
      field,
    })),
    content: content === undefined ? null : Buffer.from(content).toString("base64"),
  } satisfies Record<keyof FileMedia, unknown>);
}
