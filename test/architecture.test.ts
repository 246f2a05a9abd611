import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const SOURCE_ROOT = fileURLToPath(new URL("../src", import.meta.url));

/**
 * What each part may import, besides itself. Imports point one way; what a part is not given here
 * it may not have. `studio` is given single files, since it shares nothing else with the SDK.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "index.ts": [
    "attributes/",
    "capture/media/media.ts",
    "client/",
    "config/",
    "diagnostics/",
    "observation/",
    "observe/",
  ],
  "client/": [
    "attributes/",
    "capture/",
    "config/",
    "context/",
    "diagnostics/",
    "export/",
    "observation/",
    "observe/",
  ],
  "observe/": ["attributes/", "config/", "diagnostics/", "observation/"],
  "observation/": ["attributes/", "capture/", "config/", "context/", "diagnostics/"],
  // Cutting a span that is too large leaves the same mark as capturing a text that is; what a mask
  // returns is read like what is captured.
  "export/": [
    "attributes/",
    "capture/serialize.ts",
    "capture/text-limit.ts",
    "config/",
    "diagnostics/",
  ],
  "config/": ["attributes/", "diagnostics/"],
  "context/": ["diagnostics/"],
  "capture/": ["attributes/", "config/", "diagnostics/"],
  "attributes/": [],
  "diagnostics/": [],
  // What is published is redacted by the same rules as what an application sends.
  "studio/": [
    "attributes/",
    "capture/redact/redact-text.ts",
    "config/redact-rules.ts",
    "diagnostics/errors.ts",
  ],
  "cli/": [
    "attributes/",
    "client/endpoint.ts",
    "client/version.ts",
    "config/",
    "diagnostics/",
    "export/",
    "studio/",
  ],
};

/** Where attribute keys are written down: files, and a folder with a file for each vocabulary. */
const KEY_FILES = ["attributes/keys.ts", "studio/ingest/vocabularies/"];
const ATTRIBUTE_KEY =
  /^(langfuse|gen_ai|ai|llm|openinference|traceloop|telemetry\.sdk|deployment|exception)\.[a-z]|^(session|user)\.id$|^service\.(name|version)$/;

interface Import {
  /** Relative to `src`, with `/`. */
  readonly target: string;
  /** Leaves nothing at run time. */
  readonly isTypeOnly: boolean;
}

interface SourceFile {
  /** Relative to `src`, with `/`. */
  readonly path: string;
  readonly syntax: ts.SourceFile;
  /** Of files of this package. */
  readonly imports: readonly Import[];
}

const files = readSourceFiles();

describe("the sources", () => {
  it("are found", () => {
    expect(files.length).toBeGreaterThan(50);
    expect(files.flatMap((file) => file.imports).length).toBeGreaterThan(100);
  });

  it("import in one direction only", () => {
    const wrong = files.flatMap(({ path, imports }) =>
      imports
        .filter(({ target }) => !isAllowed(path, target))
        .map(({ target }) => `${path} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it("have no import cycle, types aside", () => {
    expect(findCycle()).toEqual([]);
  });

  it("hold nothing but names in each index.ts", () => {
    const wrong = files
      .filter(({ path }) => /(^|\/)index\.ts$/.test(path))
      .flatMap(({ path, syntax }) =>
        syntax.statements
          .filter((statement) => !ts.isExportDeclaration(statement))
          .map((statement) => `${path}: ${statement.getText(syntax).slice(0, 60)}`),
      );
    expect(wrong).toEqual([]);
  });

  it("write attribute keys in the files for keys only", () => {
    const wrong = files
      .filter(({ path }) => !KEY_FILES.some((keys) => path.startsWith(keys)))
      .flatMap(({ path, syntax }) =>
        literalsOf(syntax)
          .filter((text) => ATTRIBUTE_KEY.test(text))
          .map((text) => `${path}: "${text}"`),
      );
    expect(wrong).toEqual([]);
  });
});

/** `client/` of `client/playhead.ts`, or the file itself where it stands at the top. */
function partOf(path: string): string {
  const slash = path.indexOf("/");
  return slash < 0 ? path : path.slice(0, slash + 1);
}

function isAllowed(importer: string, target: string): boolean {
  const part = partOf(importer);
  if (partOf(target) === part) return true;
  return (MAY_IMPORT[part] ?? []).some((allowed) =>
    allowed.endsWith("/") ? target.startsWith(allowed) : target === allowed,
  );
}

/** One cycle of imports that exist at run time, as a list of files; empty where there is none. */
function findCycle(): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const finished = new Set<string>();
  const visit = (path: string, above: readonly string[]): string[] => {
    if (above.includes(path)) return [...above.slice(above.indexOf(path)), path];
    if (finished.has(path)) return [];
    for (const { target, isTypeOnly } of byPath.get(path)?.imports ?? []) {
      const cycle = isTypeOnly ? [] : visit(target, [...above, path]);
      if (cycle.length > 0) return cycle;
    }
    finished.add(path);
    return [];
  };
  return files.map(({ path }) => visit(path, [])).find((cycle) => cycle.length > 0) ?? [];
}

function readSourceFiles(): SourceFile[] {
  const paths = readdirSync(SOURCE_ROOT, { recursive: true, encoding: "utf8" })
    .map((path) => path.split(sep).join("/"))
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".d.ts"));
  const known = new Set(paths);
  return paths.map((path) => {
    const text = readFileSync(join(SOURCE_ROOT, path), "utf8");
    const syntax = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
    const imports = importsOf(syntax).flatMap(({ specifier, isTypeOnly }) => {
      const target = resolveImport(path, specifier, known);
      return target === undefined ? [] : [{ target, isTypeOnly }];
    });
    return { path, syntax, imports };
  });
}

/** Static and dynamic imports, and exports from another file. */
function importsOf(syntax: ts.SourceFile): { specifier: string; isTypeOnly: boolean }[] {
  const found: { specifier: string; isTypeOnly: boolean }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const isTypeOnly = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
      found.push({ specifier: node.moduleSpecifier.text, isTypeOnly });
    } else if (
      ts.isExportDeclaration(node) &&
      node.moduleSpecifier !== undefined &&
      ts.isStringLiteral(node.moduleSpecifier)
    ) {
      found.push({ specifier: node.moduleSpecifier.text, isTypeOnly: node.isTypeOnly });
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      if (argument !== undefined && ts.isStringLiteral(argument)) {
        found.push({ specifier: argument.text, isTypeOnly: false });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(syntax);
  return found;
}

/** Undefined for packages, and for files that are no TypeScript of `src`. */
function resolveImport(
  importer: string,
  specifier: string,
  known: ReadonlySet<string>,
): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  const path = relative(SOURCE_ROOT, resolve(SOURCE_ROOT, dirname(importer), specifier))
    .split(sep)
    .join("/");
  return [path, `${path}.ts`, `${path}.tsx`, `${path}/index.ts`].find((one) => known.has(one));
}

/** Texts of string literals and of the fixed parts of templates. */
function literalsOf(syntax: ts.SourceFile): string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) texts.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(syntax);
  return texts;
}
