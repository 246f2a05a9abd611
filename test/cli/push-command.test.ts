import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CommandIo } from "../../src/cli/command";
import { runCli } from "../../src/cli/run-cli";
import { Playhead } from "../../src/client/playhead";
import { startExitApp } from "../e2e/support/exit-app";
import { deadUrl } from "../e2e/support/ports";
import { type ExitServer, startExitServer } from "../support/exit-server";

let root: string;
let spool: string;
let server: ExitServer;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "playhead-push-"));
  spool = join(root, "spool");
  server = await startExitServer();
  vi.stubEnv("LANGFUSE_BASE_URL", server.url);
  vi.stubEnv("LANGFUSE_PUBLIC_KEY", "pk-lf-push");
  vi.stubEnv("LANGFUSE_SECRET_KEY", "sk-lf-push");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true, force: true });
});

interface Outcome {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

async function push(args: readonly string[], more: Partial<CommandIo> = {}): Promise<Outcome> {
  let output = "";
  let errors = "";
  const code = await runCli(["push", ...args], {
    write: (text) => {
      output += text;
    },
    writeError: (text) => {
      errors += text;
    },
    untilStopped: () => new Promise(() => undefined),
    ...more,
  });
  return { code, output, errors };
}

/** Leaves two spans and a score in the spool, which its own endpoint did not take. @returns its folder */
async function leaveBehind(name: string, publicKey = "pk-other"): Promise<string> {
  const before = new Set(existsSync(spool) ? readdirSync(spool) : []);
  const client = new Playhead({
    baseUrl: await deadUrl(),
    publicKey,
    secretKey: "sk",
    spool: { dir: spool },
    logLevel: "silent",
  });
  client.startAsCurrentSpan(`${name} root`, () => client.startSpan(`${name} step`).end());
  client.createScore({ name: `${name} score`, value: 1, sessionId: "push" });
  await client.shutdown();
  const [folder = "none"] = readdirSync(spool).filter((entry) => !before.has(entry));
  return join(spool, folder);
}

const namesOf = (name: string): string[] => [`${name} root`, `${name} score`, `${name} step`];

/** Segments below a folder, by path. */
function segments(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".spool"))
    .map((path) => join(folder, path))
    .sort();
}

describe("playhead push", () => {
  it("sends what was kept for any endpoint to the one that is configured", async () => {
    await leaveBehind("first");
    await leaveBehind("second");

    const outcome = await push(["--dir", spool]);

    expect(outcome).toMatchObject({ code: 0, errors: "" });
    expect(outcome.output).toContain(`To    ${server.url}/api/public/otel/v1/traces\n`);
    expect(outcome.output).toContain("  spans   2 found, 2 delivered\n");
    expect(outcome.output).toContain("  scores  1 found, 1 delivered\n");
    expect(outcome.output).toContain("\nAll delivered.\n");
    expect(server.taken()).toEqual([...namesOf("first"), ...namesOf("second")]);
    expect(segments(spool)).toEqual([]);
  });

  it("takes the folder of one endpoint, and leaves those beside it", async () => {
    const folder = await leaveBehind("first");
    await leaveBehind("second");
    expect((await push(["--dir", folder])).code).toBe(0);
    expect(server.taken()).toEqual(namesOf("first"));
    expect(segments(spool)).toHaveLength(2);
  });

  it("takes a folder of spans alone, and leaves the scores beside it", async () => {
    const folder = await leaveBehind("first");
    expect((await push(["--dir", join(folder, "spans")])).code).toBe(0);
    expect(server.taken()).toEqual(["first root", "first step"]);
    expect(segments(folder)).toEqual(segments(join(folder, "scores")));
  });

  it("takes the folder that PLAYHEAD_SPOOL_DIR names unless told otherwise", async () => {
    await leaveBehind("first");
    vi.stubEnv("PLAYHEAD_SPOOL_DIR", spool);
    expect((await push([])).code).toBe(0);
    expect(server.taken()).toEqual(namesOf("first"));
  });

  it("has nothing to do where there is no spool yet", async () => {
    vi.stubEnv("PLAYHEAD_SPOOL_DIR", spool);
    expect(await push([])).toEqual({
      code: 0,
      output: `Nothing to send in ${spool}.\n`,
      errors: "",
    });
  });

  it("leaves everything where it is while the endpoint cannot be reached", async () => {
    await leaveBehind("first");
    vi.stubEnv("LANGFUSE_BASE_URL", await deadUrl());

    const outcome = await push(["--dir", spool]);

    expect(outcome.code).toBe(1);
    expect(outcome.output).toContain("  spans   2 found, 0 delivered, 2 left\n");
    expect(outcome.output).toContain("ECONNREFUSED\n");
    expect(outcome.errors).toMatch(/^\[playhead\] Cannot deliver .*ECONNREFUSED.*\n$/);
    vi.stubEnv("LANGFUSE_BASE_URL", server.url);
    expect((await push(["--dir", spool])).code).toBe(0);
    expect(server.taken()).toEqual(namesOf("first"));
  });

  it("says what the endpoint refuses", async () => {
    await leaveBehind("first");
    server.condition = "refusing";

    const outcome = await push(["--dir", spool]);

    expect(outcome.code).toBe(1);
    expect(outcome.output).toContain("  spans   2 found, 0 delivered, 2 refused\n");
    expect(outcome.errors).toContain("HTTP 400");
  });

  it("leaves scores on disk where the endpoint takes none", async () => {
    const folder = await leaveBehind("first");
    vi.stubEnv("PLAYHEAD_ENDPOINT", `${server.url}/api/public/otel/v1/traces`);

    const outcome = await push(["--dir", spool]);

    expect(outcome.code).toBe(1);
    expect(outcome.output).toContain("  1 file left\n");
    expect(server.taken()).toEqual(["first root", "first step"]);
    expect(segments(join(folder, "scores"))).toHaveLength(1);
  });

  it("leaves the files of a process that is alive, and takes them when it has ended", async () => {
    const app = startExitApp("exit", {
      END: "kill",
      WITH_PLAYHEAD: "1",
      DURABLE: "1",
      LANGFUSE_BASE_URL: await deadUrl(),
      PLAYHEAD_SPOOL_DIR: spool,
    });
    await app.printed("ready");

    const whileAlive = await push(["--dir", spool]);
    app.child.kill("SIGKILL");
    await app.ended;
    const afterwards = await push(["--dir", spool]);

    expect(whileAlive).toMatchObject({ code: 0, errors: "" });
    expect(whileAlive.output).toContain(
      `process ${app.child.pid}, which is alive, and left to it\n`,
    );
    expect(afterwards).toMatchObject({ code: 0, errors: "" });
    expect(server.taken()).toEqual(["0: held", "0: root", "0: score", "0: step 0", "0: step 1"]);
  });

  describe("with files of another machine's process", () => {
    beforeEach(async () => {
      await leaveBehind("first");
      for (const path of segments(spool)) {
        renameSync(path, path.replace(".free.", ".0123abcd-4242-99t99."));
      }
    });

    it("leaves those touched in the last ten minutes, and says so", async () => {
      const outcome = await push(["--dir", spool]);
      expect(outcome.code).toBe(1);
      expect(outcome.output).toContain("  2 files (");
      expect(outcome.output).toContain("of process 4242 of another machine");
      expect(server.taken()).toEqual([]);
      expect(segments(spool)).toHaveLength(2);
    });

    it("takes them with --force", async () => {
      expect((await push(["--dir", spool, "--force"])).code).toBe(0);
      expect(server.taken()).toEqual(namesOf("first"));
    });

    it("takes older ones", async () => {
      const elevenMinutesAgo = Date.now() / 1_000 - 660;
      for (const path of segments(spool)) utimesSync(path, elevenMinutesAgo, elevenMinutesAgo);
      expect((await push(["--dir", spool])).code).toBe(0);
      expect(server.taken()).toEqual(namesOf("first"));
    });
  });

  it("sends what is whole of a damaged file, and counts what is not", async () => {
    const folder = await leaveBehind("first");
    const [path = "none"] = segments(join(folder, "spans"));
    const bytes = readFileSync(path);
    const at = bytes.indexOf("first step");
    bytes[at] = (bytes[at] ?? 0) ^ 0xff;
    writeFileSync(path, bytes);

    const outcome = await push(["--dir", spool]);

    expect(outcome.code).toBe(1);
    expect(outcome.output).toContain("  spans   2 found, 1 delivered, 1 damaged\n");
    expect(outcome.errors).toContain("damaged");
    expect(server.taken()).toEqual(["first root", "first score"]);
  });

  it("stops when it is asked to, and keeps what was not sent", async () => {
    await leaveBehind("first");
    server.condition = "silent";

    const outcome = await push(["--dir", spool], { untilStopped: () => server.received(2) });

    expect(outcome.code).toBe(1);
    expect(outcome.output).toContain("  spans   2 found, 0 delivered, 2 left\n");
    server.condition = "up";
    expect((await push(["--dir", spool])).code).toBe(0);
    expect(server.taken()).toEqual(namesOf("first"));
  });

  it("shows progress where somebody watches, and takes it away", async () => {
    await leaveBehind("first");
    server.condition = "slow";
    const shown: string[] = [];
    await push(["--dir", spool], { showProgress: (line) => void shown.push(line) });
    expect(shown[0]).toMatch(/^127\.0\.0\.1-\d+-[0-9a-f]{8} {2}0 of 3$/);
    expect(shown.at(-1)).toBe("");
  });

  it("prints the outcome as JSON", async () => {
    const folder = await leaveBehind("first");
    const { code, output } = await push(["--dir", spool, "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(output)).toEqual({
      dir: spool,
      endpoint: `${server.url}/api/public/otel/v1/traces`,
      isAllDelivered: true,
      folders: [
        {
          name: folder.slice(spool.length + 1),
          spans: { found: 2, delivered: 2, rejected: 0, lost: 0, left: 0 },
          scores: { found: 1, delivered: 1, rejected: 0, lost: 0, left: 0 },
          inUse: [],
          leftFileCount: 0,
        },
      ],
    });
  });

  it("does not print keys", async () => {
    await leaveBehind("first");
    const { output, errors } = await push(["--dir", spool, "--json"]);
    expect(output + errors).not.toMatch(/pk-lf-push|sk-lf-push/);
  });

  it.each([
    [["--dir", ""], 'Expected --dir to be a folder, got ""'],
    [["--dir", "/nowhere/at/all"], "Expected --dir to be a folder that can be read"],
    [["--dri", "x"], "Unknown option '--dri'"],
    [["extra"], "extra"],
  ])("does not understand %j: exit code 2", async (args, message) => {
    const outcome = await push(args);
    expect(outcome).toMatchObject({ code: 2, output: "" });
    expect(outcome.errors).toContain(message);
    expect(outcome.errors).toContain("playhead push --help");
  });

  it("does not guess what files are that lie in no folder for spans or scores", async () => {
    const folder = await leaveBehind("first");
    const elsewhere = join(root, "elsewhere");
    cpSync(join(folder, "scores"), elsewhere, { recursive: true });
    const outcome = await push(["--dir", elsewhere]);
    expect(outcome.code).toBe(2);
    expect(outcome.errors).toContain("named spans or scores");
  });

  it("explains itself", async () => {
    const outcome = await push(["--help"]);
    expect(outcome).toMatchObject({ code: 0, errors: "" });
    for (const flag of ["--dir", "--force", "--json"]) expect(outcome.output).toContain(flag);
  });
});
