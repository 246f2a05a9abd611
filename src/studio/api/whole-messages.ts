import { firstUserMessage, MAX_FIRST_MESSAGE_LENGTH } from "../store/first-message";
import type { Store } from "../store/store";
import type { Redaction } from "./redacted-view";
import type { SessionOutline } from "./types";

/**
 * An excerpt may end in the midst of what is to be redacted: one that is cut is made anew from the
 * whole text, redacted. The others stay as they are, to be redacted like all that is in the outline.
 */
export function withWholeMessages(
  outline: SessionOutline,
  store: Store,
  { text }: Pick<Redaction, "text">,
): SessionOutline {
  const messageOf = ({ traceId, firstMessage }: SessionOutline["turns"][number]): string | null => {
    if (firstMessage === null) return null;
    // One less than the longest where the cut would have gone through a surrogate pair.
    if (firstMessage.length < MAX_FIRST_MESSAGE_LENGTH - 1) return firstMessage;
    const rootId = store.getTrace(traceId)?.rootId ?? "";
    const input = store.outlines.getObservation(traceId, rootId)?.input ?? "";
    return firstUserMessage(text(input));
  };
  const turns = outline.turns.map((turn) => ({ ...turn, firstMessage: messageOf(turn) }));
  const firstMessage = turns[0]?.firstMessage ?? null;
  return { ...outline, session: { ...outline.session, firstMessage }, turns };
}
