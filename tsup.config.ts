import { mkdir, writeFile } from "node:fs/promises";
import { defineConfig, type Options } from "tsup";

/**
 * Writes what went into a build to `dist/metafile-<build>-<format>.json`, for
 * scripts/third-party-notices.mjs. tsup's own option names the file by format alone, so that the
 * builds below would overwrite one another's.
 */
function metafile(build: string): NonNullable<Options["esbuildPlugins"]>[number] {
  return {
    name: "metafile",
    setup({ initialOptions, onEnd }) {
      onEnd(async (result) => {
        if (result.metafile === undefined) return; // the build failed, and esbuild says why
        await mkdir("dist", { recursive: true });
        const path = `dist/metafile-${build}-${initialOptions.format}.json`;
        await writeFile(path, JSON.stringify(result.metafile));
      });
    },
  };
}

const shared: Options = {
  outDir: "dist",
  platform: "node",
  target: "node20",
  removeNodeProtocol: false, // `node:sqlite` exists only with its prefix
  sourcemap: true,
  esbuildOptions(options) {
    options.legalComments = "none"; // licences stand in THIRD_PARTY_NOTICES
    options.minifyWhitespace = true; // comments are a quarter of what users install and parse
    // A line number in a stack still says something.
    if (options.platform === "node") options.lineLimit = 160;
  },
};

/** What a service imports. `@opentelemetry/api` stays outside, all else is bundled. */
const library: Options = {
  ...shared,
  esbuildPlugins: [metafile("library")],
  shims: true, // `import.meta.url` in CommonJS
  entry: { index: "src/index.ts", studio: "src/studio/server/index.ts" },
  format: ["esm", "cjs"],
  splitting: false,
  external: ["@opentelemetry/api", "@photostructure/sqlite"],
  noExternal: [/^(?!@opentelemetry\/api$|@photostructure\/sqlite$|node:).*/],
  dts: {
    resolve: [/^zod/],
    // `using` needs it, whatever the user's `lib` says.
    banner: '/// <reference lib="esnext.disposable" />',
    compilerOptions: { stripInternal: true },
  },
};

const cli: Options = {
  ...shared,
  esbuildPlugins: [metafile("cli")],
  splitting: false, // no hashed chunks that an earlier build leaves behind
  entry: { cli: "src/cli/main.ts" },
  format: ["esm"],
  external: ["@opentelemetry/api", "@photostructure/sqlite"],
  noExternal: library.noExternal as RegExp[],
};

const page: Options = {
  ...shared,
  esbuildPlugins: [metafile("page")],
  entry: { "page/app": "src/studio/page/main.tsx" },
  format: ["esm"],
  platform: "browser",
  target: "es2022",
  sourcemap: false,
  minify: true,
  noExternal: [/.*/],
};

export default defineConfig([library, cli, page]);
