import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { deadUrl } from "../e2e/support/ports";
import { OTLP_PATH, openStudio, post } from "../studio/server/running-studio";
import { otlpJson } from "../studio/server/spans";
import { hashOf, writeLargeFile, writeNumerousFile } from "../studio/session-file/large-file";
import { openFront } from "../support/langfuse-front";
import { listen } from "../support/listen";
import { runHere as run } from "./run-here";
import { openTerminal } from "./run-playhead";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-files-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const SPANS = otlpJson({
  attributes: { "session.id": "s", "langfuse.observation.input": "naïve 🦊" },
});

it("takes a session from one studio into another, and the output is the file", async () => {
  const [from, to] = [await openStudio(), await openStudio()];
  await post(from, OTLP_PATH, SPANS);
  const path = join(folder, "s.json");
  expect(await run("export", "s", "--url", from.url, "-o", path)).toEqual({
    code: 0,
    output: "",
    errors: "",
  });
  const imported = await run("import", path, "--url", `${to.url}/`);
  expect(imported).toEqual({
    code: 0,
    output: 'Session "s": 1 trace, 1 observation, 0 scores, 0 comments, 0 files.\n',
    errors: "",
  });
  vi.stubEnv("PLAYHEAD_STUDIO_URL", to.url);
  const { output } = await run("export", "s");
  expect(output).toBe(await readFile(path, "utf8"));
  expect(output).toContain("naïve 🦊");
  expect(await readdir(folder)).toEqual(["s.json"]);
});

const HOSTILE_WORDS = '\u001b]0;title\u0007"pwned"\n\u202etxt\u2066\u009b2J';

it.each([
  ["export", ["s", "--url"], 500, {}, 'The studio at URL answered 500: "pwned" txt.\n'],
  [
    "push",
    ["--session", "s", "--to", "http://x", "--from"],
    400,
    {},
    '"pwned" txt\nRun playhead push --help for what it takes.\n',
  ],
  [
    "push",
    ["--session", "s", "--to", "http://x", "--from"],
    200,
    { type: "failure", code: "ENDPOINT_UNEXPECTED" },
    '"pwned" txt\n',
  ],
])("cleans what a server says to %s %j with %i before it prints it", async (...given) => {
  const [command, flags, status, fields, printed] = given;
  const body = `${JSON.stringify({ ...fields, message: HOSTILE_WORDS })}\n`;
  const front = await openFront(await deadUrl(), () => ({ status, body }));
  const { errors } = await run(command, ...flags, front.url);
  expect(errors).toBe(printed.replace("URL", front.url));
});

it("tells in a terminal what it wrote, and what it brought in", async () => {
  const [from, to] = [await openStudio(), await openStudio()];
  await post(from, OTLP_PATH, SPANS);
  const path = join(folder, "s.json");
  const exported = openTerminal(["export", "s", "--url", from.url, "-o", path, "--json"]);
  expect(await exported.ended()).toBe(0);
  const bytes = (await readFile(path)).length;
  expect(JSON.parse(exported.text)).toEqual({ sessionId: "s", format: "json", file: path, bytes });
  const imported = openTerminal(["import", path, "--to", to.url]);
  expect(await imported.ended()).toBe(0);
  expect(imported.text).toContain('Session "s": 1 trace, 1 observation, 0 scores');
});

it("takes keys from the command line or the environment", async () => {
  const keys = { publicKey: "pk-lf-1", secretKey: "sk-lf-1" };
  const studio = await openStudio(keys);
  const authorization = `Basic ${Buffer.from("pk-lf-1:sk-lf-1").toString("base64")}`;
  await post(studio, OTLP_PATH, SPANS, { authorization });
  const refused = await run("export", "s", "--url", studio.url);
  expect(refused).toMatchObject({ code: 1, output: "" });
  expect(refused.errors).toContain("Give its keys with --public-key and --secret-key.");
  const given = ["--public-key", keys.publicKey, "--secret-key", keys.secretKey];
  const { code, output } = await run("export", "s", "--url", studio.url, ...given);
  expect(code).toBe(0);
  vi.stubEnv("PLAYHEAD_STUDIO_PUBLIC_KEY", keys.publicKey);
  vi.stubEnv("PLAYHEAD_STUDIO_SECRET_KEY", keys.secretKey);
  expect(await run("export", "s", "--url", studio.url)).toEqual({ code: 0, output, errors: "" });
});

it("fails without touching the file where there is no session, no studio or no folder", async () => {
  const studio = await openStudio();
  const path = join(folder, "s.json");
  await writeFile(path, "as it was");
  const missing = await run("export", "none", "--url", studio.url, "-o", path);
  expect(missing).toEqual({
    code: 1,
    output: "",
    errors: `The studio at ${studio.url} answered 404: No session with this id.\n`,
  });
  await post(studio, OTLP_PATH, SPANS);
  const nowhere = join(folder, "none", "s.json");
  const unwritten = await run("export", "s", "--url", studio.url, "-o", nowhere);
  expect(unwritten).toMatchObject({ code: 1, output: "" });
  expect(unwritten.errors).toContain(`Cannot write ${nowhere}: ENOENT`);
  await studio.close();
  const gone = await run("export", "s", "--url", studio.url, "-o", path);
  expect(gone).toMatchObject({ code: 1, output: "" });
  expect(gone.errors).toContain(`Expected a studio at ${studio.url}, got no answer.`);
  expect(await readFile(path, "utf8")).toBe("as it was");
  expect(await readdir(folder)).toEqual(["s.json"]);
});

it("imports the files that are good, and fails for those that are not", async () => {
  const [from, to] = [await openStudio(), await openStudio()];
  await post(from, OTLP_PATH, SPANS);
  const [good, bad, none] = ["good.json", "bad.json", "none.json"].map((name) =>
    join(folder, name),
  ) as [string, string, string]; // one for each name
  await run("export", "s", "--url", from.url, "-o", good);
  await writeFile(bad, "{}");
  const { code, output, errors } = await run("import", bad, none, good, "--json", "--url", to.url);
  expect(code).toBe(1);
  expect(JSON.parse(output)).toMatchObject({ file: good, sessionId: "s", traceCount: 1 });
  expect(errors).toContain(`${bad}: The studio at ${to.url} answered 400: Expected a session`);
  expect(errors).toContain(`${none}: Cannot read it: ENOENT`);
});

it("brings in what it exported, however large its files are, and says where one breaks off", async () => {
  const studio = await openStudio();
  const large = await writeLargeFile();
  expect(await run("import", large, "--url", studio.url)).toEqual({
    code: 0,
    output: 'Session "large": 1 trace, 1 observation, 0 scores, 0 comments, 5 files.\n',
    errors: "",
  });
  const again = join(folder, "again.json");
  await run("export", "large", "--url", studio.url, "-o", again);
  expect(await hashOf(again)).toBe(await hashOf(large));
  await truncate(again, (await stat(again)).size - 4);
  expect(await run("import", again, "--url", studio.url)).toEqual({
    code: 1,
    output: "",
    errors: `${again}: The file breaks off. What came before that is in the studio; import it again to go on: nothing is doubled.\n`,
  });
}, 120_000);

it("brings in what it exported, however many numbers are in it", async () => {
  const studio = await openStudio();
  const file = await writeNumerousFile();
  expect(await run("import", file, "--url", studio.url)).toEqual({
    code: 0,
    output: 'Session "large": 18 traces, 18 observations, 0 scores, 0 comments, 0 files.\n',
    errors: "",
  });
  const again = join(folder, "again.json");
  await run("export", "large", "--url", studio.url, "-o", again);
  expect(await hashOf(again)).toBe(await hashOf(file));
}, 120_000);

it("prints what stands in a file without what would steer a terminal", async () => {
  const [from, to] = [await openStudio(), await openStudio()];
  const id = "red\u009b31m\u202etxt";
  await post(from, OTLP_PATH, otlpJson({ attributes: { "session.id": id } }));
  const path = join(folder, "s.json");
  await run("export", id, "--url", from.url, "-o", path);
  const imported = await run("import", path, "--url", to.url);
  expect(imported).toMatchObject({
    code: 0,
    output: expect.stringMatching(/^Session "red.*txt": 1/),
  });
  expect(imported.output).not.toMatch(/(?!\n)\p{Cc}|\u202e/u);
  const text = await readFile(path, "utf8");
  await writeFile(path, text.replaceAll('"id":"', `"id":"${id}`));
  const refused = await run("import", path, "--url", to.url);
  expect(refused.code).toBe(1);
  expect(refused.errors).toContain("no observation of the trace");
  expect(refused.errors).not.toMatch(/(?!\n)\p{Cc}|\u202e/u);
});

it("takes a file that an editor began with a byte order mark", async () => {
  const [from, to] = [await openStudio(), await openStudio()];
  await post(from, OTLP_PATH, SPANS);
  const path = join(folder, "s.json");
  const { output } = await run("export", "s", "--url", from.url);
  await writeFile(path, `\ufeff${output}`);
  expect(await run("import", path, "--url", to.url)).toMatchObject({ code: 0, errors: "" });
  expect((await run("export", "s", "--url", to.url)).output).toBe(output);
});

it("comes again where the studio puts an import off", async () => {
  const refusals = [429, 503];
  const url = await listen((request, response) => {
    const status = refusals.shift() ?? 200;
    const imported = { sessionId: "s", traceCount: 1, observationCount: 1 };
    const counts = { scoreCount: 0, commentCount: 0, mediaCount: 0 };
    request.resume().on("end", () => {
      response.writeHead(status, { "retry-after": "0" });
      response.end(JSON.stringify({ ...imported, ...counts }));
    });
  });
  const path = join(folder, "s.json");
  await writeFile(path, "{}");
  expect(await run("import", path, "--url", url)).toMatchObject({ code: 0, errors: "" });
  expect(refusals).toEqual([]);
});

it("says of an empty file that it is empty", async () => {
  const studio = await openStudio();
  const empty = join(folder, "empty.json");
  await writeFile(empty, "");
  const { code, errors } = await run("import", empty, "--url", studio.url);
  expect({ code, errors }).toEqual({ code: 1, errors: `${empty}: It is empty.\n` });
});

it.each([
  [["export"], "Expected one session id, got 0"],
  [["export", "a", "b"], "Expected one session id, got 2"],
  [["export", "a", "--format", "pdf"], 'got "pdf"'],
  [["export", "a", "--url", "nowhere"], "Expected --url to be an http or https address"],
  [
    ["export", "a", "--public-key", "pk"],
    "Expected both keys, or none, got one: --secret-key is missing",
  ],
  [["export", "a", "--out", "x"], "Expected --url, --public-key"],
  [["export", "a", "--format", "html", "--redact", "names"], 'got "names"'],
  [
    ["export", "a", "--redact", "email"],
    "Expected --redact with --format html or jsonl or vitest, got it with json",
  ],
  [["export", "a", "--json"], "Expected --json with --output"],
  [["import"], "Expected a file to import, or --from with the address of a server, got none"],
])("does not understand %j", async (args, message) => {
  const { code, output, errors } = await run(...args);
  expect({ code, output }).toEqual({ code: 2, output: "" });
  expect(errors).toContain(message);
});
