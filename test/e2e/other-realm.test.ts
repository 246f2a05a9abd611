import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { compileFunction, createContext } from "node:vm";
import { expect, it } from "vitest";
import type * as playhead from "../../src/index";

const FILE = fileURLToPath(new URL("../../dist/index.cjs", import.meta.url));

/** The package as a test runner loads it into a realm of its own, which may lack newer symbols. */
function loadElsewhere(): typeof playhead {
  const realm = createContext({ process, Buffer, URL, performance, setTimeout, setInterval });
  const module = { exports: {} };
  compileFunction(readFileSync(FILE, "utf8"), ["module", "exports", "require"], {
    filename: FILE,
    parsingContext: realm,
  })(module, module.exports, createRequire(FILE));
  return module.exports as typeof playhead; // what the file exports
}

it.each([true, false])(
  "in a realm without Symbol.dispose, what stands in for `using` disposes, enabled: %s",
  (enabled) => {
    const { Playhead } = loadElsewhere();
    const client = new Playhead({ enabled, shouldExport: () => false });
    const span = client.startAsCurrentSpan("block");
    expect(client.getCurrentObservation()?.name).toBe(enabled ? "block" : undefined);

    // As esbuild, Babel and SWC compile it.
    const dispose: unknown = Reflect.get(span, Symbol.for("Symbol.dispose"));
    const disposeAsync: unknown = Reflect.get(span, Symbol.for("Symbol.asyncDispose"));
    expect([typeof dispose, typeof disposeAsync]).toEqual(["function", "function"]);
    Reflect.apply(dispose as () => void, span, []); // as just checked
    expect(client.getCurrentObservation()).toBeUndefined();
    expect(Object.getOwnPropertyNames(Object.getPrototypeOf(client))).not.toContain("undefined");
  },
);
