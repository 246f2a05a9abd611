import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { HOSTILE_TEXTS } from "../safety/hostile-content";
import { get, OTLP_PATH, openStudio, post } from "../server/running-studio";
import { otlpJson } from "../server/spans";

const MODULES = fileURLToPath(new URL("../../../node_modules", import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-vitest-"));
  await symlink(MODULES, join(folder, "node_modules"));
});
afterEach(() => rm(folder, { recursive: true }));

interface Run {
  readonly code: number;
  /** Of each test its name and how it went. */
  readonly results: readonly (readonly [name: string, status: string])[];
  readonly output: string;
}

/** Runs the test files of the folder, as a user does. */
function runVitest(): Promise<Run> {
  const args = [join(MODULES, "vitest/vitest.mjs"), "run", "--root", folder, "--reporter=json"];
  return new Promise((resolve) => {
    const environment = { PATH: process.env["PATH"] ?? "", NO_COLOR: "1" };
    execFile(process.execPath, args, { cwd: folder, env: environment }, (error, stdout, stderr) => {
      const report = /\{"numTotalTestSuites".*\}/s.exec(stdout)?.[0] ?? "{}";
      const { testResults = [] } = JSON.parse(report) as {
        testResults?: { assertionResults: { title: string; status: string }[] }[];
      }; // as the reporter writes it
      resolve({
        code: typeof error?.code === "number" ? error.code : 0,
        results: testResults.flatMap(({ assertionResults }) =>
          assertionResults.map(({ title, status }) => [title, status] as const),
        ),
        output: stdout + stderr,
      });
    });
  });
}

interface Said {
  readonly input: string;
  readonly output?: string;
}

async function exportedFile(turns: readonly Said[], redact = ""): Promise<string> {
  const studio = await openStudio();
  for (const [index, { input, output }] of turns.entries()) {
    const start = 1_763_806_800 + index;
    const attributes = {
      "session.id": "s",
      "langfuse.observation.input": input,
      ...(output !== undefined && { "langfuse.observation.output": output }),
    };
    const times = {
      startTimeUnixNano: `${start}000000000`,
      endTimeUnixNano: `${start + 1}000000000`,
    };
    await post(studio, OTLP_PATH, otlpJson({ traceId: `t${index}`, ...times, attributes }));
  }
  const path = `/api/studio/session-export?id=s&format=vitest&redact=${redact}`;
  const answer = await get(studio, path);
  expect(answer.headers.get("content-disposition")).toBe('attachment; filename="s.test.ts"');
  return answer.text;
}

/** Puts an import in the place of the function that is to be filled in. */
function filledIn(file: string): string {
  const filled = file.replace(
    /async function respond[\s\S]*?\n\}\n/,
    'import { respond } from "./app";\n',
  );
  expect(filled).not.toBe(file);
  return filled;
}

const CHAT: readonly Said[] = [
  { input: JSON.stringify({ question: "Two and two?" }), output: JSON.stringify({ answer: 4 }) },
  { input: "And three?" },
  { input: JSON.stringify({ question: "Two and five?" }), output: JSON.stringify({ answer: 7 }) },
];

const appWith = (five: number): string => `
  const words = { two: 2, five: ${five} };
  export async function respond({ question }) {
    const [one, other] = question.toLowerCase().match(/two|five/g);
    return { answer: words[one] + words[other] };
  }
`;

it("passes with an app that answers as it did, and fails where it answers otherwise", async () => {
  await writeFile(join(folder, "s.test.ts"), filledIn(await exportedFile(CHAT)));
  await writeFile(join(folder, "app.ts"), appWith(5));
  const passing = await runVitest();
  expect(passing.results, passing.output).toEqual([
    ["turn 1: Two and two?", "passed"],
    ["turn 3: Two and five?", "passed"],
  ]);
  expect(passing.code).toBe(0);
  await writeFile(join(folder, "app.ts"), appWith(6));
  const failing = await runVitest();
  expect(failing.results, failing.output).toEqual([
    ["turn 1: Two and two?", "passed"],
    ["turn 3: Two and five?", "failed"],
  ]);
  expect(failing.code).toBe(1);
}, 120_000);

it("says what to do while nothing is filled in", async () => {
  await writeFile(join(folder, "s.test.ts"), await exportedFile(CHAT));
  const { code, output } = await runVitest();
  expect(code).toBe(1);
  expect(output).toContain("Expected respond() to be filled in");
}, 120_000);

it("hands hostile inputs on as they were captured, and runs nothing of them", async () => {
  const exit = "process.exit(3)";
  const breakout = `"; ${exit}; ' + $\u007b${exit}} */ ${exit} /* \` + ${exit}`;
  const texts = [...HOSTILE_TEXTS.map(({ text }) => text), breakout];
  const turns = texts.map((text) => ({ input: text, output: text }));
  await writeFile(join(folder, "s.test.ts"), filledIn(await exportedFile(turns)));
  // A name that stands for the prototype in a literal is a name like any other.
  const app = `export async function respond(input) {
    const isChanged = typeof input === "object" && Object.getPrototypeOf(input)?.polluted;
    return isChanged ? "changed" : input;
  }`;
  await writeFile(join(folder, "app.ts"), app);
  const { code, results, output } = await runVitest();
  expect(
    results.map(([, status]) => status),
    output,
  ).toEqual(texts.map(() => "passed"));
  expect(code).toBe(0);
}, 120_000);

it("is redacted if asked", async () => {
  const file = await exportedFile([{ input: "ada@example.com", output: "ok" }], "email");
  expect(file).not.toContain("ada@example.com");
});
