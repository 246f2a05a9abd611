/** What depends on the machine: CPU of the traced process, and how much one studio takes. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { TRACES_PER_FLUSH } from "../lib/drive.mjs";
import { processMicros } from "../lib/on-cpu.mjs";
import { startSink } from "../lib/processes.mjs";
import { conversations } from "../lib/workload.mjs";
import { start } from "../subjects/playhead.mjs";
import { run, SPANS_PER_TRACE } from "./measure.mjs";

const WARM_UP_TRACES = 20 * TRACES_PER_FLUSH;
const TRACES = 20 * TRACES_PER_FLUSH;
const SINGLE_TRACES = 500;
const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/** @returns CPU of the whole process per trace and per request, in microseconds */
export async function measureCpu() {
  const sink = await startSink();
  const sdk = await start({ url: sink.url, enabled: true });
  await run(sdk, conversations, WARM_UP_TRACES, TRACES_PER_FLUSH);
  await run(sdk, conversations, SINGLE_TRACES, 1);
  const full = await microsPerTrace(
    () => run(sdk, conversations, TRACES, TRACES_PER_FLUSH),
    TRACES,
  );
  const single = await microsPerTrace(
    () => run(sdk, conversations, SINGLE_TRACES, 1),
    SINGLE_TRACES,
  );
  sink.stop();
  return { traceMicros: full, requestMicros: single - full };
}

async function microsPerTrace(work, traces) {
  const before = processMicros();
  await work();
  return (processMicros() - before) / traces;
}

/** @returns spans that a studio acknowledges per second, and bytes on disk per trace */
export async function measureStudio() {
  const folder = mkdtempSync(join(tmpdir(), "playhead-scale-"));
  const given = ["studio", "--port", "0", "--db", join(folder, "studio.db")];
  const studio = spawn(process.execPath, [CLI, ...given], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const sdk = await start({ url: await addressOf(studio), enabled: true });
    await run(sdk, conversations, TRACES_PER_FLUSH, TRACES_PER_FLUSH);
    const startedAt = performance.now();
    await run(sdk, conversations, TRACES, TRACES_PER_FLUSH);
    const seconds = (performance.now() - startedAt) / 1_000;
    studio.kill("SIGTERM");
    await once(studio, "close");
    const bytes = readdirSync(folder).reduce(
      (sum, name) => sum + statSync(join(folder, name)).size,
      0,
    );
    return {
      studioSpansPerSecond: (TRACES * SPANS_PER_TRACE) / seconds,
      studioBytes: bytes / (TRACES + TRACES_PER_FLUSH),
    };
  } finally {
    studio.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  }
}

async function addressOf(studio) {
  let said = "";
  for await (const chunk of studio.stdout
    .setEncoding("utf8")
    .iterator({ destroyOnReturn: false })) {
    said += chunk;
    const [address] = /http:\/\/[\d.:]+/.exec(said) ?? [];
    if (address !== undefined) return address;
  }
  throw new Error(`Expected the studio to say its address, got ${said}`);
}
