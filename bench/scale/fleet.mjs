/**
 * Processes, gateways and a backend in steps of half a second, with an outage of the backend.
 *
 *     process: traces at random ─▶ queue ─▶ spool ─▶ lost
 *                                    │ 512 spans, or a second has passed; after a failure a pause
 *     gateway: takes at its rate ─▶ queue, or "try later"
 *                                    │
 *     backend: takes at its rate, or nothing during the outage
 *
 * The gateways share their load evenly and are one queue here; answers come within the step.
 */

import { createPoisson, createRandom } from "./random.mjs";

const STEP_SECONDS = 0.5;
const WARM_UP_SECONDS = 60;
const MAX_SECONDS = 7_200;

/**
 * @param fleet - `processes`, `tracesPerSecond` of one, `gateways`, `gatewaySpansPerSecond`,
 * `gatewayQueueSpans`, `backendSpansPerSecond`, `outageSeconds`, `spansPerTrace`
 * @param limits - of the SDK, in spans: `queueSpans`, `spoolSpans`; `maxBatchSpans`,
 * `flushIntervalMs`, `concurrency`, `backoff`, `backoffMs`
 * @returns spans, and seconds after the outage until nothing waits any more
 *
 * One function, since its inner part runs tens of millions of times over these arrays.
 */
export function simulateFleet(fleet, limits, seed = 1) {
  const random = createRandom(seed);
  const { processes, spansPerTrace } = fleet;
  const comes = createPoisson(random, fleet.tracesPerSecond * STEP_SECONDS);
  const waiting = new Float64Array(processes);
  const oldestAt = new Float64Array(processes);
  const pausedUntil = new Float64Array(processes);
  const failures = new Uint8Array(processes);
  const room = fleet.gateways * fleet.gatewayQueueSpans;
  const outageEndsAt = WARM_UP_SECONDS + fleet.outageSeconds;
  const maxWaiting = limits.queueSpans + limits.spoolSpans;
  /** No more waits than what came in a moment ago. */
  const settledSpans = 2 * fleet.backendSpansPerSecond;
  const flushSeconds = limits.flushIntervalMs / 1_000;
  let queued = 0;
  let budget = 0;
  let refusedAt = Number.POSITIVE_INFINITY;
  const totals = { offered: 0, delivered: 0, lost: 0, refused: 0, peakWaiting: 0, peakTaken: 0 };

  function arrive(index, now) {
    const spans = comes() * spansPerTrace;
    if (spans === 0) return;
    totals.offered += spans;
    if (waiting[index] === 0) oldestAt[index] = now;
    const kept = Math.min(spans, maxWaiting - waiting[index]);
    totals.lost += spans - kept;
    waiting[index] += kept;
    if (waiting[index] > totals.peakWaiting) totals.peakWaiting = waiting[index];
  }

  function send(index, now) {
    for (let sent = 0; now >= pausedUntil[index] && waiting[index] > 0; sent += 1) {
      const isDue = waiting[index] >= limits.maxBatchSpans || now - oldestAt[index] >= flushSeconds;
      if (!isDue || sent >= (failures[index] > 0 ? 1 : limits.concurrency)) return;
      const batch = Math.min(waiting[index], limits.maxBatchSpans);
      if (batch > budget || queued + batch > room) {
        totals.refused += 1;
        refusedAt = Math.min(refusedAt, now);
        failures[index] = Math.min(failures[index] + 1, 30);
        pausedUntil[index] =
          now + limits.backoffMs(failures[index], limits.backoff, random) / 1_000;
        return;
      }
      budget -= batch;
      queued += batch;
      failures[index] = 0;
      waiting[index] -= batch;
      oldestAt[index] = now;
    }
  }

  for (let step = 0; step * STEP_SECONDS < MAX_SECONDS; step += 1) {
    const now = step * STEP_SECONDS;
    const stepBudget = fleet.gateways * fleet.gatewaySpansPerSecond * STEP_SECONDS;
    budget = stepBudget;
    const first = step % processes; // nobody is always first
    for (let turn = 0; turn < processes; turn += 1) {
      const index = (first + turn) % processes;
      arrive(index, now);
      send(index, now);
    }
    totals.peakTaken = Math.max(totals.peakTaken, (stepBudget - budget) / STEP_SECONDS);
    if (now < WARM_UP_SECONDS || now >= outageEndsAt) {
      const taken = Math.min(queued, fleet.backendSpansPerSecond * STEP_SECONDS);
      queued -= taken;
      totals.delivered += taken;
    }
    const isSettled = queued <= settledSpans && failures.every((count) => count === 0);
    if (now > outageEndsAt && isSettled) {
      return close(totals, { queued, waiting, refusedAt, settledAt: now, outageEndsAt });
    }
  }
  throw new Error(`Expected the fleet to catch up within ${MAX_SECONDS} s of simulated time`);
}

/** The books have to balance: a simulation that loses spans of its own proves nothing. */
function close(totals, { queued, waiting, refusedAt, settledAt, outageEndsAt }) {
  const left = waiting.reduce((sum, spans) => sum + spans, queued);
  const missing = totals.offered - totals.delivered - totals.lost - left;
  if (Math.abs(missing) > 1e-6 * totals.offered) throw new Error(`${missing} spans are missing`);
  return {
    ...totals,
    catchUpSeconds: settledAt - outageEndsAt,
    fullAfterSeconds: refusedAt - WARM_UP_SECONDS,
  };
}

/**
 * One process that nothing disturbs, exactly: a batch begins with a trace, and ends after the flush
 * interval or when it is full.
 * @returns requests per second and spans per request
 */
export function simulateBatches(tracesPerSecond, { spansPerTrace, maxSpans, flushIntervalMs }) {
  const random = createRandom(1);
  const next = () => -Math.log(1 - random()) / tracesPerSecond;
  const seconds = 20_000 / tracesPerSecond;
  let requests = 0;
  let spans = 0;
  let now = next();
  while (now < seconds) {
    const dueAt = now + flushIntervalMs / 1_000;
    let waiting = spansPerTrace;
    now += next();
    while (now < dueAt && waiting + spansPerTrace <= maxSpans) {
      waiting += spansPerTrace;
      now += next();
    }
    requests += 1;
    spans += waiting;
  }
  return { requestsPerSecond: requests / seconds, spansPerRequest: spans / requests };
}
