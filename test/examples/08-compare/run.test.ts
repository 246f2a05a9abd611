import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import type { SessionDetail } from "../../../src/studio/api/types";
import { runProcess } from "../../e2e/support/run-app";
import { openStudio } from "../../e2e/support/studio";

const ROOT = new URL("../../../", import.meta.url);
const MAIN = fileURLToPath(new URL("examples/08-compare/main.ts", ROOT));
const TSX = import.meta.resolve("tsx");

it("leaves two sessions of the same questions whose answers differ where more was found", async () => {
  const studio = await openStudio();
  const environment = { LANGFUSE_BASE_URL: studio.url, NODE_ENV: "production" };

  const { exitCode, stdout, warnings } = await runProcess(
    process.execPath,
    ["--import", TSX, MAIN],
    { environment },
  );

  expect({ exitCode, warnings }).toEqual({ exitCode: 0, warnings: [] });
  expect(stdout).toContain("In the studio: /compare?a=one-passage&b=four-passages\n");
  const [before, after] = await Promise.all(
    ["one-passage", "four-passages"].map((id) =>
      studio.read<SessionDetail>(`/api/studio/sessions/${id}`),
    ),
  );
  const inputs = before?.turns.map(({ input }) => input);
  expect(inputs).toEqual([
    "How do I install Playhead?",
    "How do I start the studio?",
    "What happens to spans while the endpoint is down?",
  ]);
  expect(after?.turns.map(({ input }) => input)).toEqual(inputs);
  const [one, four] = [before, after].map((session) => String(session?.turns[1]?.output));
  expect(one).toContain("npx playhead studio");
  expect(one).not.toContain("--port 7800");
  expect(four).toContain("--port 7800");
});
