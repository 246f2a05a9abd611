import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { runProcess } from "./support/run-app";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

it("prints both sessions of the demo as transcripts and ends with 0 when everything arrived", async () => {
  // What `npm run demo -- --exit` runs after the build, which the other tests are using.
  const run = await runProcess(process.execPath, ["--import", "tsx", "scripts/demo.ts", "--exit"], {
    cwd: ROOT,
  });

  expect(run.exitCode, run.stdout).toBe(0);
  expect(run.warnings).toEqual([]);
  const sessions = new Set(run.stdout.match(/support-[0-9a-f]{8}/g));
  expect(sessions.size).toBe(2);
  expect(run.stdout).toMatch(
    /^Everything arrived: \d+ observations and \d+ scores, each observation with its session id\.$/m,
  );
});
