/** The next process on the same spool: delivers what the one before left, and nothing of its own. */

import { Playhead } from "playhead";

const { CLIENTS, EXPECTED } = process.env;
const clients =
  CLIENTS === undefined
    ? [new Playhead()]
    : Array.from(
        { length: Number(CLIENTS) },
        (_, index) => new Playhead({ publicKey: `pk-${index}`, secretKey: "sk" }),
      );
const giveUpAt = Date.now() + 15_000;
const watch = setInterval(() => {
  const delivered = clients
    .map((client) => client.stats())
    .reduce((sum, stats) => sum + stats.delivered + stats.scores.delivered, 0);
  if (delivered < Number(EXPECTED) && Date.now() < giveUpAt) return;
  clearInterval(watch);
  console.log(JSON.stringify({ delivered }));
}, 20);
