/** Traces in the main thread and in two worker threads, each of which ends by itself. */

import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { Playhead } from "playhead";

const client = new Playhead();
client.startSpan(isMainThread ? "main" : `worker ${workerData}`).end();

if (isMainThread) {
  const workers = [1, 2].map(
    (workerData) => new Worker(fileURLToPath(import.meta.url), { workerData }),
  );
  const codes = await Promise.all(workers.map(async (worker) => (await once(worker, "exit"))[0]));
  console.log(JSON.stringify(codes));
} else if (process.env.WORKER_END === "process.exit") {
  process.exit(4); // of a worker, ends the worker alone
}
