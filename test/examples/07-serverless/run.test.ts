import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import type { SessionDetail } from "../../../src/studio/api/types";
import { deadUrl } from "../../e2e/support/ports";
import { type AppRun, runProcess } from "../../e2e/support/run-app";
import { createReader } from "../../e2e/support/studio";

const ROOT = new URL("../../../", import.meta.url);
const MAIN = fileURLToPath(new URL("examples/07-serverless/main.ts", ROOT));
const TSX = import.meta.resolve("tsx");

async function runExample(url: string): Promise<AppRun> {
  const cwd = await mkdtemp(join(tmpdir(), "playhead-serverless-"));
  onTestFinished(() => rm(cwd, { recursive: true, force: true }));
  const environment = {
    LANGFUSE_BASE_URL: url,
    LANGFUSE_FLUSH_INTERVAL: "60", // only a flush delivers before the end
    NODE_ENV: "production",
  };
  return runProcess(process.execPath, ["--import", TSX, MAIN], { environment, cwd });
}

/** Starts `playhead studio` as a user does. @returns its address */
async function startStudioCommand(): Promise<string> {
  const cli = fileURLToPath(new URL("dist/cli.js", ROOT));
  const child = spawn(process.execPath, [cli, "studio", "--port", "0", "--db", ":memory:"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(async () => {
    child.kill("SIGTERM");
    if (child.exitCode === null) await once(child, "exit");
  });
  let output = "";
  for await (const text of child.stdout.setEncoding("utf8")) {
    output += text;
    const url = /LANGFUSE_BASE_URL=(\S+)\n/.exec(output)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`The studio ended: ${output}`);
}

it("delivers the spans of both handlers to a studio before the functions are frozen", async () => {
  const url = await startStudioCommand();

  const { exitCode, stdout, warnings } = await runExample(url);

  expect({ exitCode, warnings }).toEqual({ exitCode: 0, warnings: [] });
  expect(stdout).toBe("You asked: Why is it cold?\nYou asked: And now?\n4 of 4 spans delivered\n");
  const { turns } = await createReader(url).read<SessionDetail>(
    "/api/studio/sessions/serverless-1",
  );
  expect(turns.map((turn) => turn.observations.map(({ name }) => name).sort())).toEqual([
    ["answer", "model"],
    ["POST /api/chat", "answer"],
  ]);
});

it("answers its users when the endpoint cannot be reached, and says what is not delivered", async () => {
  const { exitCode, stdout } = await runExample(await deadUrl());
  expect(exitCode).toBe(1);
  expect(stdout).toContain("You asked: Why is it cold?\nYou asked: And now?\n");
  expect(stdout).toContain("0 of 4 spans delivered\n");
});
