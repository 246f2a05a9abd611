/** A handler with three spans, 2 KB of messages in, 1 KB out, session and user; all delivered. */

import { drive } from "../lib/drive.mjs";
import { conversations } from "../lib/workload.mjs";

export async function run({ start, parameters: { traces, gzip } }) {
  const sdk = await start({ gzip });
  const handle = (index) => sdk.handle(conversations[index % conversations.length]);
  const warmUp = Math.ceil(traces / 3);
  await drive(sdk, warmUp, handle);
  const { mainMicros, processMicros } = await drive(sdk, traces, handle);
  const figures = gzip
    ? { "handler process gzip": processMicros }
    : { "handler main": mainMicros, "handler process": processMicros };
  return { figures, expectedSpans: 3 * (warmUp + traces) };
}
