/** What follows from what was measured, the SDK's limits and the assumptions. */

import { simulateBatches, simulateFleet } from "./fleet.mjs";
import { SPANS_PER_TRACE } from "./measure.mjs";
import { createRandom } from "./random.mjs";

const SECONDS_PER_DAY = 86_400;
const SECONDS_PER_HOUR = 3_600;
const GIGABYTE = 1e9;
const MILLION = 1e6;
const SAMPLED_IDS = 100_000;

/** Bytes of a request with HTTP headers; what is gzipped together gets smaller together. */
export function wireModel({ wireBytesFull, wireBytesSingle, tracesPerFullRequest }) {
  const perTrace =
    (tracesPerFullRequest * wireBytesFull - wireBytesSingle) / (tracesPerFullRequest - 1);
  const perRequest = wireBytesSingle - perTrace;
  return (requests, traces) => requests * perRequest + traces * perTrace;
}

/** One process by its rate, nobody else in the way. */
export function modelProcess(tracesPerSecond, { measured, limits }, { flushIntervalMs } = limits) {
  const maxSpans = Math.min(
    limits.maxBatchSpans,
    Math.floor((limits.maxBatchBytes / measured.encodedBytes) * SPANS_PER_TRACE),
  );
  const batches = simulateBatches(tracesPerSecond, {
    spansPerTrace: SPANS_PER_TRACE,
    maxSpans,
    flushIntervalMs,
  });
  const { traceMicros, requestMicros, encodedBytes, spoolBytes } = measured;
  const micros = tracesPerSecond * traceMicros + batches.requestsPerSecond * requestMicros;
  return {
    ...batches,
    wireBytesPerSecond: wireModel(measured)(batches.requestsPerSecond, tracesPerSecond),
    cpuShare: micros / MILLION,
    queueSeconds: limits.maxQueueBytes / (tracesPerSecond * encodedBytes),
    spoolBytesPerHour: tracesPerSecond * spoolBytes * SECONDS_PER_HOUR,
    spoolSeconds: limits.spool.maxBytes / (tracesPerSecond * spoolBytes),
  };
}

/** So many processes at the assumed rate, the gateways and the backend behind them. */
export function modelFleet(processes, sampleRate, { measured, limits, parameters }) {
  const tracesPerSecond = parameters.tracesPerSecond * sampleRate;
  const spansPerSecond = processes * tracesPerSecond * SPANS_PER_TRACE;
  const bytesPerSpan = measured.encodedBytes / SPANS_PER_TRACE;
  const gateways = Math.max(
    1,
    Math.ceil((spansPerSecond * parameters.headroom) / parameters.gatewaySpansPerSecond),
  );
  const one = modelProcess(tracesPerSecond, { measured, limits });
  const outage = simulateFleet(
    {
      processes,
      tracesPerSecond,
      gateways,
      spansPerTrace: SPANS_PER_TRACE,
      gatewaySpansPerSecond: parameters.gatewaySpansPerSecond,
      gatewayQueueSpans: parameters.gatewayQueueBytes / bytesPerSpan,
      backendSpansPerSecond: spansPerSecond * parameters.headroom,
      outageSeconds: parameters.outageMinutes * 60,
    },
    { ...limits, queueSpans: limits.maxQueueBytes / bytesPerSpan, spoolSpans: 0 },
  );
  const tracesPerDay = processes * tracesPerSecond * SECONDS_PER_DAY;
  return {
    spansPerSecond,
    gateways,
    outage,
    firstLossSeconds:
      (gateways * parameters.gatewayQueueBytes) / (spansPerSecond * bytesPerSpan) +
      one.queueSeconds,
    requestsPerSecond: processes * one.requestsPerSecond,
    backendRequestsPerSecond: Math.min(
      processes * one.requestsPerSecond,
      Math.max(
        spansPerSecond / parameters.gatewayBatchSpans,
        gateways / parameters.gatewayBatchSeconds,
      ),
    ),
    connections: processes,
    maxConnections: processes * limits.concurrency,
    connectionBytes: (processes * limits.concurrency * parameters.connectionBytes) / gateways,
    bitsPerSecond: processes * one.wireBytesPerSecond * 8,
    peakKeptBytes: outage.peakWaiting * bytesPerSpan,
    backendCores: (spansPerSecond * parameters.headroom) / parameters.backendSpansPerCore,
    blobBytesPerDay: tracesPerDay * measured.encodedBytes,
    rowBytesPerDay: tracesPerDay * storedRowBytes(measured),
    rowsPerDay: tracesPerDay * SPANS_PER_TRACE * 2,
  };
}

/** Of one trace in both tables of Langfuse, one copy. */
export function rowBytes({ encodedBytes, listedBytes }) {
  return encodedBytes + listedBytes;
}

/** The same as it is stored, if the codecs there do as well as gzip. */
export function storedRowBytes(measured) {
  return rowBytes(measured) / measured.gzipRatio;
}

/** US dollars per million traces that run, whether they are delivered or not. */
export function modelCost({ sampleRate, keepErrors }, { measured, limits, parameters }) {
  const share = deliveredShare({ sampleRate, keepErrors }, parameters);
  const recorded = keepErrors ? 1 : sampleRate;
  const { requestsPerSecond } = modelProcess(parameters.tracesPerSecond * share, {
    measured,
    limits,
  });
  const requestsPerTrace = requestsPerSecond / (parameters.tracesPerSecond * share);
  const coreHours = (micros) => micros / MILLION / SECONDS_PER_HOUR;
  const { traceMicros, requestMicros, encodedBytes } = measured;
  const hostMicros = MILLION * (recorded * traceMicros + share * requestsPerTrace * requestMicros);
  const traces = MILLION * share;
  const serverMicros = (spansPerSecond) =>
    (traces * SPANS_PER_TRACE * parameters.headroom * MILLION) / spansPerSecond;
  const wireBytes = wireModel(measured)(traces * requestsPerTrace, traces);
  const gigabyteMonths = (bytes) => (bytes / GIGABYTE) * parameters.retentionMonths;
  const costs = {
    host: coreHours(hostMicros) * parameters.usdPerCoreHour,
    network: (wireBytes / GIGABYTE) * parameters.networkHops * parameters.usdPerGbNetwork,
    gateways: coreHours(serverMicros(parameters.gatewaySpansPerSecond)) * parameters.usdPerCoreHour,
    backend: coreHours(serverMicros(parameters.backendSpansPerCore)) * parameters.usdPerCoreHour,
    rows:
      gigabyteMonths(traces * storedRowBytes(measured)) *
      parameters.replicas *
      parameters.usdPerGbMonthDisk,
    blobs: gigabyteMonths(traces * encodedBytes) * parameters.usdPerGbMonthObjects,
  };
  return { share, ...costs, total: Object.values(costs).reduce((sum, cost) => sum + cost, 0) };
}

/** `keepErrors` adds the failed ones among those that the rate leaves out. */
export function deliveredShare({ sampleRate, keepErrors }, { errorShare }) {
  return sampleRate + (keepErrors ? (1 - sampleRate) * errorShare : 0);
}

/** The SDK's own decision for ids at random; what a rate takes, every higher one takes, too. */
export function sampledShare(rate, higherRate, isSampled) {
  const random = createRandom(1);
  const word = () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  let taken = 0;
  for (let index = 0; index < SAMPLED_IDS; index += 1) {
    const id = word() + word() + word() + word();
    if (!isSampled(id, rate)) continue;
    taken += 1;
    if (!isSampled(id, higherRate)) throw new Error(`${rate} takes ${id}, ${higherRate} does not`);
  }
  return taken / SAMPLED_IDS;
}
