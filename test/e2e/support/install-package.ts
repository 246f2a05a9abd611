import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const NPM = process.platform === "win32" ? "npm.cmd" : "npm";
/** Asks the network for nothing that the cache has, and says nothing but errors. */
const QUIET = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];

export interface PackedPackage {
  /** Paths in the tarball, sorted. */
  readonly files: readonly string[];
  /** Removes what was made. */
  remove(): Promise<void>;
  /** Makes a project that has the package, and `also`, installed; returns its folder. */
  installInto(name: string, also?: readonly string[]): Promise<string>;
}

interface PackReport {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** Packs what is built, as `npm publish` would. */
export async function packPackage(): Promise<PackedPackage> {
  const directory = await mkdtemp(join(tmpdir(), "playhead-pack-"));
  const { stdout } = await run(NPM, ["pack", "--json", "--pack-destination", directory]);
  const [report] = JSON.parse(stdout) as PackReport[]; // one package, one report
  if (report === undefined) throw new Error(`Expected a report of npm pack, got ${stdout}`);
  const tarball = join(directory, report.filename);
  return {
    files: report.files.map(({ path }) => path).sort(),
    remove: () => rm(directory, { recursive: true, force: true }),
    async installInto(name, also = []) {
      const project = join(directory, name);
      await mkdir(project);
      await writeFile(join(project, "package.json"), JSON.stringify({ name, private: true }));
      await run(NPM, ["install", ...QUIET, tarball, ...also], { cwd: project });
      return project;
    },
  };
}

/** Names of the packages in `node_modules` of a project, sorted. */
export async function installedPackages(project: string): Promise<string[]> {
  const lock = await readFile(join(project, "node_modules", ".package-lock.json"), "utf8");
  const { packages } = JSON.parse(lock) as { packages: Record<string, unknown> }; // npm's format
  return Object.keys(packages)
    .map((path) => path.replace(/^.*node_modules\//, ""))
    .sort();
}
