// Collects the licences of the packages that the build put into dist, into THIRD_PARTY_NOTICES.
// Run after tsup, in the root of the repository. Fails when a bundled package has no licence file,
// or a licence that asks for more than its text to be passed on.

import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const OUTPUT = "THIRD_PARTY_NOTICES";

/** SPDX identifiers that ask for nothing but attribution. */
const PERMISSIVE = new Set([
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "ISC",
  "MIT",
  "Unlicense",
]);

const metafiles = (await readdir("dist")).filter((name) => /^metafile-.+\.json$/.test(name));
if (metafiles.length === 0) {
  throw new Error("Expected dist/metafile-*.json, got none. Run tsup first.");
}

/** Folder of each bundled package, with the files of it that were bundled. */
const folders = new Map();
for (const name of metafiles) {
  const { outputs } = JSON.parse(await readFile(join("dist", name), "utf8"));
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const folder = packageFolder(path);
      if (folder === undefined || bytesInOutput === 0) continue;
      folders.set(folder, (folders.get(folder) ?? new Set()).add(path));
    }
  }
}

const packages = await Promise.all(
  [...folders].map(([folder, files]) => readPackage(folder, [...files].sort())),
);
// Two copies of one version in the tree are one entry.
const unique = new Map(packages.map((entry) => [`${entry.name}@${entry.version}`, entry]));
const sorted = [...unique.entries()].sort(([a], [b]) => (a < b ? -1 : 1));

const notices = sorted.map(
  ([id, { license, texts }]) =>
    `${"=".repeat(80)}\n${id}\nLicence: ${license}\n${"=".repeat(80)}\n\n${texts.join("\n\n")}\n`,
);
const header = "Playhead contains code of the following packages, each under its own licence.\n";
await writeFile(OUTPUT, [header, ...notices].join("\n"));
console.log(`${OUTPUT}: ${sorted.length} packages`);

/** `…/node_modules/@scope/name/lib/file.js` → `…/node_modules/@scope/name` */
function packageFolder(path) {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
}

async function readPackage(folder, bundledFiles) {
  const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const { name, version, license } = manifest;
  if (!isPermissive(license)) {
    throw new Error(
      `Expected ${name} to have a permissive licence, got ${JSON.stringify(license)}. ` +
        "It must not be bundled.",
    );
  }
  const files = (await readdir(folder))
    .filter((file) => /^(licen[cs]e|notice|copying)([.-].*)?$/i.test(file))
    .sort();
  const hasLicenseFile = files.some((file) => !/^notice/i.test(file));
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  if (!hasLicenseFile) texts.push(...(await readHeaders(folder, license, bundledFiles)));
  return {
    name,
    version,
    license,
    texts: texts.map((text) => text.replaceAll("\r\n", "\n").trim()),
  };
}

/**
 * The copyright notices at the top of the bundled files, for a package without a licence file;
 * with the text of the Apache License, which such a notice only refers to.
 */
async function readHeaders(folder, license, files) {
  const headers = new Set();
  for (const file of files) {
    const [comment = ""] = /^(\/\/.*\r?\n)+/.exec(await readFile(file, "utf8")) ?? [];
    const text = comment.replaceAll(/^\/\/ ?/gm, "").trim();
    if (text.startsWith("Copyright")) headers.add(text);
  }
  if (headers.size === 0) {
    throw new Error(`Expected a licence file in ${folder}, or notices in its files, got neither.`);
  }
  if (!license.includes("Apache-2.0")) return [...headers];
  return [...headers, await readFile("scripts/licenses/Apache-2.0.txt", "utf8")];
}

/** Understands `A`, `A OR B` and `A AND B`, with or without parentheses round the whole. */
function isPermissive(license) {
  if (typeof license !== "string") return false;
  const expression = license.replace(/^\((.*)\)$/, "$1");
  return expression
    .split(" OR ")
    .some((choice) => choice.split(" AND ").every((id) => PERMISSIVE.has(id.trim())));
}
