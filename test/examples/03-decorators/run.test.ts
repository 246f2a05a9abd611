import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { type AppRun, runProcess } from "../../e2e/support/run-app";
import { type OtlpSink, startOtlpSink } from "../../support/otlp-sink";

const EXAMPLE = new URL("../../../examples/03-decorators/", import.meta.url);
const TSX = import.meta.resolve("tsx");

async function run(main: string, settings: Record<string, string>): Promise<[AppRun, OtlpSink]> {
  const sink = await startOtlpSink();
  onTestFinished(() => sink[Symbol.asyncDispose]());
  const environment = { LANGFUSE_BASE_URL: sink.url, NODE_ENV: "production", ...settings };
  const path = fileURLToPath(new URL(main, EXAMPLE));
  return [await runProcess(process.execPath, ["--import", TSX, path], { environment }), sink];
}

function expectReply(sink: OtlpSink): void {
  const reply = sink.span("reply");
  expect(reply.attributes["langfuse.observation.type"]).toBe("agent");
  for (const name of ["weather in Oslo", "phrase"]) {
    expect(sink.span(name).parentSpanId).toBe(reply.spanId);
  }
  expect(sink.span("weather in Oslo").attributes["langfuse.observation.input"]).toBe(
    '{"city":"Oslo","unit":"celsius"}',
  );
}

it("runs with the decorators of the language, and observes private methods and fields", async () => {
  const [{ exitCode, stdout, warnings }, sink] = await run("main.ts", {});

  expect({ exitCode, warnings }).toEqual({ exitCode: 0, warnings: [] });
  expect(stdout).toBe("How warm is it? 14 degrees celsius.\n4\n5 of 5 spans delivered\n");
  expectReply(sink);
  expect(sink.span("#count").parentSpanId).toBe(sink.span("words").spanId);
});

it("runs with experimentalDecorators", async () => {
  const tsconfig = fileURLToPath(new URL("legacy/tsconfig.json", EXAMPLE));
  const [{ exitCode, stdout, warnings }, sink] = await run("legacy/main.ts", {
    TSX_TSCONFIG_PATH: tsconfig,
  });

  expect({ exitCode, warnings }).toEqual({ exitCode: 0, warnings: [] });
  expect(stdout).toBe("How warm is it? 14 degrees celsius.\n3 of 3 spans delivered\n");
  expectReply(sink);
});
