import { defineConfig, type Options } from "tsup";

const shared: Options = {
  outDir: "dist",
  platform: "node",
  target: "node20",
  removeNodeProtocol: false, // `node:sqlite` exists only with its prefix
  sourcemap: true,
  metafile: true, // read by scripts/third-party-notices.mjs
  esbuildOptions(options) {
    options.legalComments = "none"; // licences stand in THIRD_PARTY_NOTICES
  },
};

/** What a service imports. `undici` and `@opentelemetry/api` stay outside, all else is bundled. */
const library: Options = {
  ...shared,
  entry: { index: "src/index.ts", studio: "src/studio/server/index.ts" },
  format: ["esm", "cjs"],
  splitting: false,
  external: ["undici", "@opentelemetry/api", "@photostructure/sqlite"],
  noExternal: [/^(?!undici$|@opentelemetry\/api$|@photostructure\/sqlite$|node:).*/],
  dts: process.env["PLAYHEAD_BUILD"] === "fast" ? false : { resolve: [/^zod/] },
};

const cli: Options = {
  ...shared,
  entry: { cli: "src/cli/main.ts" },
  format: ["esm"],
  external: ["undici", "@opentelemetry/api", "@photostructure/sqlite"],
  noExternal: library.noExternal as RegExp[],
};

const page: Options = {
  ...shared,
  entry: { "page/app": "src/studio/page/main.tsx" },
  format: ["esm"],
  platform: "browser",
  target: "es2022",
  sourcemap: false,
  minify: true,
  noExternal: [/.*/],
};

export default defineConfig([library, cli, page]);
