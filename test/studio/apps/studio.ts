/** A studio with the options of the first argument, until its process is stopped. */

import { startStudio } from "../../../src/studio/server";

try {
  const studio = await startStudio(JSON.parse(process.argv[2] ?? "{}"));
  process.stdout.write(`${studio.url}\n`);
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
