/** What npm puts on disk for each subject: ours from the tarball, the others in their versions here. */

import { execFileSync } from "node:child_process";
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { versionsOf } from "./subjects.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const MEBIBYTE = 1_024 * 1_024;
const BLOCK_BYTES = 512;

/** @returns figures as a case has them; undefined where nothing is installed for a subject */
export function measureInstalled(subject) {
  const folder = mkdtempSync(join(tmpdir(), "playhead-bench-install-"));
  try {
    const packages = subject === "playhead" ? [packOurs(folder)] : versionsOf(subject);
    if (packages.length === 0) return undefined;
    writeFileSync(join(folder, "package.json"), '{"private":true}');
    npm(["install", "--ignore-scripts", "--no-audit", "--no-fund", ...packages], folder);
    const modules = join(folder, "node_modules");
    const lock = JSON.parse(readFileSync(join(modules, ".package-lock.json"), "utf8"));
    return {
      "installed MB": single(diskBytes(modules) / MEBIBYTE),
      "installed packages": single(Object.keys(lock.packages).length),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @returns the path of the tarball that would be published, of what dist/ holds */
function packOurs(folder) {
  const [{ filename }] = JSON.parse(
    npm(["pack", "--json", "--ignore-scripts", "--pack-destination", folder], ROOT),
  );
  return join(folder, filename);
}

function npm(given, cwd) {
  return execFileSync("npm", given, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    shell: process.platform === "win32", // npm is a script there
  });
}

/** As `du` counts: whole blocks. */
function diskBytes(path) {
  const { blocks, size } = lstatSync(path);
  const own = blocks === undefined ? size : blocks * BLOCK_BYTES;
  if (!lstatSync(path).isDirectory()) return own;
  return readdirSync(path).reduce((sum, name) => sum + diskBytes(join(path, name)), own);
}

function single(value) {
  return { median: value, low: value, high: value };
}
