import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { renderTranscript } from "../../src/cli/transcript";
import { Playhead } from "../../src/client/playhead";
import type { SessionDetail } from "../../src/studio/api/types";
import { get, openStudio } from "../studio/server/running-studio";
import { LANGFUSE_3, LANGFUSE_4, openFront } from "../support/langfuse-front";
import { sendSupportSessions } from "../support/support-sessions";
import { CTRL_C, openTerminal, runPlayhead } from "./run-playhead";

async function openFull(): Promise<string> {
  const { url } = await openStudio();
  await sendSupportSessions(url);
  return url;
}

async function detailOf(url: string): Promise<SessionDetail> {
  // What the studio answers here, by its contract.
  return (await get({ url }, "/api/studio/session?id=chat-1")).json as SessionDetail;
}

async function say(baseUrl: string, sessionId: string, input: string): Promise<void> {
  const client = new Playhead({ baseUrl, logLevel: "silent" });
  const root = client.startSpan({ name: "turn", input, output: `re: ${input}` });
  root.updateTrace({ sessionId });
  root.end();
  await client.shutdown();
}

describe("playhead show", () => {
  it("prints the transcript at once into a pipe", async () => {
    const url = await openFull();
    process.env["TZ"] = "UTC"; // as in the child, for times of day
    const { code, output, errors } = await runPlayhead(["show", "chat-1", "--url", url]);
    expect(errors).toBe("");
    expect(output).toBe(renderTranscript(await detailOf(url), { columns: 100, colors: false }));
    expect(code).toBe(0);
  });

  it("prints the session as JSON", async () => {
    const url = await openFull();
    const { code, output } = await runPlayhead(["show", "chat-1", "--json", "--url", url]);
    expect(JSON.parse(output)).toEqual(await detailOf(url));
    expect(code).toBe(0);
  });

  it.each([
    ["Langfuse 3", LANGFUSE_3],
    ["Langfuse 4", LANGFUSE_4],
  ])("prints a session of %s", async (_name, refuse) => {
    const front = await openFront(await openFull(), refuse);
    const { code, output } = await runPlayhead(["show", "chat-1", "--url", front.url]);
    expect(output).toContain("── 2 ── support ──");
    expect(output).toContain("user       And on Deno?\n  failed     rate limited\n");
    expect(output).toContain("gpt-4o-mini · 812 → 40 tokens · first token after 240 ms · $0.0021");
    expect(code).toBe(0);
    const followed = await runPlayhead(["show", "chat-1", "--follow", "--url", front.url]);
    expect(followed).toMatchObject({ code: 1, output: "" });
    expect(followed.errors).toContain("whose events --follow needs, got a Langfuse server");
  });

  it("ends with 1 when there is no such session", async () => {
    const url = await openFull();
    const { code, output, errors } = await runPlayhead(["show", "chat-9", "--url", url]);
    expect({ code, output }).toEqual({ code: 1, output: "" });
    expect(errors).toBe(
      `No session "chat-9" at ${url}. Run playhead sessions for those there are.\n`,
    );
  });

  it.each([
    [[], "Expected the id of one session, got none"],
    [["a", "b"], 'Expected the id of one session, got "a" "b"'],
    [["a", "--speed", "0"], 'Expected --speed from 0.1 to 1000, got "0"'],
    [["a", "--speed", "2", "--json"], "Expected --json or --speed, got both"],
  ])("ends with 2 for %j", async (args, message) => {
    const { code, errors } = await runPlayhead(["show", ...args]);
    expect(code).toBe(2);
    expect(errors).toContain(message);
  });

  it("replays on a terminal: the text is the transcript's, the time that of the session", async () => {
    const url = await openFull();
    const startedAt = performance.now();
    const terminal = openTerminal(["show", "chat-1", "--speed", "4", "--url", url]);
    expect(await terminal.ended()).toBe(0);
    // 1.2 s and 1.2 s with 2 s of silence between them, four times as fast.
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(1_100);
    const text = stripVTControlCharacters(terminal.text).replaceAll("\r\n", "\n");
    expect(text).toContain(
      "  user       Does it run on Node 18?\n  tool       search-docs · 50 ms\n  assistant  No, it needs Node 20.9.\n",
    );
    expect(text).toContain("  failed     rate limited\n");
  });

  it("stops replaying at Ctrl-C, with exit code 0", async () => {
    const url = await openFull();
    const terminal = openTerminal(["show", "chat-1", "--speed", "0.1", "--url", url]);
    await terminal.until("Does it run on Node 18?");
    terminal.press(CTRL_C);
    expect(await terminal.ended()).toBe(0);
    expect(terminal.text).not.toContain("rate limited");
  });

  it("follows a session live on a terminal until Ctrl-C", async () => {
    const url = await openFull();
    const terminal = openTerminal(["show", "chat-1", "--follow", "--url", url]);
    await terminal.until("rate limited");
    await say(url, "chat-2", "of another session");
    await say(url, "chat-1", "what now?");
    await terminal.until("re: what now?");
    terminal.press(CTRL_C);
    expect(await terminal.ended()).toBe(0);
    expect(terminal.text).not.toContain("of another session");
    expect(terminal.text.match(/Does it run on Node 18/g)).toHaveLength(1);
  });

  it("goes on live after a replay, without what was replayed", async () => {
    const url = await openFull();
    const args = ["show", "chat-1", "--speed", "1000", "--follow", "--url", url];
    const terminal = openTerminal(args);
    await terminal.until("rate limited");
    await say(url, "chat-1", "what now?");
    await terminal.until("re: what now?");
    terminal.press(CTRL_C);
    expect(await terminal.ended()).toBe(0);
    expect(terminal.text.match(/Does it run on Node 18/g)).toHaveLength(1);
  });

  it("waits for a session that does not exist yet, and prints its turns as lines of JSON", async () => {
    const { url } = await openStudio();
    const terminal = openTerminal(["show", "later", "--follow", "--json", "--url", url]);
    await terminal.until('Waiting for the session "later"');
    await say(url, "later", "first words");
    await terminal.until('"input":"first words"');
    terminal.press(CTRL_C);
    expect(await terminal.ended()).toBe(0);
  });
});
