import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { runProcess } from "../../e2e/support/run-app";
import { startOtlpSink } from "../../support/otlp-sink";

const ROOT = new URL("../../../", import.meta.url);
const MAIN = fileURLToPath(new URL("examples/02-wrapper/main.ts", ROOT));
const TSX = import.meta.resolve("tsx");

it("prints what its README says, and delivers the calls with what was picked of them", async () => {
  const sink = await startOtlpSink();
  onTestFinished(() => sink[Symbol.asyncDispose]());
  const environment = { LANGFUSE_BASE_URL: sink.url, NODE_ENV: "production" };

  const { exitCode, stdout, warnings } = await runProcess(
    process.execPath,
    ["--import", TSX, MAIN],
    { environment },
  );

  expect({ exitCode, warnings }).toEqual({ exitCode: 0, warnings: [] });
  expect(stdout).toBe(
    "observe() keeps types. observe() keeps this.\nsearch takes 1 argument or more\n5 of 5 spans delivered\n",
  );
  const input = (name: string) => sink.span(name).attributes["langfuse.observation.input"];
  const output = (name: string) => sink.span(name).attributes["langfuse.observation.output"];
  expect(input('search "keeps"')).toBe('{"query":"keeps","limit":2}');
  expect([input("signIn"), output("signIn")]).toEqual(['{"id":"ann"}', undefined]);
  expect(output("speak")).toBe("observe() keeps types. observe() keeps this. ");
  expect(output("Conversation")).toBe('{"[class]":"Conversation","id":"wrapper-1"}');
  const root = sink.span("handle").spanId;
  expect(sink.spans().filter(({ parentSpanId }) => parentSpanId === root)).toHaveLength(4);
});
