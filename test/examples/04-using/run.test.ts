import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { runProcess } from "../../e2e/support/run-app";
import { startOtlpSink } from "../../support/otlp-sink";

const FOLDER = new URL("../../../examples/04-using/", import.meta.url);
const TSX = import.meta.resolve("tsx");

it("prints what its README says, and delivers the tree of its blocks", async () => {
  await using sink = await startOtlpSink();
  const cwd = await mkdtemp(join(tmpdir(), "playhead-using-"));
  onTestFinished(() => rm(cwd, { recursive: true, force: true }));
  const main = fileURLToPath(new URL("main.ts", FOLDER));
  const environment = { LANGFUSE_BASE_URL: sink.url };

  const run = await runProcess(process.execPath, ["--import", TSX, main], { environment, cwd });

  expect({ exitCode: run.exitCode, warnings: run.warnings }).toEqual({ exitCode: 0, warnings: [] });
  const readme = await readFile(new URL("README.md", FOLDER), "utf8");
  expect(/```\n([\s\S]+?)```/.exec(readme.slice(readme.indexOf("It prints")))?.[1]).toBe(
    run.stdout,
  );
  const spans = sink.spans();
  const names = new Map(spans.map(({ spanId, name }) => [spanId, name]));
  expect(spans.map(({ name, parentSpanId }) => [name, names.get(parentSpanId)])).toEqual([
    ["search handbook", "answer"],
    ["search forum", "answer"],
    ["check 1", "answer"],
    ["check 2", "answer"],
    ["model", "answer"],
    ["answer", undefined],
  ]);
  expect(spans.map(({ attributes }) => attributes["session.id"])).toEqual(
    spans.map(() => "using-1"),
  );
});
