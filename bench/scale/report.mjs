/** The text between the markers of docs/scale.md, by the name of the marker. */

import { conversations } from "../lib/workload.mjs";
import { bytes, duration, number, percent, table, usd } from "./format.mjs";
import { SPANS_PER_TRACE } from "./measure.mjs";
import {
  modelCost,
  modelFleet,
  modelProcess,
  rowBytes,
  sampledShare,
  storedRowBytes,
} from "./model.mjs";

const RATES = [1, 10, 100, 1_000];
const SLOW_FLUSH_MS = 5_000;
const FLEETS = [
  [1, 1],
  [10, 1],
  [100, 1],
  [1_000, 1],
  [10_000, 1],
  [10_000, 0.1],
];
const SAMPLINGS = [
  { sampleRate: 1, keepErrors: false },
  { sampleRate: 0.1, keepErrors: false },
  { sampleRate: 0.1, keepErrors: true },
  { sampleRate: 0.01, keepErrors: false },
  { sampleRate: 0.01, keepErrors: true },
];

/** @param given - `measured` (measured.json), `limits` (sdk-limits.mjs), `parameters` */
export function report(given) {
  return {
    trace: describeTrace(given),
    process: describeProcess(given),
    fleet: describeFleets(given),
    cost: describeCost(given),
    assumptions: describeAssumptions(given.parameters),
  };
}

function describeTrace({ measured, limits }) {
  const { encodedBytes, tracesPerFullRequest, gzipRatio, studioSpansPerSecond } = measured;
  return table([
    ["one trace of 3 spans, 2 KB in, 1 KB out", ""],
    ["encoded; one span", `${bytes(encodedBytes)}; ${bytes(encodedBytes / SPANS_PER_TRACE)}`],
    ["sent alone, HTTP headers included", bytes(measured.wireBytesSingle)],
    [
      `sent ${tracesPerFullRequest} to a request; gzip makes these smaller by`,
      `${bytes(measured.wireBytesFull)}; ${number(gzipRatio)} ×`,
    ],
    ["in the spool", bytes(measured.spoolBytes)],
    [
      "CPU of the process, all threads; and for each request",
      `${number(measured.traceMicros)} µs; ${number(measured.requestMicros)} µs`,
    ],
    [
      "in Langfuse, both rows of a span; compressed",
      `${bytes(rowBytes(measured) / SPANS_PER_TRACE)}; ${bytes(storedRowBytes(measured) / SPANS_PER_TRACE)}`,
    ],
    ["in the studio's file", bytes(measured.studioBytes)],
    ["taken by one studio, spans per second", number(studioSpansPerSecond)],
    [
      "of 100,000 ids, taken by `sampleRate` 0.1 and by 0.01",
      [0.1, 0.01].map((rate) => percent(sampledShare(rate, 0.5, limits.isSampled))).join("; "),
    ],
    [
      "open traces that `keepErrors` can keep back in `maxHoldBytes`",
      number(limits.maxHoldBytes / heldBytes(limits)),
    ],
  ]);
}

/** As the SDK counts what waits: two bytes a character, and a record for each span. */
function heldBytes({ RECORD_BYTES }) {
  const [{ messages, answer }] = conversations;
  return RECORD_BYTES * SPANS_PER_TRACE + 2 * (JSON.stringify(messages).length + answer.length);
}

function describeProcess(given) {
  const models = RATES.map((rate) => modelProcess(rate, given));
  const slow = RATES.map((rate) => modelProcess(rate, given, { flushIntervalMs: SLOW_FLUSH_MS }));
  const row = (label, cell, from = models) => [label, ...from.map(cell)];
  return table([
    ["traces per second", ...RATES.map(number)],
    row("requests per second", (model) => number(model.requestsPerSecond)),
    row("the same with `flushIntervalMs: 5000`", (model) => number(model.requestsPerSecond), slow),
    row("spans per request", (model) => number(model.spansPerRequest)),
    row("sent per second", (model) => bytes(model.wireBytesPerSecond)),
    row("CPU, of one core", (model) => percent(model.cpuShare)),
    row("endpoint away: `maxQueueBytes` is full after", (model) => duration(model.queueSeconds)),
    row("spool per hour of that", (model) => bytes(model.spoolBytesPerHour)),
    row("`spool.maxBytes` is full after", (model) => duration(model.spoolSeconds)),
  ]);
}

function describeFleets(given) {
  const models = FLEETS.map(([processes, rate]) => modelFleet(processes, rate, given));
  const row = (label, cell) => [label, ...models.map(cell)];
  const { outageMinutes } = given.parameters;
  return table([
    [
      "processes",
      ...FLEETS.map(
        ([processes, rate]) => number(processes) + (rate < 1 ? `, sampled ${rate}` : ""),
      ),
    ],
    row("spans per second", (model) => number(model.spansPerSecond)),
    row("sent, Mbit/s", (model) => number(model.bitsPerSecond / 1e6)),
    row("requests per second to the gateways", (model) => number(model.requestsPerSecond)),
    row("from the gateways to the backend", (model) => number(model.backendRequestsPerSecond)),
    row(
      "connections, usual and most",
      (model) => `${number(model.connections)}; ${number(model.maxConnections)}`,
    ),
    row("gateways of one core", (model) => number(model.gateways)),
    row("memory for connections, each", (model) => bytes(model.connectionBytes)),
    row("cores of the backend", (model) => number(model.backendCores)),
    row("rows per day, millions", (model) => number(model.rowsPerDay / 1e6)),
    row("the same, compressed", (model) => bytes(model.rowBytesPerDay)),
    row("blobs per day", (model) => bytes(model.blobBytesPerDay)),
    row(`backend away for ${outageMinutes} min: queues of the gateways full after`, ({ outage }) =>
      duration(outage.fullAfterSeconds),
    ),
    row("then one process keeps at most", (model) => bytes(model.peakKeptBytes)),
    row(
      "spans lost; the first is lost after",
      (model) => `${number(model.outage.lost)}; ${duration(model.firstLossSeconds)}`,
    ),
    row("spans per second taken at the peak after it", ({ outage }) => number(outage.peakTaken)),
    row("until all have caught up", ({ outage }) => duration(outage.catchUpSeconds)),
  ]);
}

function describeCost(given) {
  const models = SAMPLINGS.map((sampling) => modelCost(sampling, given));
  const row = (label, cell) => [label, ...models.map(cell)];
  return table([
    [
      "US$ per million traces that run",
      ...SAMPLINGS.map(
        ({ sampleRate, keepErrors }) => `${sampleRate}${keepErrors ? ", `keepErrors`" : ""}`,
      ),
    ],
    row("delivered", (model) => percent(model.share)),
    row("CPU of the processes", (model) => usd(model.host)),
    row("network", (model) => usd(model.network)),
    row("gateways", (model) => usd(model.gateways)),
    row("cores of the backend", (model) => usd(model.backend)),
    row("rows", (model) => usd(model.rows)),
    row("blobs", (model) => usd(model.blobs)),
    row("sum", (model) => usd(model.total)),
  ]);
}

function describeAssumptions(parameters) {
  const shown = Object.entries(parameters).map(
    ([name, value]) => `\`${name}\` ${value.toLocaleString("en-US")}`,
  );
  return `${shown.join(", ")}.`;
}
