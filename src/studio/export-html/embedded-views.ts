import { createHash, randomBytes } from "node:crypto";
import { createTextRedactor } from "../../capture/redact/redact-text";
import type { RedactPreset } from "../../config/redact-rules";
import { sessionFigures } from "../api/session-figures";
import { sessionOutline } from "../api/session-outline";
import { turnOf } from "../api/studio-views";
import type { SessionOutline, Turn } from "../api/types";
import { firstUserMessage } from "../store/first-message";
import type { Store } from "../store/store";
import type { EmbeddedSession } from "./embedded-session";
import { type Redaction, redactedView } from "./redacted-view";

/** What is embedded of a session, redacted where that was asked for. */
export interface EmbeddedViews extends Pick<EmbeddedSession, "outline" | "figures"> {
  /** Read one by one; what was deleted since is passed over. */
  turns(): Iterable<Turn>;
}

/** @param presets - what to redact; with none all stands as it was captured */
export function embeddedViews(
  sessionId: string,
  store: Store,
  presets: readonly RedactPreset[],
): EmbeddedViews | undefined {
  const outline = sessionOutline(sessionId, store);
  if (outline === undefined) return undefined;
  const redaction = presets.length === 0 ? undefined : redactionOf(presets);
  const viewOf = <View extends object>(view: View): View =>
    redaction === undefined ? view : redactedView(view, redaction);
  return {
    outline: viewOf(
      redaction === undefined ? outline : withWholeMessages(outline, store, redaction),
    ),
    figures: viewOf(sessionFigures(sessionId, store)),
    *turns() {
      for (const { traceId } of outline.turns) {
        const trace = store.getTrace(traceId);
        if (trace !== undefined) yield viewOf(turnOf(trace, store));
      }
    },
  };
}

/** Ids lead from one view to the other: one that holds what is hidden gets another in its place. */
function redactionOf(presets: readonly RedactPreset[]): Redaction {
  const text = createTextRedactor(presets);
  const salt = randomBytes(16);
  return {
    text,
    id(id) {
      if (text(id) === id) return id;
      const digest = createHash("sha256").update(salt).update(id).digest("base64url");
      return `redacted-${digest.slice(0, 22)}`;
    },
  };
}

/** An excerpt may end in the midst of what is to be redacted: it is made anew from the whole text. */
function withWholeMessages(
  outline: SessionOutline,
  store: Store,
  { text }: Redaction,
): SessionOutline {
  const turns = outline.turns.map((turn) => {
    const rootId = store.getTrace(turn.traceId)?.rootId ?? "";
    const input = store.outlines.getObservation(turn.traceId, rootId)?.input ?? "";
    return { ...turn, firstMessage: firstUserMessage(text(input)) };
  });
  const firstMessage = turns[0]?.firstMessage ?? null;
  return { ...outline, session: { ...outline.session, firstMessage }, turns };
}
