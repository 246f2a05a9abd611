import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { always, type FaultServer, HEALTHY, startFaultServer } from "../test/support/fault-server";
import { pickWeather } from "./chaos-faults";
import { createRandom } from "./chaos-random";

export interface ChaosOptions {
  readonly durationMs: number;
  /** The same seed makes the same faults and kills, at nearly the same times. */
  readonly seed: number;
  /** Told every ten seconds how far it is. */
  readonly onProgress?: (line: string) => void;
}

export interface ChaosResult {
  /** Requests per kind of fault. */
  readonly faults: ReadonlyMap<string, number>;
  readonly changeCount: number;
  /** Times when the server was not listening. */
  readonly downCount: number;
  readonly killCount: number;
  readonly terminationCount: number;
  /** Spans whose `end()` returned, and scores whose `createScore()` did. */
  readonly endedCount: number;
  /** Of those: never taken by the server. */
  readonly missing: readonly string[];
  /** Taken more than once: the acknowledgement was lost, or the program was killed before it could note it. */
  readonly duplicateCount: number;
  /** Sent again by a process that had an acknowledgement. */
  readonly repeated: readonly string[];
  /** What the app wrote on stderr, for when something went wrong. */
  readonly warnings: readonly string[];
}

const APP = fileURLToPath(new URL("../test/faults/apps/chaos-app.ts", import.meta.url));
const TSX = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const PROGRESS_MS = 10_000;
/** Share of ends that are SIGTERM; the others are SIGKILL. */
const POLITE_SHARE = 0.2;
/** Longest time that delivery of what is left may take with a healthy server, in milliseconds. */
const DRAIN_DEADLINE_MS = 60_000;

/**
 * Runs a durable app against a server whose fault changes every few hundred milliseconds, kills and
 * restarts it at random, lets everything drain, and compares what ended with what arrived.
 */
export async function runChaos({
  durationMs,
  seed,
  onProgress,
}: ChaosOptions): Promise<ChaosResult> {
  const random = createRandom(seed);
  const folder = await mkdtemp(join(tmpdir(), "playhead-chaos-"));
  const server = await startFaultServer();
  const apps = new AppRunner(server, folder, seed);
  let changeCount = 0;
  let downCount = 0;
  let killCount = 0;
  let terminationCount = 0;
  try {
    const endAt = performance.now() + durationMs;
    let tellAt = performance.now() + PROGRESS_MS;
    await apps.trace();
    let endAppAt = performance.now() + nextLifeMs(random);
    while (performance.now() < endAt) {
      changeCount += 1;
      if (await changeWeather(server, random)) downCount += 1;
      await pause(150 + random() * 350);
      if (performance.now() >= endAppAt) {
        const isPolite = random() < POLITE_SHARE;
        if (isPolite) terminationCount += 1;
        else killCount += 1;
        await apps.end(isPolite ? "SIGTERM" : "SIGKILL");
        await apps.trace();
        endAppAt = performance.now() + nextLifeMs(random);
      }
      if (performance.now() >= tellAt) {
        tellAt += PROGRESS_MS;
        onProgress?.(
          `${(await apps.endedIds()).length} ended, ${server.taken.size} taken, ${killCount} kills`,
        );
      }
    }
    killCount += 1;
    await apps.end("SIGKILL");
    server.script = always(HEALTHY);
    await server.comeBack();
    await apps.drain();
    const ended = await apps.endedIds();
    return {
      ...{ changeCount, downCount, killCount, terminationCount },
      faults: server.injected,
      endedCount: ended.length,
      missing: ended.filter((id) => !server.taken.has(id)),
      duplicateCount: [...server.taken.values()].reduce((sum, count) => sum + count - 1, 0),
      repeated: server.repeated,
      warnings: apps.warnings,
    };
  } finally {
    await apps.end("SIGKILL");
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  }
}

/** @returns whether the server is down now */
async function changeWeather(server: FaultServer, random: () => number): Promise<boolean> {
  const { script } = pickWeather(random);
  server.forget();
  if (script === "down") {
    await server.goDown();
    return true;
  }
  server.script = script;
  await server.comeBack();
  return false;
}

/** How long an app traces, in milliseconds. */
function nextLifeMs(random: () => number): number {
  return 500 + random() * 3_000;
}

/** One app at a time, all with the same folder. */
class AppRunner {
  readonly warnings: string[] = [];
  readonly #server: FaultServer;
  readonly #folder: string;
  readonly #seed: number;
  #runCount = 0;
  #app: ChildProcess | undefined;

  constructor(server: FaultServer, folder: string, seed: number) {
    this.#server = server;
    this.#folder = folder;
    this.#seed = seed;
  }

  #start(work: "trace" | "drain"): ChildProcess {
    this.#runCount += 1;
    const app = spawn(process.execPath, ["--import", TSX, APP], {
      env: {
        PATH: process.env["PATH"],
        NODE_ENV: "production",
        LANGFUSE_BASE_URL: this.#server.url,
        CHAOS_WORK: work,
        CHAOS_FOLDER: this.#folder,
        CHAOS_RUN: String(this.#runCount),
        CHAOS_SEED: String(this.#seed + this.#runCount),
      },
      stdio: ["ignore", "inherit", "pipe", "ipc"],
    });
    app.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.warnings.push(...text.split("\n").filter((line) => line !== ""));
    });
    this.#app = app;
    return app;
  }

  /** Starts an app that traces; resolves when it does. */
  async trace(): Promise<void> {
    const app = this.#start("trace");
    await Promise.race([once(app, "message"), once(app, "close")]);
  }

  async end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    const app = this.#app;
    this.#app = undefined;
    if (app === undefined || app.exitCode !== null || app.signalCode !== null) return;
    const closed = once(app, "close");
    app.kill(signal);
    await closed;
  }

  /** Runs an app that delivers what the others left, to its end. */
  async drain(): Promise<void> {
    const app = this.#start("drain");
    const deadline = setTimeout(() => app.kill("SIGKILL"), DRAIN_DEADLINE_MS);
    if (app.exitCode === null) await once(app, "close");
    clearTimeout(deadline);
  }

  /** What the apps noted after `end()` had returned. */
  async endedIds(): Promise<string[]> {
    const path = join(this.#folder, "ended");
    if (!existsSync(path)) return [];
    return (await readFile(path, "utf8")).split("\n").filter((id) => id !== "");
  }
}
