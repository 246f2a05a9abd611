import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { expect, it, onTestFinished } from "vitest";
import type { Playhead } from "../../src/client/playhead";
import { useTraced } from "../support/traced";

const traced = useTraced();

/** Nested and parallel blocks, early and late; the suite itself runs as its own compiler made it. */
const PROGRAM = `
export async function run(client: any): Promise<void> {
  const step = async (name: string): Promise<void> => {
    using span = client.startAsCurrentSpan(name);
    client.startSpan("early in " + name).end();
    await Promise.resolve();
    await using inner = client.startAsCurrentSpan("inner of " + name);
    await Promise.resolve();
    client.startSpan("late in " + name).end();
  };
  using root = client.startAsCurrentSpan("root");
  await Promise.all([step("a"), step("b"), ...["c", "d"].map(step)]);
  client.startSpan("after").end();
}
`;

it.each([
  ["with functions that wait", ts.ScriptTarget.ES2022],
  // Functions that wait become generators, as for old browsers and some bundlers.
  ["with generators in their place", ts.ScriptTarget.ES2015],
])("keeps blocks apart where TypeScript has compiled `using` away, %s", async (_, target) => {
  const folder = await mkdtemp(join(tmpdir(), "playhead-using-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { outputText } = ts.transpileModule(PROGRAM, {
    compilerOptions: { target, module: ts.ModuleKind.ESNext },
  });
  expect(outputText).not.toContain("using root");
  const file = join(folder, "program.mjs");
  await writeFile(file, outputText);
  const program: { run(client: Playhead): Promise<void> } = await import(pathToFileURL(file).href);

  await program.run(traced.client);
  await traced.client.flush();

  const spans = traced.sink.spans();
  const names = new Map(spans.map(({ spanId, name }) => [spanId, name]));
  const parents = Object.fromEntries(
    spans.map(({ name, parentSpanId }) => [name, names.get(parentSpanId) ?? ""]),
  );
  expect(parents).toEqual({
    root: "",
    after: "root",
    ...Object.fromEntries(
      ["a", "b", "c", "d"].flatMap((name) => [
        [name, "root"],
        [`early in ${name}`, name],
        [`inner of ${name}`, name],
        [`late in ${name}`, `inner of ${name}`],
      ]),
    ),
  });
  expect(traced.logger.lines).toEqual([]);
});
