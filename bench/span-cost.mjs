/**
 * What one trace of three spans costs the main thread, in CPU time: a span of
 * @opentelemetry/sdk-trace-base that is thrown away when it ends, against Playhead's whole way to
 * the queue (serialise, encode, hold, stamp). Build first: `npm run build:fast` in the root.
 */

import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
import { Playhead } from "../dist/index.js";

const TRACES = 20_000;
const ROUNDS = 7;
const input = "x".repeat(2_000);
const output = "y".repeat(1_000);

const nothing = { onStart() {}, onEnd() {}, forceFlush: async () => {}, shutdown: async () => {} };
const tracer = new BasicTracerProvider({ spanProcessors: [nothing] }).getTracer("bench");
const client = new Playhead({
  baseUrl: "http://127.0.0.1:9", // nobody listens; what does not fit into the queue is dropped
  logLevel: "silent",
  maxQueueBytes: 4_000_000,
});

function openTelemetrySpans() {
  for (let index = 0; index < 3; index += 1) {
    const span = tracer.startSpan("generate");
    span.setAttribute("langfuse.observation.type", "generation");
    span.setAttribute("langfuse.observation.input", input);
    span.setAttribute("langfuse.observation.output", output);
    span.setAttribute("langfuse.observation.model.name", "gpt-4o");
    span.setAttribute("session.id", "session");
    span.setAttribute("user.id", "user");
    span.end();
  }
}

function playheadTrace() {
  const root = client.startSpan({ name: "root", input });
  for (let index = 0; index < 2; index += 1) {
    const generation = root.startGeneration({ name: "generate", input, model: "gpt-4o" });
    generation.update({ output });
    generation.end();
  }
  root.updateTrace({ sessionId: "session", userId: "user" });
  root.update({ output }).end();
}

/** @returns microseconds of CPU per call */
function cost(work) {
  const start = process.cpuUsage();
  for (let index = 0; index < TRACES; index += 1) work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / TRACES;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const costs = { "OpenTelemetry span, nothing exported": [], "Playhead, encoded and queued": [] };
for (let round = 0; round <= ROUNDS; round += 1) {
  const measured = [cost(openTelemetrySpans), cost(playheadTrace)];
  if (round > 0)
    for (const [index, list] of Object.values(costs).entries()) list.push(measured[index]);
}
for (const [name, list] of Object.entries(costs)) {
  const spread = `${Math.min(...list).toFixed(1)} to ${Math.max(...list).toFixed(1)}`;
  console.log(`${name.padEnd(38)} ${median(list).toFixed(1)} us per trace of 3 spans (${spread})`);
}
process.exit();
