/** Makes a hundred clients, one after the other, and shuts each down; prints what is left of them. */

import { setImmediate as turn } from "node:timers/promises";
import { Playhead } from "playhead";

const EVENTS = ["exit", "beforeExit", "SIGTERM", "SIGINT", "uncaughtException"];
const intervals = countIntervals();
let delivered = 0;

await traceAndShutDown();
const afterOne = await left();
for (let count = 1; count < 100; count += 1) await traceAndShutDown();
const afterAll = await left();
console.log(JSON.stringify({ delivered, afterOne, afterAll }));

async function traceAndShutDown() {
  const client = new Playhead();
  client.startSpan("work").end();
  delivered += (await client.shutdown()).delivered;
}

async function left() {
  await turn(); // sockets that were destroyed close on a later turn of the loop
  await turn();
  return {
    listeners: Object.fromEntries(EVENTS.map((event) => [event, process.listenerCount(event)])),
    resources: process.getActiveResourcesInfo().filter((kind) => /Timeout|TCP/.test(kind)),
    intervals: intervals.size,
  };
}

/** Also those that let the process end, which no list of Node's names. */
function countIntervals() {
  const { setInterval, clearInterval } = globalThis;
  const running = new Set();
  globalThis.setInterval = (...args) => {
    const interval = setInterval(...args);
    running.add(interval);
    return interval;
  };
  globalThis.clearInterval = (interval) => {
    running.delete(interval);
    clearInterval(interval);
  };
  return running;
}
