import { readIngestionAnswer } from "../../export/ingestion/read-answer";
import { judge, type Verdict } from "../../export/send";
import type { Transport } from "../../export/transport";
import { MOVED_SCORES } from "../ingest/moved-scores";
import type { ScoreRecord } from "../store/records";
import { type PersistOptions, persist } from "./persist";
import { scoreEvent } from "./score-event";

/** Of one request: Langfuse takes batches of 3.5 MB. */
const MAX_BATCH_SCORES = 100;
const MAX_BATCH_BYTES = 2 * 1024 * 1024;

export type ScoreOutcome =
  | { readonly status: "sent" }
  | { readonly status: "refused"; readonly reason: string }
  /** Neither these nor any other will be taken now. */
  | { readonly status: "stopped"; readonly reason: string };

export interface ScoreSenderOptions extends PersistOptions {
  readonly transport: Transport;
  readonly baseUrl: string;
  /** Whether the endpoint has a score configuration of this id. */
  readonly hasConfig: (id: string) => boolean;
}

/** Sends scores under their ids; an outcome for each, or `stopped` as the last one. */
export async function* sendScores(
  scores: readonly ScoreRecord[],
  options: ScoreSenderOptions,
): AsyncGenerator<ScoreOutcome, void> {
  for (const batch of batchesOf(scores, options.hasConfig)) {
    const result = await persist(() => sendOnce(batch, options), options);
    switch (result.status) {
      case "answered":
        for (const { id } of batch) {
          const reason = result.refusals.get(id);
          if (reason === undefined) yield { status: "sent" };
          else yield { status: "refused", reason: `Score ${JSON.stringify(id)}: ${reason}` };
        }
        break;
      case "rejected":
      case "too-large":
        for (const { id } of batch) {
          yield { status: "refused", reason: `Score ${JSON.stringify(id)}: ${result.reason}` };
        }
        break;
      default:
        yield { status: "stopped", reason: result.reason };
        return;
    }
  }
}

const METADATA = `"metadata":${JSON.stringify(MOVED_SCORES)}`;

interface ScoreJson {
  readonly id: string;
  readonly json: string;
}

function* batchesOf(
  scores: readonly ScoreRecord[],
  hasConfig: (id: string) => boolean,
): Generator<readonly ScoreJson[]> {
  let batch: ScoreJson[] = [];
  let bytes = 0;
  for (const score of scores) {
    const json = JSON.stringify(scoreEvent(score, hasConfig));
    const length = Buffer.byteLength(json);
    if (
      batch.length === MAX_BATCH_SCORES ||
      (batch.length > 0 && bytes + length > MAX_BATCH_BYTES)
    ) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push({ id: score.id, json });
    bytes += length;
  }
  if (batch.length > 0) yield batch;
}

type Attempt =
  | {
      readonly status: "answered";
      /** Reasons by the ids of scores that are refused. */
      readonly refusals: ReadonlyMap<string, string>;
    }
  | Exclude<Verdict, { status: "delivered" }>;

async function sendOnce(
  batch: readonly ScoreJson[],
  { transport, baseUrl }: ScoreSenderOptions,
): Promise<Attempt> {
  const url = `${baseUrl}/api/public/ingestion`;
  const answer = await transport.post({
    url,
    contentType: "application/json",
    body: [Buffer.from(`{"batch":[${batch.map(({ json }) => json).join(",")}],${METADATA}}`)],
    isGzipWanted: false, // servers need not take it here
  });
  const result = judge(answer, url);
  if (result.status !== "delivered") return result;
  const { status, text } = "text" in answer ? answer : { status: 0, text: "" };
  const read = readIngestionAnswer(status, text);
  if (read.status === "retryable") return read;
  const refusals = new Map<string, string>();
  const outcomes = "outcomes" in read ? read.outcomes : [];
  for (const [id, outcome] of outcomes) {
    // The same scores may go again: those that were taken are only written once more.
    if (outcome.status === "retryable") return outcome;
    if (outcome.status === "rejected") refusals.set(id, outcome.reason);
  }
  return { status: "answered", refusals };
}
