import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { resolveConfig } from "../../src/config/resolve";
import { MEDIA_DEFAULTS, optionsKind, SPOOL_DEFAULTS } from "../../src/config/schema";

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");

/** The first cell of each row of a table, split at its commas. */
function documentedOptions(markdown: string): string[] {
  return [...markdown.matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name),
  );
}

const page = read("docs/configuration.md");
const options = Object.keys(optionsKind.fields);
const variables = new Set(
  [...read("src/config/environment.ts").matchAll(/"((?:LANGFUSE|PLAYHEAD)_\w+)"/g)].map(
    ([, name = ""]) => name,
  ),
);

describe("docs/configuration.md", () => {
  it.each(options)("documents the option %s in a table", (option) => {
    expect(documentedOptions(page)).toContain(option);
  });

  it.each([...variables])("documents the variable %s", (variable) => {
    expect(page).toMatch(new RegExp(`\`${variable}[\`=]`));
  });

  it("documents no variable that is not read", () => {
    const named = [...page.matchAll(/`((?:LANGFUSE|PLAYHEAD)_[A-Z_]+)[`=]/g)].map(
      ([, name]) => name,
    );
    expect(named.filter((name) => !variables.has(name ?? ""))).toEqual([]);
  });

  it.each(numericDefaults())("states that %s is %i by default", (option, value) => {
    expect(rowOf(option)).toContain(`| ${value.toLocaleString("en-US")} |`);
  });

  it("states the fields and defaults of the spool", () => {
    for (const [field, value] of Object.entries(SPOOL_DEFAULTS)) {
      const shown = typeof value === "number" ? value.toLocaleString("en-US") : `\`${value}\``;
      expect(rowOf(field)).toContain(`| ${shown} |`);
    }
  });

  it("states the fields and defaults of media", () => {
    for (const [field, value] of Object.entries(MEDIA_DEFAULTS)) {
      expect(rowOf(`media.${field}`)).toContain(`| ${value.toLocaleString("en-US")} |`);
    }
  });
});

function rowOf(name: string): string {
  return page.split("\n").find((line) => line.startsWith(`| \`${name}\``)) ?? "";
}

function numericDefaults(): [option: string, value: number][] {
  const defaults = resolveConfig({}, {});
  return Object.entries(defaults).filter(
    (entry): entry is [string, number] => typeof entry[1] === "number",
  );
}
