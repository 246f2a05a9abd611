/**
 * CHAOS_WORK=trace: traces without a pause until somebody ends it, on disk before anything else, and
 * notes the id of each span when its end() has returned. CHAOS_WORK=drain: delivers what such
 * processes have left, and ends.
 */

import { openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Observation, Playhead } from "playhead";
import { POISON } from "../../../scripts/chaos-faults";
import { createRandom } from "../../../scripts/chaos-random";
import { SENDER_HEADER } from "../../support/fault-server";

const folder = process.env["CHAOS_FOLDER"] ?? ".";
const run = process.env["CHAOS_RUN"] ?? "0";
const random = createRandom(Number(process.env["CHAOS_SEED"]));
const endedIds = openSync(join(folder, "ended"), "a");

const client = new Playhead({
  spool: { dir: join(folder, "spool"), durable: true },
  headers: { [SENDER_HEADER]: run },
  timeoutMs: 1_500,
  flushIntervalMs: 50,
  shutdownTimeoutMs: 500,
  logLevel: "error",
});

if (process.env["CHAOS_WORK"] === "drain") await drain();
else await trace();

async function trace(): Promise<never> {
  process.send?.("tracing");
  for (let index = 0; ; index += 1) {
    traceOnce(index);
    // Somebody who awaits a flush also ends the pauses of a client that waits for better keys.
    if (random() < 0.01) void client.flush({ timeoutMs: 500 });
    await pause(random() * 10);
  }
}

/** A trace of a few spans, its session known late, its root sometimes ending much later. */
function traceOnce(index: number): void {
  const root = client.startSpan({ name: "request", input: textOf(300) });
  for (let child = Math.floor(random() * 5); child > 0; child -= 1) {
    end(root.startSpan({ name: "step", output: textOf(random() < 0.02 ? 60_000 : 1_000) }));
  }
  if (random() < 0.01) root.startSpan(POISON).end();
  root.updateTrace({ sessionId: `session-${index % 10}` });
  if (random() < 0.1) {
    const id = `score-${run}-${index}`;
    client.createScore({ id, name: "quality", value: random(), traceId: root.traceId });
    note(id);
  }
  if (random() < 0.2) setTimeout(() => end(root), random() * 100);
  else end(root);
}

function end(observation: Observation): void {
  observation.end();
  note(observation.id);
}

/** The parent expects from now on that it arrives. */
function note(id: string): void {
  writeSync(endedIds, `${id}\n`);
}

function textOf(maxLength: number): string {
  let text = "";
  const length = random() * maxLength;
  while (text.length < length) text += random().toString(36);
  return text;
}

/** Until nothing more has come from disk for a second. */
async function drain(): Promise<void> {
  for (let known = -1; known !== client.stats().offered; ) {
    known = client.stats().offered;
    await pause(1_000);
    await client.flush({ timeoutMs: 20_000 });
  }
}
