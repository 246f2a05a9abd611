/**
 * How many observations of 1 KB a second the studio takes, each acknowledged after its commit, and
 * how long a request waits. The client is this process, the studio another one. By itself, with
 * options for the studio's runtime: `node bench/studio/measures/ingest.mjs --cpu-prof`
 */

import { Agent, get, request } from "node:http";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { otlpRequests } from "../lib/otlp-load.mjs";
import { figureRow, tableOf, timesRow } from "../lib/rows.mjs";
import { startStudioProcess } from "../lib/studio-process.mjs";

const OBSERVATIONS = 60_000;
const WARM_UP = 10_000;
/** Times that each case is run, one after the other, each time on a new file. */
const ROUNDS = 3;
const CASES = [
  { name: "ingest", perRequest: 250, connections: 4, isGzipped: false },
  { name: "ingest gzip", perRequest: 250, connections: 4, isGzipped: true },
  // Many small programs: what comes at the same time is committed together.
  { name: "ingest small", perRequest: 10, connections: 32, isGzipped: true },
];

/** @returns rows of the table */
export async function run({ execArgv } = {}) {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const one of CASES) rounds.push({ name: one.name, ...(await measure(one, execArgv)) });
  }
  return CASES.flatMap(({ name }) => {
    const own = rounds.filter((round) => round.name === name);
    const all = (figure) => own.map((round) => round[figure]);
    const latencies = all("latencies").flat();
    return [
      figureRow(`${name} rate`, "observations/s", all("rate")),
      timesRow(name, "a request", latencies),
      figureRow(`${name} processor time`, "us/observation", all("cpuUs")),
      figureRow(`${name} peak memory`, "MB", all("peakRssMb")),
    ];
  });
}

async function measure({ perRequest, connections, isGzipped }, execArgv) {
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
    await checkArrival(studio.url, agent, WARM_UP + OBSERVATIONS);
    const cpuUs = ((after.cpuMs - before.cpuMs) * 1_000) / OBSERVATIONS;
    return { rate: OBSERVATIONS / seconds, latencies, cpuUs, peakRssMb: after.peakRssMb };
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const rows = await run({ execArgv: process.argv.slice(2) });
  console.log(tableOf(rows));
  if (rows.some(({ isMet }) => !isMet)) process.exitCode = 1;
}
