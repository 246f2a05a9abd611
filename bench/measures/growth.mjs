/** How the cost grows with one dimension: the size of the content, the depth, what runs at once. */

import { driveWarm } from "../lib/drive.mjs";
import { conversations, texts } from "../lib/workload.mjs";

export async function run({ start, parameters: { dimension, value } }) {
  const sdk = await start();
  return { figures: { cost: await DIMENSIONS[dimension](sdk, value) } };
}

const DIMENSIONS = {
  /** Microseconds per span with so many kilobytes of text. */
  async content(sdk, kilobytes) {
    const contents = texts(kilobytes * 1_000);
    const record = (index) => sdk.record(contents[index % contents.length]);
    const spans = Math.max(64, Math.min(6_000, Math.ceil(48_000 / kilobytes)));
    const perFlush = Math.max(1, Math.min(500, Math.floor(4_000 / kilobytes)));
    return (await driveWarm(sdk, spans, record, perFlush)).mainMicros;
  },

  /** Microseconds per span where so many are open, one inside the other. */
  async depth(sdk, levels) {
    const descend = sdk.observe(async (left) => (left <= 1 ? 0 : descend(left - 1)));
    const runs = Math.ceil(8_000 / levels);
    const perFlush = Math.max(1, Math.floor(500 / levels));
    return (await driveWarm(sdk, runs, () => descend(levels), perFlush)).mainMicros / levels;
  },

  /** Microseconds per trace where so many handlers are in flight together. */
  async concurrency(sdk, handlers) {
    const wave = () =>
      Promise.all(
        Array.from({ length: handlers }, (_, index) =>
          sdk.handle(conversations[index % conversations.length]),
        ),
      );
    const waves = Math.ceil(6_000 / handlers);
    const perFlush = Math.max(1, Math.floor(170 / handlers));
    return (await driveWarm(sdk, waves, wave, perFlush)).mainMicros / handlers;
  },
};
