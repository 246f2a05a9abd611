import { exec } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { Playhead } from "../../src/client/playhead";
import { deadUrl } from "../e2e/support/ports";
import { openStudio } from "../studio/server/running-studio";
import { LANGFUSE_3, LANGFUSE_4, openFront } from "../support/langfuse-front";
import { sendSupportSessions } from "../support/support-sessions";
import { openTerminal, runPlayhead } from "./run-playhead";

const KEYS = { publicKey: "pk-lf-a", secretKey: "sk-lf-a" };
const KEY_FLAGS = ["--public-key", KEYS.publicKey, "--secret-key", KEYS.secretKey];
const ESCAPE = "\u001b[";

async function openFull(): Promise<string> {
  const { url } = await openStudio(KEYS);
  await sendSupportSessions(url);
  return url;
}

describe("playhead sessions", () => {
  it("prints a line per session into a pipe, fields parted by tabs, without colours", async () => {
    const url = await openFull();
    const { code, output, errors } = await runPlayhead(["sessions", "--url", url, ...KEY_FLAGS]);
    expect(errors).toBe("");
    expect(output).toBe(
      "chat-2\t2026-11-20T11:00:01.200000Z\tgrace\t1\t1200\t852\t0.0021\t0\tHow do I install it?\n" +
        "chat-1\t2026-11-20T10:00:09.200000Z\tada\t2\t9200\t1704\t0.0042\t2\tDoes it run on Node 18?\n",
    );
    expect(code).toBe(0);
  });

  it("prints the same as JSON as client.sessions.list gives, by the keys of the environment", async () => {
    const url = await openFull();
    const { code, output } = await runPlayhead(["sessions", "--json", "--limit", "1"], {
      LANGFUSE_BASE_URL: url,
      LANGFUSE_PUBLIC_KEY: KEYS.publicKey,
      LANGFUSE_SECRET_KEY: KEYS.secretKey,
    });
    const client = new Playhead({ baseUrl: url, ...KEYS, logLevel: "silent" });
    expect(JSON.parse(output)).toEqual(await client.sessions.list({ limit: 1 }));
    expect(code).toBe(0);
    await client.shutdown();
  });

  it.each([
    ["--user", "ada", "chat-1"],
    ["--search", "Deno", "chat-1"],
    ["--since", "2026-11-20T10:30:00Z", "chat-2"],
    ["--limit", "1", "chat-2"],
  ])("filters with %s %s", async (flag, value, expected) => {
    const url = await openFull();
    const { output } = await runPlayhead(["sessions", flag, value, "--url", url, ...KEY_FLAGS]);
    expect(output.split("\n").map((line) => line.split("\t")[0])).toEqual([expected, ""]);
  });

  it("finds sessions with errors, and says when there are none", async () => {
    const url = await openFull();
    const failed = await runPlayhead(["sessions", "--errors", "--url", url, ...KEY_FLAGS]);
    expect(failed.output).toMatch(/^chat-1\t[^\n]*\n$/);
    const none = await runPlayhead(["sessions", "--tag", "none", "--url", url, ...KEY_FLAGS]);
    expect(none).toMatchObject({ code: 0, output: "" });
    expect(none.errors).toBe(`No sessions at ${url}, with these options.\n`);
  });

  it.each([
    ["Langfuse 3", LANGFUSE_3],
    ["Langfuse 4", LANGFUSE_4],
  ])("lists those of %s", async (_name, refuse) => {
    const { url } = await openFront(await openFull(), refuse);
    const { code, output } = await runPlayhead([
      "sessions",
      "--errors",
      "--url",
      url,
      ...KEY_FLAGS,
    ]);
    expect(output).toMatch(
      /^chat-1\t2026-11-20T10:00:09\.200Z\tada\t2\t9200\t\d*\t0\.0042\t2\tDoes/,
    );
    expect(code).toBe(0);
  });

  it("prints a coloured table on a terminal, and a plain one where NO_COLOR is set", async () => {
    const url = await openFull();
    const args = ["sessions", "--url", url, ...KEY_FLAGS];
    const coloured = openTerminal(args);
    expect(await coloured.ended()).toBe(0);
    expect(coloured.text).toContain(`${ESCAPE}31m`);
    const lines = stripVTControlCharacters(coloured.text).split("\r\n");
    const head = lines.findIndex((line) => line.includes("SESSION"));
    expect(lines[head]).toMatch(
      /SESSION +ACTIVE +USER +TURNS +LENGTH +TOKENS +COST +ERRORS +FIRST MES/,
    );
    expect(lines[head + 1]).toMatch(/^chat-2 .* grace +1 +1\.20 s +852 +\$0\.0021 +0 +How do I in/);
    for (const line of lines.slice(head + 1)) expect(line.length).toBeLessThanOrEqual(100);

    const plain = openTerminal(args, { NO_COLOR: "1" });
    expect(await plain.ended()).toBe(0);
    expect(plain.text).toContain("SESSION");
    // The line that says what is being read is taken away again; nothing else moves the cursor.
    expect(plain.text.replaceAll(`${ESCAPE}K`, "")).not.toContain(ESCAPE);
  });

  it("prints what was captured without what would steer a terminal", async () => {
    const { url } = await openStudio();
    const client = new Playhead({ baseUrl: url, logLevel: "silent" });
    const root = client.startSpan({ name: "turn", input: "a\u001b[2Jb\tc" });
    root.updateTrace({ sessionId: "evil\u001b]0;title\u0007id" });
    root.end();
    await client.shutdown();
    const { output } = await runPlayhead(["sessions", "--url", url]);
    expect(output).not.toContain("\u001b");
    expect(output).not.toContain("\u0007");
    expect(output.split("\t")).toHaveLength(9);
  });

  it("ends quietly when the reader of the pipe has enough", async () => {
    const { url } = await openStudio();
    await sendSupportSessions(url);
    const command = `"${process.execPath}" dist/cli.js sessions --json --url ${url} | head -c 1`;
    const ended = await new Promise<{ code: number | undefined; errors: string }>((resolve) => {
      exec(`bash -o pipefail -c '${command}'`, (error, _output, errors) =>
        resolve({ code: error === null ? 0 : error.code, errors }),
      );
    });
    expect(ended).toEqual({ code: 0, errors: "" });
  });

  it("ends with 1 when the endpoint cannot be read, and says what to do", async () => {
    const url = await deadUrl();
    const { code, output, errors } = await runPlayhead(["sessions", "--url", url]);
    expect({ code, output }).toEqual({ code: 1, output: "" });
    expect(errors).toContain(`Cannot reach ${url}: ECONNREFUSED.`);
    const full = await openFull();
    const refused = await runPlayhead(["sessions", "--url", full]);
    expect(refused.code).toBe(1);
    expect(refused.errors).toContain("demands keys, and none were sent (HTTP 401)");
    const wrong = ["--url", full, "--public-key", "pk-lf-wrong", "--secret-key", "sk-lf-wrong"];
    const mistaken = await runPlayhead(["sessions", ...wrong]);
    expect(mistaken.code).toBe(1);
    expect(mistaken.errors).toContain("refuses the keys (HTTP 401)");
  });

  it("sends no keys of the environment to another address", async () => {
    const { url } = await openStudio(KEYS);
    const { code, errors } = await runPlayhead(["sessions", "--url", url], {
      LANGFUSE_BASE_URL: "http://127.0.0.1:9",
      LANGFUSE_PUBLIC_KEY: KEYS.publicKey,
      LANGFUSE_SECRET_KEY: KEYS.secretKey,
    });
    expect(code).toBe(1);
    expect(errors).toContain("demands keys, and none were sent");
    expect(errors).toContain("keys of the environment go nowhere else");
  });

  it.each([
    [["--limit", "0"], 'Expected --limit from 1 to 1000, got "0"'],
    [["--since", "soon"], "Expected --since to be a length such as 24h, 7d or 2w"],
    [["--colour"], "Expected --user, --tag"],
    [["chat-1"], 'Expected options only, got "chat-1"'],
    [["--url", "nowhere"], "Expected --url to be an http or https address"],
  ])("ends with 2 for %j", async (args, message) => {
    const { code, output, errors } = await runPlayhead(["sessions", ...args]);
    expect({ code, output }).toEqual({ code: 2, output: "" });
    expect(errors).toContain(message);
    expect(errors).toContain("Run playhead sessions --help");
  });

  it.each(["sessions", "show", "doctor"])("explains %s with examples", async (name) => {
    const { code, output } = await runPlayhead([name, "--help"]);
    expect(code).toBe(0);
    expect(output).toContain(`Usage: playhead ${name}`);
    expect(output).toMatch(/Examples:\n {2}playhead/);
    expect(output).toContain("Exit code: 0");
    for (const line of output.split("\n")) expect(line.length).toBeLessThanOrEqual(110);
  });
});
