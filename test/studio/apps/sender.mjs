/**
 * Sends batches to the studio at the first argument until it is gone, several at a time, and prints
 * the number of each that was acknowledged. Trace `<round>-<number>` has the spans of a batch.
 */

import { writeSync } from "node:fs";

const [url, round, spansPerBatch] = process.argv.slice(2);
const CONCURRENCY = 6;
let next = 0;

function bodyOf(number) {
  const spans = Array.from({ length: Number(spansPerBatch) }, (_, index) => ({
    traceId: `${round}-${number}`,
    spanId: String(index),
    name: "work",
    startTimeUnixNano: "1763806800000000000",
    endTimeUnixNano: "1763806801000000000",
    attributes: [
      { key: "session.id", value: { stringValue: `session ${round}` } },
      { key: "langfuse.observation.input", value: { stringValue: "x".repeat(1_000) } },
    ],
  }));
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
}

async function send() {
  while (true) {
    const number = next++;
    let status;
    try {
      const init = { method: "POST", body: bodyOf(number) };
      const headers = { "content-type": "application/json" };
      ({ status } = await fetch(`${url}/v1/traces`, { ...init, headers }));
    } catch {
      return; // killed: this batch was not acknowledged
    }
    if (status !== 200) throw new Error(`The studio answered ${status}`);
    writeSync(1, `${number}\n`);
  }
}

await Promise.all(Array.from({ length: CONCURRENCY }, send));
