import { createHash } from "node:crypto";
import * as z from "zod/mini";
import { OBSERVATION_LEVELS, OBSERVATION_TYPES } from "../../attributes/observation-types";
import { SESSION_FILE_FORMAT } from "../api/import-types";
import { describeIssue } from "../api/issues";
import type { JsonObject } from "../api/types";
import { COMMENT_OBJECT_TYPES } from "../store/comment-store";
import { isJsonObject, parseJson } from "../store/json-text";
import { type ObservationRecord, SCORE_DATA_TYPES } from "../store/records";
import { listOf, MAX_ISSUES, numbers, texts } from "./list-schema";
import { SESSION_FILE_VERSION, type SessionFile } from "./session-file-types";
import { NOTHING_STORED, type StoredSession } from "./stored-session";

/** The text is no session file of this version. The message says what was expected and what came. */
export class InvalidSessionFileError extends Error {
  override readonly name = "InvalidSessionFileError";
}

/** Captured objects may be nested as deep as the studio reads JSON, and stand some levels down. */
const MAX_DEPTH = 300;

const nullableText = z.nullable(z.string());
const wholeUs = z.int();
const id = z.string().check(z.minLength(1));
/** As captured, whatever its names are: not copied, since a copy could lose a name `__proto__`. */
const jsonObject = z.custom<JsonObject>(
  (value) => isJsonObject(value as JsonObject), // only tells an object from the rest
  { error: "Invalid input: expected object" },
);
/** JSON has no infinity. */
const anyNumber = z.union([
  z.number(),
  z.pipe(z.literal(["Infinity", "-Infinity"]), z.transform(Number)),
]);
/** Read from JSON, where numbers are numbers. */
const numbersByName = z.custom<Readonly<Record<string, number>>>(
  (value) =>
    isJsonObject(value as JsonObject) && // as above
    Object.values(value as JsonObject).every((one) => typeof one === "number" || one === null),
  { error: "Invalid input: expected an object of numbers" },
);

const observation = z.object({
  id: z.string(),
  parentId: nullableText,
  isAppRoot: z.boolean(),
  type: z.enum(OBSERVATION_TYPES),
  name: z.string(),
  startUs: wholeUs,
  startNs: z.int().check(z.minimum(0), z.maximum(999)),
  endUs: wholeUs,
  completionStartUs: z.nullable(wholeUs),
  level: z.enum(OBSERVATION_LEVELS),
  statusMessage: nullableText,
  model: nullableText,
  modelParameters: jsonObject,
  usageDetails: numbersByName,
  costDetails: numbersByName,
  inputTokens: anyNumber,
  outputTokens: anyNumber,
  totalTokens: anyNumber,
  totalCost: z.nullable(anyNumber),
  priceModelId: z.exactOptional(z.string()),
  promptName: nullableText,
  promptVersion: z.nullable(z.int()),
  input: nullableText,
  output: nullableText,
  streamTimeline: z.exactOptional(numbers),
  metadata: jsonObject,
  origin: jsonObject,
  exceptions: listOf(
    z.object({ type: nullableText, message: nullableText, stacktrace: nullableText }),
  ),
  sessionId: nullableText,
  userId: nullableText,
  traceName: nullableText,
  tags: texts,
  isPublic: z.boolean(),
  traceMetadata: jsonObject,
  environment: z.string(),
  release: nullableText,
  version: nullableText,
});

const score = z.object({
  id,
  name: z.string(),
  dataType: z.enum(SCORE_DATA_TYPES),
  value: anyNumber,
  stringValue: nullableText,
  comment: nullableText,
  metadata: z.nullable(jsonObject),
  source: z.string(),
  environment: z.string(),
  configId: nullableText,
  queueId: nullableText,
  timestampUs: wholeUs,
  traceId: nullableText,
  observationId: nullableText,
  sessionId: nullableText,
  datasetRunId: nullableText,
});

const comment = z.object({
  id,
  objectType: z.enum(COMMENT_OBJECT_TYPES),
  objectId: z.string(),
  content: z.string(),
  authorUserId: nullableText,
  createdUs: wholeUs,
});

const media = z.object({
  id,
  hash: z.string(),
  contentType: z.string().check(z.maxLength(201)),
  contentLength: z.int().check(z.minimum(0)),
  uploadedUs: z.nullable(wholeUs),
  places: listOf(
    z.object({ traceId: z.string(), observationId: nullableText, field: z.string() }),
    1,
  ),
  content: z.nullable(z.string()),
});

const trace = z.object({ id, observations: listOf(observation, 1) });

const sessionFile = z.object({
  format: z.literal(SESSION_FILE_FORMAT),
  version: z.literal(SESSION_FILE_VERSION),
  session: z.object({ id, isBookmarked: z.boolean() }),
  traces: listOf(trace, 1),
  scores: listOf(score),
  comments: listOf(comment),
  media: listOf(media),
});

const filePart = z.extend(sessionFile, { isPart: z.literal(true), traces: listOf(trace) });

/**
 * Reads what `writeSessionFile` wrote, or a part of it. Names that the format does not have are passed over, so that
 * a later version may add some.
 * @param text - may begin with a byte order mark, as editors write it
 * @param storedOf - what is there of a session that a part may refer to
 * @throws InvalidSessionFileError for anything that it could not have written
 */
export function readSessionFile(
  text: string,
  storedOf: (sessionId: string) => StoredSession = () => NOTHING_STORED,
): SessionFile {
  const json = parseJson(text.startsWith("\uFEFF") ? text.slice(1) : text, MAX_DEPTH);
  if (json === undefined) {
    throw invalid("text that is not JSON, or breaks off");
  }
  if (!isJsonObject(json) || json["format"] !== SESSION_FILE_FORMAT) {
    throw invalid(`JSON without "format": "${SESSION_FILE_FORMAT}"`);
  }
  const version = json["version"];
  if (typeof version === "number" && version > SESSION_FILE_VERSION) {
    throw invalid(
      `version ${version}, which a newer playhead wrote; this one reads version ${SESSION_FILE_VERSION}`,
    );
  }
  const schema = json["isPart"] === true ? filePart : sessionFile;
  const result = z.safeParse(schema, json, { error: describeIssue });
  if (!result.success) {
    const issues = result.error.issues.slice(0, MAX_ISSUES);
    throw invalid(
      `a file with mistakes: ${issues.map(({ path, message }) => `${placeOf(path)}: ${message}`).join("; ")}`,
    );
  }
  const file: SessionFile = result.data;
  const stored = file.isPart ? storedOf(file.session.id) : NOTHING_STORED;
  const mistake = mistakeIn(file, stored);
  if (mistake !== undefined) throw invalid(`a file with a mistake: ${mistake}`);
  return file;
}

function invalid(got: string): InvalidSessionFileError {
  return new InvalidSessionFileError(
    `Expected a session as the studio exports it (JSON), got ${got}.`,
  );
}

/** `traces[0].observations[3].startUs` */
function placeOf(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("")
    .replace(/^\./, "");
}

/** What the shape does not say: everything is of this session, and media are what they claim to be. */
function mistakeIn(file: SessionFile, stored: StoredSession): string | undefined {
  const sessionId = file.session.id;
  if (file.traces.length === 0 && !stored.isThere) {
    return `it is a later part of the session ${quoted(sessionId)}, which is not in this studio`;
  }
  const traceIds = new Set<string>();
  const observationIds = new Set<string>();
  for (const { id, observations } of file.traces) {
    if (traceIds.has(id)) return `the trace ${quoted(id)} stands in it twice`;
    traceIds.add(id);
    if (!observations.some((one) => one.sessionId === sessionId)) {
      return `no observation of the trace ${quoted(id)} names the session ${quoted(sessionId)}`;
    }
    if (observations.toSorted(byStart).findLast(namesSession)?.sessionId !== sessionId) {
      return `the trace ${quoted(id)} is of another session: the last of its observations to name one decides`;
    }
    for (const { id: observationId, startUs, endUs } of observations) {
      observationIds.add(observationId);
      if (endUs < startUs) {
        return `the observation ${quoted(observationId)} of the trace ${quoted(id)} ends before it starts`;
      }
    }
  }
  const isOwnTrace = (id: string): boolean => traceIds.has(id) || stored.hasTrace(id);
  for (const { id, traceId, sessionId: own } of file.scores) {
    const isOfThis = own === sessionId || (traceId !== null && isOwnTrace(traceId));
    if (!isOfThis) return `the score ${quoted(id)} is of another session or trace`;
  }
  for (const { id, objectType, objectId } of file.comments) {
    const isOfThis =
      (objectType === "SESSION" && objectId === sessionId) ||
      (objectType === "TRACE" && isOwnTrace(objectId)) ||
      (objectType === "OBSERVATION" &&
        (observationIds.has(objectId) || stored.hasObservation(objectId)));
    if (!isOfThis) return `the comment ${quoted(id)} is on another session, trace or observation`;
  }
  for (const one of file.media) {
    const mistake = mistakeOfMedia(one, isOwnTrace);
    if (mistake !== undefined) return `the medium ${quoted(one.id)} ${mistake}`;
  }
  return undefined;
}

function mistakeOfMedia(
  { id, hash, contentLength, uploadedUs, places, content }: SessionFile["media"][number],
  isOwnTrace: (traceId: string) => boolean,
): string | undefined {
  if (Buffer.from(hash, "base64").toString("base64url").slice(0, 22) !== id) {
    return "has an id that is not the beginning of its hash";
  }
  if (places.some(({ traceId }) => !isOwnTrace(traceId))) return "stands in another trace";
  if ((content === null) !== (uploadedUs === null)) {
    return "has a content without the time of its upload, or the time without the content";
  }
  if (content === null) return undefined;
  const bytes = Buffer.from(content, "base64");
  if (bytes.length !== contentLength) {
    return `has a content of ${bytes.length} bytes, in place of ${contentLength}`;
  }
  const found = createHash("sha256").update(bytes).digest("base64");
  return found === hash ? undefined : "has a content of another hash";
}

function quoted(id: string): string {
  return JSON.stringify(id.slice(0, 100));
}

type Timed = Pick<ObservationRecord, "id" | "startUs" | "startNs" | "sessionId">;

/** As the studio orders what a trace takes from its observations. */
function byStart(a: Timed, b: Timed): number {
  return (
    a.startUs - b.startUs ||
    a.startNs - b.startNs ||
    Buffer.compare(Buffer.from(a.id), Buffer.from(b.id))
  );
}

function namesSession({ sessionId }: Timed): boolean {
  return sessionId !== null;
}
