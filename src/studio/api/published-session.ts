import { MAX_OUTLINE_TEXT_LENGTH } from "../store/outline-store";
import type { PublicationRecord } from "../store/publication-store";
import type { TraceRecord } from "../store/records";
import type { Store } from "../store/store";
import type { SessionFigures, TraceOutline } from "./detail-types";
import { type Redaction, redactedView, redactionOf } from "./redacted-view";
import { sessionFigures } from "./session-figures";
import { sessionOutline, turnList } from "./session-outline";
import { observationView } from "./studio-views";
import { traceOutline } from "./trace-outline";
import type { JsonValue, ObservationView, SessionOutline, TurnList } from "./types";
import { withWholeMessages } from "./whole-messages";

/** What people said of a session is not part of it: scores with their comments, and the bookmark. */
const LEFT_OUT: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ["scores", []],
  ["isBookmarked", false],
]);

/**
 * One session as it is read at its public address: the same answers that the page reads of any
 * session, of this one alone, without scores, and redacted as its publication says.
 */
export interface PublishedSession {
  /** Undefined when the session is gone. */
  outline(): SessionOutline | undefined;
  figures(): SessionFigures | undefined;
  /** Each once; ids that are not of this session are passed over. */
  turns(traceIds: readonly string[]): TurnList;
  traceOutline(traceId: string): TraceOutline | undefined;
  observation(traceId: string, id: string): ObservationView | undefined;
  /** Whether a trace of the session refers to the file. */
  hasMedia(id: string): boolean;
}

/** For one request: what it read of the session's traces it keeps. */
export function publishedSession(
  { id: publicationId, sessionId, redact: presets }: PublicationRecord,
  store: Store,
): PublishedSession {
  const { text: redact, id: publicId } = redactionOf(presets, `${publicationId}\n`);
  const redaction: Redaction = {
    text: redact,
    id: publicId,
    sessionId: redact, // nothing is asked for by it here
    leftOut: LEFT_OUT,
  };
  const publicView = <View extends object>(view: View): View => redactedView(view, redaction);
  const isRedacted = presets.length > 0;

  let byPublicId: ReadonlyMap<string, TraceRecord> | undefined;
  /** Read once at most: a request may ask for many ids, and redacting all of a session takes a while. */
  const tracesByPublicId = (): ReadonlyMap<string, TraceRecord> => {
    byPublicId ??= new Map(
      store.tracesOfSession(sessionId).map((trace) => [publicId(trace.id), trace]),
    );
    return byPublicId;
  };
  const traceOf = (givenId: string): TraceRecord | undefined => {
    const trace = store.getTrace(givenId);
    if (trace?.sessionId === sessionId && publicId(trace.id) === givenId) return trace;
    return isRedacted ? tracesByPublicId().get(givenId) : undefined;
  };
  const observationIdOf = (traceId: string, givenId: string): string | undefined => {
    const observation = store.outlines.getObservation(traceId, givenId);
    if (observation !== undefined && publicId(givenId) === givenId) return givenId;
    if (!isRedacted) return undefined;
    return store.outlines.stepsOfTrace(traceId).find(({ id }) => publicId(id) === givenId)?.id;
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
      return publicView(isRedacted ? withWholeMessages(outline, store, redaction) : outline);
    },
    figures: () => store.getSession(sessionId) && publicView(sessionFigures(sessionId, store)),
    turns(givenIds) {
      const ids = [...new Set(givenIds)].flatMap((id) => traceOf(id)?.id ?? []);
      const { data, left } = turnList(ids, store);
      return { data: data.map((turn) => publicView(turn)), left: left.map(publicId) };
    },
    traceOutline(givenId) {
      const trace = traceOf(givenId);
      if (trace === undefined) return undefined;
      const outline = traceOutline(trace, store);
      const steps = outline.steps.map((step) => stepWithRedactedTexts(trace.id, step));
      return publicView({ ...outline, steps });
    },
    observation(givenTraceId, givenId) {
      const trace = traceOf(givenTraceId);
      const id = trace && observationIdOf(trace.id, givenId);
      if (trace === undefined || id === undefined) return undefined;
      const found = store.outlines.getObservation(trace.id, id);
      return found && publicView(observationView(found, trace.startUs));
    },
    hasMedia: (id) =>
      store.media
        .placesOf(id)
        .some(({ traceId }) => store.getTrace(traceId)?.sessionId === sessionId),
  };
}
