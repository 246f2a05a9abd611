import type { OutgoingScore } from "../../config/outgoing-record";
import type { ScoreBody } from "../ingestion/ingestion-event";
import { MASKING_FAILED } from "./mask-call";
import { type ReadText, readEntries } from "./read-text";

/** A copy of a score's body, as a mask is shown it. */
export function toOutgoingScore(body: ScoreBody): OutgoingScore {
  const { id, traceId, observationId, sessionId, name, value, comment, metadata, environment } =
    body as ScoreBody & OutgoingScore; // as serializeScore wrote it
  return {
    kind: "score",
    id,
    traceId,
    observationId,
    sessionId,
    name,
    value,
    comment,
    metadata: metadata && { ...metadata },
    environment,
  };
}

/** The body with the texts of `score`, which somebody else may have made; ids stay as they were. */
export function readScore(
  body: ScoreBody,
  score: Partial<OutgoingScore>,
  read: ReadText,
): ScoreBody {
  const { value } = score;
  const metadata = readEntries(score.metadata, read);
  const texts = {
    name: read(score.name) ?? MASKING_FAILED,
    value: typeof value === "number" ? value : (read(value) ?? MASKING_FAILED),
    sessionId: body["sessionId"] === undefined ? undefined : read(score.sessionId),
    comment: read(score.comment),
    environment: read(score.environment),
    metadata: metadata && Object.fromEntries(metadata),
  };
  const isSet = ([, text]: [string, unknown]): boolean => text !== undefined;
  const { sessionId: _session, comment: _comment, metadata: _metadata, ...rest } = body;
  return { ...rest, ...Object.fromEntries(Object.entries(texts).filter(isSet)), id: body.id };
}
