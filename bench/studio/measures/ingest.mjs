/**
 * How many observations of 1 KB a second the studio takes, each acknowledged after its commit, and
 * how long a request waits. The client is this process, the studio another one. By itself, with
 * options for the studio's runtime: `node bench/studio/measures/ingest.mjs --cpu-prof`
 */

import { readFileSync } from "node:fs";
import { Agent, get, request } from "node:http";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { otlpRequests } from "../lib/otlp-load.mjs";
import { startStudioProcess } from "../lib/studio-process.mjs";

const OBSERVATIONS = 60_000;
const WARM_UP = 10_000;
const CASES = [
  { name: "ingest", perRequest: 250, connections: 4, isGzipped: false },
  { name: "ingest gzip", perRequest: 250, connections: 4, isGzipped: true },
  // Many small programs: what comes at the same time is committed together.
  { name: "ingest small", perRequest: 10, connections: 32, isGzipped: true },
];

const budgets = JSON.parse(readFileSync(new URL("../budgets.json", import.meta.url), "utf8"));

/** @returns rows `{ name, value, unit, budget, isMet }` */
export async function run({ execArgv } = {}) {
  const rows = [];
  for (const one of CASES) rows.push(...(await measure(one, execArgv)));
  return rows;
}

async function measure({ name, perRequest, connections, isGzipped }, execArgv) {
  const studio = await startStudioProcess({ execArgv });
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  try {
    const bodies = (count, seed) =>
      otlpRequests({ count, perRequest, seed }).map((body) =>
        isGzipped ? gzipSync(body, { level: 1 }) : body,
      );
    // Made before anything is sent: meanwhile the studio would close connections that are idle.
    const [warmUp, timed] = [bodies(WARM_UP, 1), bodies(OBSERVATIONS, 2)];
    await sendAll(studio.url, agent, warmUp, isGzipped);
    const before = await studio.usage();
    const startedAt = performance.now();
    const latencies = await sendAll(studio.url, agent, timed, isGzipped);
    const seconds = (performance.now() - startedAt) / 1_000;
    const after = await studio.usage();
    latencies.sort((a, b) => a - b);
    await checkArrival(studio.url, agent, WARM_UP + OBSERVATIONS);
    const cpuUs = ((after.cpuMs - before.cpuMs) * 1_000) / OBSERVATIONS;
    return [
      row(`${name} rate`, OBSERVATIONS / seconds, "observations/s"),
      row(`${name} p50`, percentile(latencies, 0.5), "ms"),
      row(`${name} p95`, percentile(latencies, 0.95), "ms"),
      row(`${name} processor time`, cpuUs, "us/observation"),
      row(`${name} peak memory`, after.peakRssMb, "MB"),
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
  await Promise.all(Array.from({ length: agent.maxSockets }, sender));
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

/** All that was acknowledged must be there, or the rate is worth nothing. */
async function checkArrival(url, agent, expected) {
  let [arrived, cursor] = [0, undefined];
  do {
    const query = cursor === undefined ? "" : `&cursor=${cursor}`;
    const page = await read(`${url}/api/studio/sessions?limit=100${query}`, agent);
    for (const { observationCount } of page.data) arrived += observationCount;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  if (arrived !== expected) throw new Error(`Expected ${expected} observations, got ${arrived}`);
}

function read(url, agent) {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (incoming) => {
      let text = "";
      incoming.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      incoming.on("end", () => resolve(JSON.parse(text)));
    }).on("error", reject);
  });
}

function percentile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

function row(name, value, unit) {
  const { atLeast, atMost } = budgets[name] ?? {};
  const isMet = !(value < atLeast || value > atMost);
  return { name, value, unit, budget: atLeast ?? atMost, isMet };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const rows = await run({ execArgv: process.argv.slice(2) });
  console.table(rows);
  if (rows.some(({ isMet }) => !isMet)) process.exitCode = 1;
}
