/**
 * How many observations of 1 KB a second the studio takes, each acknowledged after its commit, and
 * how long a request waits. The client is this process, the studio another one. Run by itself:
 * `node bench/studio/measures/ingest.mjs`
 */

import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { otlpRequests } from "../lib/otlp-load.mjs";
import { startStudioProcess } from "../lib/studio-process.mjs";

const OBSERVATIONS = 60_000;
const WARM_UP = 10_000;
const PER_REQUEST = 250;
/** Requests under way at a time. */
const CONNECTIONS = 4;

const budgets = JSON.parse(readFileSync(new URL("../budgets.json", import.meta.url), "utf8"));

/** @returns rows `{ name, value, unit, budget, isMet }` */
export async function run({ execArgv } = {}) {
  const rows = [];
  for (const isGzipped of [false, true]) rows.push(...(await measure(isGzipped, execArgv)));
  return rows;
}

async function measure(isGzipped, execArgv) {
  const studio = await startStudioProcess({ execArgv });
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  try {
    const bodies = (count, seed) =>
      otlpRequests({ count, perRequest: PER_REQUEST, seed }).map((body) =>
        isGzipped ? gzipSync(body, { level: 1 }) : body,
      );
    await sendAll(studio.url, agent, bodies(WARM_UP, 1), isGzipped);
    const timed = bodies(OBSERVATIONS, 2);
    const before = await studio.usage();
    const startedAt = performance.now();
    const latencies = await sendAll(studio.url, agent, timed, isGzipped);
    const seconds = (performance.now() - startedAt) / 1_000;
    const after = await studio.usage();
    latencies.sort((a, b) => a - b);
    const suffix = isGzipped ? ", gzip" : "";
    return [
      row("ingest rate", suffix, OBSERVATIONS / seconds, "observations/s"),
      row("ingest p50", suffix, percentile(latencies, 0.5), "ms"),
      row("ingest p95", suffix, percentile(latencies, 0.95), "ms"),
      row(
        "ingest processor time",
        suffix,
        ((after.cpuMs - before.cpuMs) * 1_000) / OBSERVATIONS,
        "us/observation",
      ),
      row("ingest peak memory", suffix, after.peakRssMb, "MB"),
    ];
  } finally {
    agent.destroy();
    await studio.stop();
  }
}

async function sendAll(url, agent, bodies, isGzipped) {
  const latencies = [];
  let next = 0;
  const sender = async () => {
    while (next < bodies.length) {
      const body = bodies[next++];
      const sentAt = performance.now();
      await send(url, agent, body, isGzipped);
      latencies.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, sender));
  return latencies;
}

function send(url, agent, body, isGzipped) {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/x-protobuf", "content-length": body.length };
    if (isGzipped) headers["content-encoding"] = "gzip";
    const options = { method: "POST", agent, headers };
    const outgoing = request(`${url}/v1/traces`, options, (incoming) => {
      incoming.resume().on("end", () => {
        if (incoming.statusCode === 200) resolve();
        else reject(new Error(`The studio answered ${incoming.statusCode}`));
      });
    });
    outgoing.on("error", reject).end(body);
  });
}

function percentile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

function row(name, suffix, value, unit) {
  const { atLeast, atMost } = budgets[name] ?? {};
  const isMet = !(value < atLeast || value > atMost);
  return { name: name + suffix, value, unit, budget: atLeast ?? atMost, isMet };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const rows = await run({ execArgv: process.argv.slice(2) });
  console.table(rows);
  if (rows.some(({ isMet }) => !isMet)) process.exitCode = 1;
}
