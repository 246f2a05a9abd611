/** A handler with three spans, 2 KB of messages in, 1 KB out, session and user; all delivered. */

import { driveWarm } from "../lib/drive.mjs";
import { conversations } from "../lib/workload.mjs";

export async function run({ start, parameters: { traces, gzip } }) {
  const sdk = await start({ gzip });
  const handle = (index) => sdk.handle(conversations[index % conversations.length]);
  const { mainMicros, processMicros, allSteps } = await driveWarm(sdk, traces, handle);
  const figures = gzip
    ? { "handler process gzip": processMicros }
    : { "handler main": mainMicros, "handler process": processMicros };
  return { figures, expectedSpans: 3 * allSteps };
}
