import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Condition, type ExitServer, startExitServer } from "../support/exit-server";
import { type Ending, startExitApp } from "./support/exit-app";

const ENDS = ["natural", "SIGTERM", "SIGINT", "process.exit", "throw", "reject"] as const;
type End = (typeof ENDS)[number] | "late work";

/** Ends that leave time for a request. */
const FLUSHING: readonly End[] = ["natural", "SIGTERM", "SIGINT"];
/** What test/e2e/apps/exit.mjs traces with one client, in alphabetical order. */
const ALL = ["0: held", "0: root", "0: score", "0: step 0", "0: step 1"];
/** Longest time a flush may take at the end, in milliseconds. */
const DEADLINE_MS = 1_500;
/** What a busy machine may add to a time limit, in milliseconds. */
const MARGIN_MS = 4_000;

interface RunOptions {
  readonly end: End;
  readonly server?: ExitServer;
  readonly spoolDir?: string | undefined;
  readonly more?: Readonly<Record<string, string>>;
  /** Called once the program waits for a signal. */
  readonly whenReady?: (kill: (signal: NodeJS.Signals) => void) => Promise<void> | void;
}

/** Runs the program to its end; without a server, without Playhead. */
async function run({ end, server, spoolDir, more, whenReady }: RunOptions): Promise<Ending> {
  const app = startExitApp("exit", {
    END: end,
    ...(server === undefined ? {} : { WITH_PLAYHEAD: "1", ...environmentFor(server, spoolDir) }),
    ...more,
  });
  if (isSignal(end)) {
    await app.printed("ready");
    app.child.kill(end);
    await whenReady?.((signal) => app.child.kill(signal));
  }
  return app.ended;
}

function environmentFor(server: ExitServer, spoolDir: string | undefined): Record<string, string> {
  return {
    LANGFUSE_BASE_URL: server.url,
    LANGFUSE_FLUSH_INTERVAL: "60", // so that nothing leaves before the end
    PLAYHEAD_SHUTDOWN_TIMEOUT_MS: `${DEADLINE_MS}`,
    // Without a folder the spool is off, as it is in production.
    ...(spoolDir === undefined ? { NODE_ENV: "production" } : { PLAYHEAD_SPOOL_DIR: spoolDir }),
  };
}

function isSignal(end: End): end is "SIGTERM" | "SIGINT" {
  return end === "SIGTERM" || end === "SIGINT";
}

/** Starts the next process on the same spool, with the endpoint up again. */
async function restart(
  server: ExitServer,
  spoolDir: string,
  { expected, clients = 1 }: { expected: number; clients?: number },
): Promise<void> {
  server.condition = "up";
  const app = startExitApp("exit-restart", {
    ...environmentFor(server, spoolDir),
    LANGFUSE_FLUSH_INTERVAL: "1",
    CLIENTS: `${clients}`,
    EXPECTED: `${expected}`,
  });
  const { stdout, messages } = await app.ended;
  expect({ stdout, messages }).toEqual({ stdout: `{"delivered":${expected}}\n`, messages: [] });
}

async function makeSpoolDir(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "playhead-exit-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return join(root, "spool");
}

function outcome({ code, signal, stdout }: Ending): Omit<Ending, "messages"> {
  return { code, signal, stdout };
}

describe.each(ENDS)("a program that ends by %s", (end) => {
  it("ends as it does without Playhead", async () => {
    const server = await startExitServer();
    const [without, traced] = await Promise.all([run({ end }), run({ end, server })]);
    expect(outcome(traced)).toEqual(outcome(without));
  });

  it.each<Condition>(["up", "slow", "down"])(
    "loses nothing with a spool when the endpoint is %s",
    async (condition) => {
      const server = await startExitServer();
      const spoolDir = await makeSpoolDir();
      server.condition = condition;

      const { messages } = await run({ end, server, spoolDir });

      const isDelivered = condition !== "down" && FLUSHING.includes(end);
      expect(server.taken()).toEqual(isDelivered ? ALL : []);
      if (isDelivered) {
        expect(messages).toEqual([]);
        return;
      }
      expect(messages).toEqual([
        expect.stringMatching(/^5 spans and scores could not be delivered to .*; kept in /),
      ]);
      await restart(server, spoolDir, { expected: ALL.length });
      expect(server.taken()).toEqual(ALL);
    },
  );

  it.each<Condition>(["up", "slow", "down"])(
    "delivers what it can without a spool, and says what is lost, when the endpoint is %s",
    async (condition) => {
      const server = await startExitServer();
      server.condition = condition;

      const { messages } = await run({ end, server });

      const isDelivered = condition !== "down" && FLUSHING.includes(end);
      expect(server.taken()).toEqual(isDelivered ? ALL : []);
      expect(messages).toEqual(
        isDelivered
          ? []
          : [expect.stringMatching(/^The process ends with 5 spans and scores undelivered to /)],
      );
    },
  );

  it("delivers what several clients traced, each to its own project", async () => {
    const server = await startExitServer();
    const spoolDir = await makeSpoolDir();
    const both = [...ALL, ...ALL.map((name) => name.replace("0:", "1:"))];

    await run({ end, server, spoolDir, more: { CLIENTS: "2" } });

    if (FLUSHING.includes(end)) {
      expect(server.taken()).toEqual(both);
      return;
    }
    expect(server.taken()).toEqual([]);
    await restart(server, spoolDir, { expected: both.length, clients: 2 });
    expect(server.taken()).toEqual(both);
  });
});

describe.each(["SIGTERM", "SIGINT"] as const)("%s, when the program listens for it, too", (end) => {
  it.each([
    ["before", "once"],
    ["before", "on"],
    ["before", "release"],
    ["before", "exitAtOnce"],
    ["before", "polite"],
    ["after", "once"],
    ["after", "on"],
    ["after", "release"],
    ["after", "exitAtOnce"],
    ["after", "polite"],
  ])("leaves the effect of a listener added %s as it is: %s", async (OTHER, OTHER_IS) => {
    const server = await startExitServer();
    const spoolDir = await makeSpoolDir();
    const more = { OTHER, OTHER_IS };

    const [without, traced] = await Promise.all([
      run({ end, more }),
      run({ end, server, spoolDir, more }),
    ]);

    expect(outcome(traced)).toEqual(outcome(without));
    expect(without.stdout).toContain(`other: ${end}`);
    const missing = ALL.length - server.taken().length;
    if (missing > 0) await restart(server, spoolDir, { expected: missing });
    expect(server.taken()).toEqual(ALL);
  });
});

it("delivers what ends while the program comes to its end, too", async () => {
  const server = await startExitServer();
  const spoolDir = await makeSpoolDir();

  const { messages } = await run({ end: "late work", server, spoolDir });

  expect(messages).toEqual([]);
  expect(server.taken()).toEqual(["0: held", "0: late", ...ALL.slice(1)]);
});

describe("a signal that comes again while the first one's flush goes on", () => {
  it("ends the program at once, and keeps what was pending", async () => {
    const server = await startExitServer();
    const spoolDir = await makeSpoolDir();
    server.condition = "silent";
    let againAt = 0;

    const ending = await run({
      end: "SIGINT",
      server,
      spoolDir,
      more: { PLAYHEAD_SHUTDOWN_TIMEOUT_MS: "15000" },
      async whenReady(kill) {
        await server.received(2); // the flush is under way: spans, and scores
        againAt = performance.now();
        kill("SIGINT");
      },
    });

    expect(performance.now() - againAt).toBeLessThan(MARGIN_MS);
    expect(ending).toMatchObject({ code: null, signal: "SIGINT" });
    await restart(server, spoolDir, { expected: ALL.length });
    expect(server.taken()).toEqual(ALL);
  });
});

describe("an endpoint that never answers", () => {
  it.each(["natural", "SIGTERM"] as const)(
    "delays an end by %s until the deadline, and no longer",
    async (end) => {
      const server = await startExitServer();
      const spoolDir = await makeSpoolDir();
      server.condition = "silent";
      const startedAt = performance.now();

      await run({ end, server, spoolDir });

      expect(performance.now() - startedAt).toBeLessThan(DEADLINE_MS + MARGIN_MS);
      await restart(server, spoolDir, { expected: ALL.length });
      expect(server.taken()).toEqual(ALL);
    },
  );
});

it("loses nothing that ended when a durable client's program is killed", async () => {
  const server = await startExitServer();
  const spoolDir = await makeSpoolDir();

  const app = startExitApp("exit", {
    END: "kill",
    WITH_PLAYHEAD: "1",
    DURABLE: "1",
    ...environmentFor(server, spoolDir),
  });
  await app.printed("ready");
  app.child.kill("SIGKILL");
  await app.ended;

  expect(server.taken()).toEqual([]);
  await restart(server, spoolDir, { expected: ALL.length });
  expect(server.taken()).toEqual(ALL);
});
