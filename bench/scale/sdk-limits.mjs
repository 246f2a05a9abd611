/** The SDK's own defaults and decisions, from its sources: the simulation repeats none of them. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const SOURCE = `
  export { check } from "./config/kinds";
  export { optionsKind, SPOOL_DEFAULTS } from "./config/schema";
  export { BACKOFF, backoffMs } from "./export/retry";
  export { SPAN_CONCURRENCY } from "./export/target";
  export { isSampled } from "./observation/sampling";
  export { RECORD_BYTES } from "./attributes/record-size";
`;

export async function loadSdkLimits() {
  const folder = mkdtempSync(join(tmpdir(), "playhead-scale-"));
  try {
    const outfile = join(folder, "sdk.mjs");
    await build({
      stdin: {
        contents: SOURCE,
        resolveDir: fileURLToPath(new URL("../../src", import.meta.url)),
        loader: "ts",
      },
      outfile,
      bundle: true,
      treeShaking: true,
      external: ["@opentelemetry/api"],
      platform: "node",
      format: "esm",
      logLevel: "error",
    });
    const { check, optionsKind, SPOOL_DEFAULTS, BACKOFF, SPAN_CONCURRENCY, ...functions } =
      await import(pathToFileURL(outfile).href);
    return {
      ...check(optionsKind, {}).value,
      ...functions,
      spool: SPOOL_DEFAULTS,
      backoff: BACKOFF,
      concurrency: SPAN_CONCURRENCY,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
