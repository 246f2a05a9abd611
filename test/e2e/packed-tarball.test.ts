import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { FlushReport } from "playhead";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { devDependencies, version } from "../../package.json";
import { installedPackages, type PackedPackage, packPackage } from "./support/install-package";
import { runProcess } from "./support/run-app";
import { createReader } from "./support/studio";

const APPS = fileURLToPath(new URL("./apps/packed", import.meta.url));
/** Node 20 has no SQLite of its own; the studio then wants this optional peer. */
const SQLITE = `@photostructure/sqlite@${devDependencies["@photostructure/sqlite"]}`;

interface Printed {
  readonly report: FlushReport;
  /** Session by name of the span. */
  readonly spans: Readonly<Record<string, string | null>>;
  readonly isClientShared: boolean;
}

let packed: PackedPackage;
/** A project with the package, what its studio needs, and the apps. */
let project: string;

beforeAll(async () => {
  packed = await packPackage();
  project = await packed.installInto("project", [SQLITE]);
  await cp(APPS, project, { recursive: true });
});

afterAll(() => packed?.remove());

it("packs the bundles, their types and the page, and nothing else", () => {
  expect(packed.files).toEqual([
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "THIRD_PARTY_NOTICES",
    "dist/cli.js",
    "dist/index.cjs",
    "dist/index.d.cts",
    "dist/index.d.ts",
    "dist/index.js",
    "dist/page/app.css",
    "dist/page/app.js",
    "dist/studio.cjs",
    "dist/studio.d.cts",
    "dist/studio.d.ts",
    "dist/studio.js",
    "package.json",
  ]);
});

it.each(["index.js", "index.cjs"])(
  "has nothing but ASCII in dist/%s, which the runtime keeps in half the memory then",
  async (name) => {
    const bundle = await readFile(join(project, "node_modules/playhead/dist", name), "latin1");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with them
    expect(/[^\x00-\x7f]/.exec(bundle)?.[0]).toBeUndefined();
  },
);

it("installs two packages beside itself", async () => {
  const bare = await packed.installInto("bare");

  expect(await installedPackages(bare)).toEqual(["@opentelemetry/api", "playhead"]);
});

it("works from ESM, and shares client and context with the CommonJS copy in one process", async () => {
  const run = await runProcess(process.execPath, ["app.mjs"], { cwd: project });

  expect(run.warnings).toEqual([]);
  expect(run.exitCode).toBe(0);
  const printed = run.result<
    Printed & { isCopy: boolean; parentOfInner: string; idOfOuter: string }
  >();
  expect(printed.report).toMatchObject({ offered: 4, delivered: 4, isComplete: true });
  expect(printed.spans).toEqual({ request: "esm", answer: "esm", outer: "both", inner: "both" });
  expect(printed.isCopy).toBe(true);
  expect(printed.isClientShared).toBe(true);
  expect(printed.parentOfInner).toBe(printed.idOfOuter);
});

it("works from CommonJS", async () => {
  const run = await runProcess(process.execPath, ["app.cjs"], { cwd: project });

  expect(run.warnings).toEqual([]);
  expect(run.exitCode).toBe(0);
  const printed = run.result<Printed>();
  expect(printed.report).toMatchObject({ offered: 2, delivered: 2, isComplete: true });
  expect(printed.spans).toEqual({ request: "cjs", answer: "cjs" });
  expect(printed.isClientShared).toBe(true);
});

it("brings a command that prints the version", async () => {
  const run = await runProcess("npx", ["--no-install", "playhead", "--version"], { cwd: project });

  expect(run.stdout).toBe(`${version}\n`);
  expect(run.exitCode).toBe(0);
});

it("brings a command that serves a studio, with its page, until it is told to stop", async () => {
  const studio = spawn(
    join(project, "node_modules", ".bin", "playhead"),
    ["studio", "--port", "0", "--db", ":memory:"],
    { cwd: project, stdio: ["ignore", "pipe", "inherit"] },
  );
  onTestFinished(() => void studio.kill("SIGKILL"));
  const url = await readUrl(studio.stdout);

  const run = await runProcess(process.execPath, ["sender.mjs"], {
    cwd: project,
    environment: { LANGFUSE_BASE_URL: url },
  });

  expect(run.result<FlushReport>()).toMatchObject({ delivered: 1, isComplete: true });
  const rows = await createReader(url).observations({ sessionId: "from-the-tarball" });
  expect(rows.map(({ name }) => name)).toEqual(["work"]);
  for (const path of ["/", "/assets/app.js", "/assets/app.css"]) {
    expect((await fetch(url + path)).status).toBe(200);
  }
  studio.kill("SIGTERM");
  expect(await once(studio, "exit")).toEqual([0, null]);
});

/** The address in what `playhead studio` prints. */
async function readUrl(stdout: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stdout })) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (url !== undefined) return url;
  }
  throw new Error("Expected the studio to print its address, got none");
}
