import type { ScoreItem } from "../score-lane";
import { type Failure, judge, type SendResult } from "../send";
import type { SpanItem } from "../span-lane";
import type { Transport } from "../transport";
import type { ResourceAttributes } from "./observation-event";
import { planSpans } from "./plan-spans";
import { type EventOutcome, readIngestionAnswer } from "./read-answer";
import { readScoreEvent } from "./score-event";
import { settleItems } from "./settle-items";
import { type IngestionBatch, splitBySize } from "./split-by-size";

/** Sends items as events of the legacy batch. One attempt; never rejects. */
export interface IngestionSender {
  sendSpans(items: readonly SpanItem[]): Promise<SendResult<SpanItem>>;
  sendScores(items: readonly ScoreItem[]): Promise<SendResult<ScoreItem>>;
}

const TOO_LARGE: EventOutcome = {
  status: "rejected",
  code: "too large",
  reason: "too large for the legacy protocol, even cut",
};

export function createIngestionSender(
  transport: Transport,
  url: string,
  resource: ResourceAttributes,
): IngestionSender {
  return {
    async sendSpans(items) {
      const plan = planSpans(items, resource);
      const { batches, tooLarge } = splitBySize(plan.events);
      const outcomes = new Map(tooLarge.map((id) => [id, TOO_LARGE]));
      const failed = await sendAll(batches, outcomes);
      return failed ?? summarize(items, settleItems(plan.eventIds, outcomes));
    },
    async sendScores(items) {
      const events = items.map(({ body }) => readScoreEvent(body.toString()));
      const { batches, tooLarge } = splitBySize(events.filter((event) => event !== undefined));
      const outcomes = new Map(tooLarge.map((id) => [id, TOO_LARGE]));
      const failed = await sendAll(batches, outcomes);
      const eventIds = events.map((event) => event && [event.id]);
      return failed ?? summarize(items, settleItems(eventIds, outcomes));
    },
  };

  /**
   * One request after the other, until one has no answer per event.
   * @param outcomes - filled in
   * @returns what the whole came to, where no event had an outcome
   */
  async function sendAll(
    batches: readonly IngestionBatch[],
    outcomes: Map<string, EventOutcome>,
  ): Promise<SendResult | undefined> {
    for (const { body, eventIds } of batches) {
      const contentType = "application/json";
      // Nothing in the contract says that this path unpacks what it gets.
      const answer = await transport.post({ url, contentType, body: [body], isGzipWanted: false });
      const parsed =
        "failure" in answer
          ? ({ status: "failed" } as const)
          : readIngestionAnswer(answer.status, answer.text);
      switch (parsed.status) {
        case "delivered":
          for (const id of eventIds) outcomes.set(id, { status: "delivered" });
          break;
        case "answered":
          for (const [id, outcome] of parsed.outcomes) outcomes.set(id, outcome);
          break;
        case "unsupported":
          return { ...parsed, status: "blocked" };
        case "retryable":
          return outcomes.size === 0 ? parsed : undefined;
        case "failed":
          // What went through before is not sent again: those without an outcome are retried.
          return outcomes.size === 0 ? judge(answer, url) : undefined;
      }
    }
    return undefined;
  }
}

/** Outcomes per item as one result. */
function summarize<Item>(
  items: readonly Item[],
  outcomes: readonly EventOutcome[],
): SendResult<Item> {
  const rejected: { item: Item; failure: Failure }[] = [];
  const retryable: Item[] = [];
  let failure: Failure | undefined;
  for (const [index, item] of items.entries()) {
    const outcome = outcomes[index];
    if (outcome?.status === "rejected") rejected.push({ item, failure: outcome });
    if (outcome?.status !== "retryable") continue;
    retryable.push(item);
    failure ??= outcome;
  }
  if (rejected.length === 0 && failure === undefined) return { status: "delivered" };
  return {
    status: "per-item",
    rejected,
    retryable: failure === undefined ? undefined : { items: retryable, failure },
  };
}
