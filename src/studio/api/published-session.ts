import { createHash } from "node:crypto";
import { createTextRedactor } from "../../capture/redact/redact-text";
import { firstUserMessage, MAX_FIRST_MESSAGE_LENGTH } from "../store/first-message";
import { MAX_OUTLINE_TEXT_LENGTH } from "../store/outline-store";
import type { PublicationRecord } from "../store/publication-store";
import type { TraceRecord } from "../store/records";
import type { Store } from "../store/store";
import type { SessionFigures, TraceOutline } from "./detail-types";
import { publicView, type Redaction } from "./redacted-view";
import { sessionFigures } from "./session-figures";
import { sessionOutline, turnList } from "./session-outline";
import { observationView } from "./studio-views";
import { traceOutline } from "./trace-outline";
import type { ObservationView, SessionOutline, TurnList } from "./types";

/**
 * One session as it is read at its public address: the same answers that the page reads of any
 * session, of this one alone, without scores, and redacted as its publication says.
 */
export interface PublishedSession {
  /** Undefined when the session is gone. */
  outline(): SessionOutline | undefined;
  figures(): SessionFigures | undefined;
  /** Ids that are not of this session are passed over. */
  turns(traceIds: readonly string[]): TurnList;
  traceOutline(traceId: string): TraceOutline | undefined;
  observation(traceId: string, id: string): ObservationView | undefined;
  /** Whether a trace of the session refers to the file. */
  hasMedia(id: string): boolean;
}

export function publishedSession(
  { id: publicationId, sessionId, redact: presets }: PublicationRecord,
  store: Store,
): PublishedSession {
  const redact = createTextRedactor(presets);
  /** An id that holds something to redact gets another one, the same for each request. */
  const publicId = (id: string): string => {
    if (redact(id) === id) return id;
    const text = `${publicationId}\n${id}`;
    return `redacted-${createHash("sha256").update(text).digest("base64url").slice(0, 22)}`;
  };
  const redaction: Redaction = { redact, publicId };
  const isRedacted = presets.length > 0;

  const traceOf = (givenId: string): TraceRecord | undefined => {
    const trace = store.getTrace(givenId);
    if (trace?.sessionId === sessionId && publicId(trace.id) === givenId) return trace;
    if (!isRedacted) return undefined;
    return store.tracesOfSession(sessionId).find(({ id }) => publicId(id) === givenId);
  };
  const observationIdOf = (traceId: string, givenId: string): string | undefined => {
    const observation = store.outlines.getObservation(traceId, givenId);
    if (observation !== undefined && publicId(givenId) === givenId) return givenId;
    if (!isRedacted) return undefined;
    return store.outlines.stepsOfTrace(traceId).find(({ id }) => publicId(id) === givenId)?.id;
  };
  /** An excerpt may end in the midst of what is to be redacted: then it is made anew. */
  const firstMessageOf = (trace: TraceRecord): string | null => {
    const { firstMessage } = trace;
    if (!isRedacted || firstMessage === null) return firstMessage;
    // One less than the longest where the cut would have gone through a surrogate pair.
    if (firstMessage.length < MAX_FIRST_MESSAGE_LENGTH - 1) return firstMessage;
    const input = store.outlines.getObservation(trace.id, trace.rootId)?.input ?? "";
    return firstUserMessage(redact(input));
  };
  const stepWithRedactedTexts = (
    traceId: string,
    step: TraceOutline["steps"][number],
  ): TraceOutline["steps"][number] => {
    const isCut = [step.name, step.statusMessage ?? ""].some(
      (text) => text.length >= MAX_OUTLINE_TEXT_LENGTH,
    );
    const whole = isRedacted && isCut && store.outlines.getObservation(traceId, step.id);
    if (!whole) return step;
    const cut = (text: string): string => redact(text).slice(0, MAX_OUTLINE_TEXT_LENGTH);
    const statusMessage = whole.statusMessage === null ? null : cut(whole.statusMessage);
    return { ...step, name: cut(whole.name), statusMessage };
  };

  return {
    outline() {
      const outline = sessionOutline(sessionId, store);
      if (outline === undefined) return undefined;
      const messages = new Map(
        store.tracesOfSession(sessionId).map((trace) => [trace.id, firstMessageOf(trace)]),
      );
      const turns = outline.turns.map((turn) => ({
        ...turn,
        firstMessage: messages.get(turn.traceId) ?? null,
      }));
      const session = { ...outline.session, firstMessage: turns[0]?.firstMessage ?? null };
      return publicView({ ...outline, session, turns }, redaction);
    },
    figures: () =>
      store.getSession(sessionId) && publicView(sessionFigures(sessionId, store), redaction),
    turns(givenIds) {
      const ids = givenIds.flatMap((id) => traceOf(id)?.id ?? []);
      const { data, left } = turnList(ids, store);
      return { data: data.map((turn) => publicView(turn, redaction)), left: left.map(publicId) };
    },
    traceOutline(givenId) {
      const trace = traceOf(givenId);
      if (trace === undefined) return undefined;
      const outline = traceOutline(trace, store);
      const steps = outline.steps.map((step) => stepWithRedactedTexts(trace.id, step));
      return publicView({ ...outline, steps }, redaction);
    },
    observation(givenTraceId, givenId) {
      const trace = traceOf(givenTraceId);
      const id = trace && observationIdOf(trace.id, givenId);
      if (trace === undefined || id === undefined) return undefined;
      const found = store.outlines.getObservation(trace.id, id);
      return found && publicView(observationView(found, trace.startUs), redaction);
    },
    hasMedia: (id) =>
      store.media
        .placesOf(id)
        .some(({ traceId }) => store.getTrace(traceId)?.sessionId === sessionId),
  };
}
