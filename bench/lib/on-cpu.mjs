/**
 * Time a thread was on a core, which neighbours on the machine do not lengthen as they do wall time.
 */

import { openSync, readFileSync, readSync } from "node:fs";

const schedstat = openSchedstat();
const buffer = Buffer.alloc(128);
const cell = new Int32Array(new SharedArrayBuffer(4));
/** Long enough for the kernel to take the thread off its core. */
const SHORTEST_SLEEP_MS = 0.2;

/** Where the main thread's time comes from on this machine; printed with the figures. */
export const MAIN_THREAD_SOURCE =
  process.threadCpuUsage !== undefined
    ? "process.threadCpuUsage"
    : schedstat !== undefined
      ? "schedstat"
      : "process.cpuUsage (whole process)";

mainThreadMicros(); // the first sleep may be over before it begins

/** Microseconds the main thread has been on a core; to be called from it. */
export function mainThreadMicros() {
  if (process.threadCpuUsage !== undefined) return sum(process.threadCpuUsage());
  if (schedstat === undefined) return processMicros();
  // The kernel brings its count up to date at a tick, or when the thread sleeps.
  Atomics.wait(cell, 0, 0, SHORTEST_SLEEP_MS);
  const length = readSync(schedstat, buffer, 0, buffer.length, 0);
  return Number(buffer.latin1Slice(0, length).split(" ", 1)[0]) / 1_000;
}

/** Microseconds all threads together have been on a core. */
export function processMicros() {
  return sum(process.cpuUsage());
}

/** Highest resident memory so far, in megabytes. */
export function peakRssMb() {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "latin1"));
    return Number(kilobytes) / 1_024;
  } catch {
    return process.resourceUsage().maxRSS / 1_024; // no /proc
  }
}

function sum({ user, system }) {
  return user + system;
}

/** The kernel counts nanoseconds there; spec: https://docs.kernel.org/scheduler/sched-stats.html */
function openSchedstat() {
  try {
    return openSync(`/proc/self/task/${process.pid}/schedstat`, "r");
  } catch {
    return undefined; // not Linux, or a kernel without it
  }
}
