import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The texts between markers, by their names. */
function sections(text: string): Map<string, string> {
  const found = text.matchAll(/<!-- (\w+) -->\n([\s\S]*?)\n<!-- \/\1 -->/g);
  return new Map([...found].map(([, name = "", content = ""]) => [name, content]));
}

/** Rejects where a measured size is not the one that the figures rest on. */
async function printScale(...given: string[]): Promise<Map<string, string>> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    fromRoot("bench/scale.mjs"),
    ...given,
  ]);
  return sections(stdout);
}

describe("docs/scale.md", () => {
  const documented = sections(readFileSync(fromRoot("docs/scale.md"), "utf8"));
  let printed: Map<string, string>;
  beforeAll(async () => {
    printed = await printScale();
  });

  it.each(["trace", "process", "fleet", "cost", "assumptions"])(
    "states the figures that the simulation prints: %s",
    (name) => {
      expect(documented.get(name)).toBeTruthy();
      expect(documented.get(name)).toBe(printed.get(name));
    },
  );

  it("has no marked part that the simulation does not print", () => {
    expect([...documented.keys()]).toEqual([...printed.keys()]);
  });

  it("has figures that follow from the assumptions: one that is set changes them", async () => {
    const other = await printScale("--set", "usdPerGbNetwork=1");
    expect(other.get("cost")).not.toBe(printed.get("cost"));
    expect(other.get("fleet")).toBe(printed.get("fleet"));
  });

  it("refuses an assumption that it does not know", async () => {
    await expect(printScale("--set", "usdPerSpan=1")).rejects.toThrow(
      "Expected name=number, with one of tracesPerSecond",
    );
  });
});
