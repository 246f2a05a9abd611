import { randomBytes } from "node:crypto";
import type { RedactPreset } from "../../config/redact-rules";
import { redactedView, redactionOf } from "../api/redacted-view";
import { sessionFigures } from "../api/session-figures";
import { sessionOutline } from "../api/session-outline";
import { turnOf } from "../api/studio-views";
import type { Turn } from "../api/types";
import { withWholeMessages } from "../api/whole-messages";
import type { Store } from "../store/store";
import type { EmbeddedSession } from "./embedded-session";

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
  const redaction = presets.length === 0 ? undefined : redactionOf(presets, randomBytes(16));
  const viewOf = <View extends object>(view: View): View =>
    redaction === undefined ? view : redactedView(view, { ...redaction, sessionId: redaction.id });
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
