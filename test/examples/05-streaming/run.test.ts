import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { runProcess } from "../../e2e/support/run-app";
import { startOtlpSink } from "../../support/otlp-sink";

const ROOT = new URL("../../../", import.meta.url);
const MAIN = fileURLToPath(new URL("examples/05-streaming/main.ts", ROOT));
const TSX = import.meta.resolve("tsx");

it("prints what its README says, and delivers both answers with text, model, tokens and first token", async () => {
  const sink = await startOtlpSink();
  onTestFinished(() => sink[Symbol.asyncDispose]());
  const environment = { LANGFUSE_BASE_URL: sink.url, NODE_ENV: "production" };

  const { exitCode, stdout, warnings } = await runProcess(
    process.execPath,
    ["--import", TSX, MAIN],
    { environment },
  );

  expect({ exitCode, warnings }).toEqual({ exitCode: 0, warnings: [] });
  expect(stdout.replace(/after \d+ ms/, "after N ms")).toBe(
    "A trace is one request; a session is many.\nfirst token after N ms\nA trace is one request;\n4 spans delivered\n",
  );
  const named = (name: string) => sink.spans().filter((span) => span.name === name);
  const values = (name: string, key: string) =>
    named(name)
      .map(({ attributes }) => attributes[key])
      .sort();
  const whole = "A trace is one request; a session is many.";
  const left = "A trace is one request;";
  expect(values("answer", "langfuse.observation.output")).toEqual([left, whole].sort());
  const message = (content: string): string => JSON.stringify({ role: "assistant", content });
  expect(values("ask-model", "langfuse.observation.output")).toEqual(
    [message(left), message(whole)].sort(),
  );
  expect(values("ask-model", "langfuse.observation.model.name")).toEqual(["tiny-1", "tiny-1"]);
  expect(values("ask-model", "langfuse.observation.usage_details")).toEqual([
    '{"input":7,"output":9,"total":16}',
    undefined,
  ]);
  const roots = named("answer").map(({ spanId }) => spanId);
  for (const span of named("ask-model")) {
    expect(roots).toContain(span.parentSpanId);
    const first = String(span.attributes["langfuse.observation.completion_start_time"]);
    expect(Date.parse(JSON.parse(first) as string)).toBeGreaterThan(0);
  }
});
