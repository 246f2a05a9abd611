import type { SpanPlan } from "./plan-spans";
import type { EventOutcome, EventOutcomes } from "./read-answer";

const UNREADABLE: EventOutcome = {
  status: "rejected",
  code: "unreadable",
  reason: "unreadable: its bytes are no span",
};
const UNANSWERED: EventOutcome = {
  status: "retryable",
  code: "no answer",
  reason: "no answer for one of its events",
};

/**
 * What became of spans or scores whose events were sent, perhaps in several batches: delivered when
 * all events are; to be sent again when one of them may be taken later, even where another was
 * rejected, so that nothing is given up that can arrive; else rejected.
 * @param eventIds - per item, as in {@link SpanPlan.eventIds}
 * @param outcomes - of all batches together; an event that is not named has had no answer
 * @returns per item, in the order given
 */
export function settleItems(
  eventIds: SpanPlan["eventIds"],
  outcomes: EventOutcomes,
): EventOutcome[] {
  return eventIds.map((ids) => {
    if (ids === undefined) return UNREADABLE;
    const own = ids.map((id) => outcomes.get(id) ?? UNANSWERED);
    return (
      own.find(({ status }) => status === "retryable") ??
      own.find(({ status }) => status === "rejected") ?? { status: "delivered" }
    );
  });
}
