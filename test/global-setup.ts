import { execFile } from "node:child_process";
import { promisify } from "node:util";

/**
 * Builds the package once for all tests that run what is built. PLAYHEAD_TEST_SKIP_BUILD=1 leaves
 * it out, for work on the tests of one part.
 */
export default async function buildOnce(): Promise<void> {
  if (process.env["PLAYHEAD_TEST_SKIP_BUILD"] === "1") return;
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  await promisify(execFile)(npm, ["run", "build", "--silent"], { maxBuffer: 64 * 1024 * 1024 });
}
