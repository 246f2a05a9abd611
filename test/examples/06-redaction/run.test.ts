import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { runProcess } from "../../e2e/support/run-app";
import { startOtlpSink } from "../../support/otlp-sink";

const EXAMPLE = new URL("../../../examples/06-redaction/", import.meta.url);

it("shows the program its values and the endpoint none of them, as its page says", async () => {
  const sink = await startOtlpSink();
  onTestFinished(() => sink[Symbol.asyncDispose]());
  const cwd = await mkdtemp(join(tmpdir(), "playhead-redaction-"));
  onTestFinished(() => rm(cwd, { recursive: true, force: true }));
  const main = fileURLToPath(new URL("main.ts", EXAMPLE));
  const { exitCode, stdout } = await runProcess(
    process.execPath,
    ["--import", import.meta.resolve("tsx"), main],
    { environment: { LANGFUSE_BASE_URL: sink.url, NODE_ENV: "test" }, cwd },
  );

  expect(stdout).toBe(
    "The program sees: Thank you, Ada Lovelace. We charge the card that you sent: 4111 1111 1111 1111\n" +
      "1 of 1 spans delivered, redacted\n",
  );
  expect(exitCode).toBe(0);
  const wire = sink.requests.map(({ body }) => body.toString("latin1")).join();
  expect(wire).not.toMatch(
    /Lovelace|ada@example\.com|7946|203\.0\.113\.7|hunter2|ORD-1234|WEST|4111/,
  );
  const { attributes } = sink.span("answer");
  const page = await readFile(new URL("README.md", EXAMPLE), "utf8");
  expect(page).toContain(String(attributes["langfuse.observation.input"]));
  expect(page).toContain(String(attributes["user.id"]));
});
