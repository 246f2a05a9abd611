/**
 * Gives spans and scores to a durable client and kills itself, or, with WORK=deliver, delivers what
 * such a process has left in the same folder.
 */

import { Playhead } from "playhead";

const client = new Playhead({ spool: { durable: true } });

if (process.env["WORK"] === "deliver") {
  console.log(JSON.stringify(await client.flush()));
} else {
  for (let index = 0; index < 10; index += 1) client.startSpan({ name: `span ${index}` }).end();
  for (let index = 0; index < 10; index += 1) {
    client.createScore({ id: `score-${index}`, name: "quality", value: index, sessionId: "s" });
  }
  process.kill(process.pid, "SIGKILL");
}
