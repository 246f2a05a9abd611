import { describe, expect, it } from "vitest";
import type { Studio } from "../../src/studio/server";
import { deadUrl } from "../e2e/support/ports";
import { get, openStudio } from "../studio/server/running-studio";
import { openFront } from "../support/langfuse-front";
import { startScriptedServer } from "../support/scripted-server";
import { sendSupportSessions } from "../support/support-sessions";
import { CTRL_C, type Ended, openTerminal, runPlayhead } from "./run-playhead";

const KEYS = { publicKey: "pk-lf-target", secretKey: "sk-lf-target-secret" };
const KEY_FLAGS = ["--to-public-key", KEYS.publicKey, "--to-secret-key", KEYS.secretKey];
const AUTHORIZATION = {
  authorization: `Basic ${btoa(`${KEYS.publicKey}:${KEYS.secretKey}`)}`,
};

function push(from: string, to: string, ...args: readonly string[]): Promise<Ended> {
  return runPlayhead(["push", "--session", "chat-1", "--from", from, "--to", to, ...args]);
}

async function openSource(): Promise<Studio> {
  const source = await openStudio();
  await sendSupportSessions(source.url);
  return source;
}

async function sessionOf(studio: Studio, headers = {}): Promise<unknown> {
  return (await get(studio, "/api/studio/sessions/chat-1", headers)).json;
}

describe("playhead push --session", () => {
  it("sends a session of the studio, and again without doubling anything", async () => {
    const source = await openSource();
    const target = await openStudio(KEYS);
    const expected = {
      code: 0,
      output:
        `From  chat-1, ${source.url}\n` +
        `To    ${target.url}/api/public/otel/v1/traces, project playhead\n\n` +
        "traces        2\n" +
        "observations  6 found, 6 sent\n" +
        "scores        3 found, 3 sent\n\n" +
        "All sent.\n",
      errors: "",
    };
    expect(await push(source.url, target.url, ...KEY_FLAGS)).toEqual(expected);
    expect(await sessionOf(target, AUTHORIZATION)).toEqual(await sessionOf(source));
    expect(await push(source.url, target.url, ...KEY_FLAGS)).toEqual(expected);
    expect(await sessionOf(target, AUTHORIZATION)).toEqual(await sessionOf(source));
  });

  it("takes keys from the environment, and prints JSON", async () => {
    const source = await openSource();
    const target = await openStudio(KEYS);
    const args = [
      "push",
      "--session",
      "chat-1",
      "--from",
      source.url,
      "--to",
      target.url,
      "--json",
    ];
    const environment = {
      LANGFUSE_BASE_URL: target.url,
      LANGFUSE_PUBLIC_KEY: KEYS.publicKey,
      LANGFUSE_SECRET_KEY: KEYS.secretKey,
    };
    const { code, output, errors } = await runPlayhead(args, environment);
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    expect(JSON.parse(output)).toMatchObject({
      sessionId: "chat-1",
      kind: "studio",
      isComplete: true,
      observations: { found: 6, sent: 6, refused: 0, left: 0 },
      scores: { found: 3, sent: 3, refused: 0, left: 0 },
    });
    expect(output).not.toContain(KEYS.secretKey);
  });

  it("shows its keys to a studio that demands some", async () => {
    const source = await openStudio(KEYS);
    const refused = await push(source.url, await deadUrl());
    expect(refused).toMatchObject({ code: 1, output: "" });
    expect(refused.errors).toContain("Check PLAYHEAD_STUDIO_PUBLIC_KEY");
    const args = ["push", "--session", "unknown", "--from", source.url, "--to", await deadUrl()];
    const taken = await runPlayhead(args, {
      PLAYHEAD_STUDIO_PUBLIC_KEY: KEYS.publicKey,
      PLAYHEAD_STUDIO_SECRET_KEY: KEYS.secretKey,
    });
    expect(taken.errors).toContain(`No session "unknown" in the studio at ${source.url}.`);
  });

  it("says on an endpoint for OpenTelemetry that scores cannot be sent", async () => {
    const source = await openSource();
    await using collector = await startScriptedServer((response, { path }) => {
      response.writeHead(path === "/v1/traces" ? 200 : 404).end("{}");
    });
    const { code, output } = await push(source.url, collector.url);
    expect(code).toBe(0);
    expect(output).toContain(`To    ${collector.url}/v1/traces\n`);
    expect(output).toContain("scores        3 found, 0 sent, 3 not sent\n");
    expect(output).toContain("3 scores cannot be sent: OpenTelemetry has no place for scores.");
  });

  it("ends with 1 for a dead endpoint, wrong keys, no studio and no such session", async () => {
    const source = await openSource();
    const target = await openStudio(KEYS);
    const dead = await deadUrl();
    const away = await push(source.url, dead);
    expect(away).toEqual({
      code: 1,
      output: "",
      errors: `Cannot reach ${dead}: ECONNREFUSED. Check the address, and that the server is running.\n`,
    });
    const wrong = ["--to-public-key", "pk-lf-wrong", "--to-secret-key", "sk-lf-wrong"];
    const refused = await push(source.url, target.url, ...wrong);
    expect(refused).toMatchObject({ code: 1, output: "" });
    expect(refused.errors).toContain("refuses the keys (HTTP 401)");
    expect(refused.errors).not.toContain("sk-lf-wrong");
    const elsewhere = { LANGFUSE_PUBLIC_KEY: KEYS.publicKey, LANGFUSE_SECRET_KEY: KEYS.secretKey };
    const flags = ["--session", "chat-1", "--from", source.url, "--to", target.url];
    const withheld = await runPlayhead(["push", ...flags], elsewhere);
    expect(withheld).toMatchObject({ code: 1, output: "" });
    expect(withheld.errors).toContain("demands keys, and none are given (HTTP 401)");
    expect(withheld.errors).toContain("keys of the environment go nowhere else");
    const alone = await push(dead, target.url);
    expect(alone.code).toBe(1);
    expect(alone.errors).toContain("Start the studio: npx playhead studio");
    const unknown = ["push", "--session", "x", "--from", source.url, "--to", dead];
    expect(await runPlayhead(unknown)).toMatchObject({ code: 1, output: "" });
  });

  it.each([
    [["--session", "a"], "Expected --to with the address of a server, got none"],
    [["--session", "", "--to", "http://x.invalid"], 'Expected --session with an id, got ""'],
    [
      ["--to", "http://x.invalid"],
      "Expected --session with the id of a session together with --to",
    ],
    [["--session", "a", "--force"], "Expected --session without --force, which is for spools"],
    [["--session", "a", "--to", "x.invalid"], "Expected --to to be an http or https address"],
    [
      ["--session", "a", "--to", "http://x.invalid", "--from", "x"],
      "Expected --from to be an http or https address",
    ],
    [["--session", "a", "--to", "http://x.invalid", "--to-public-key", "pk"], "--to-secret-key"],
  ])("ends with 2 for %j", async (args, message) => {
    const { code, errors } = await runPlayhead(["push", ...args]);
    expect(code).toBe(2);
    expect(errors).toContain(message);
  });

  it("shows on a terminal how far it is and why it waits, and leaves no trace of that", async () => {
    const source = await openSource();
    const target = await openStudio(KEYS);
    let attempts = 0;
    const front = await openFront(target.url, (path) => {
      if (path !== "/api/public/otel/v1/traces") return undefined;
      attempts += 1;
      return attempts === 1 ? { status: 503, body: "" } : undefined;
    });
    const flags = ["--session", "chat-1", "--from", source.url, "--to", front.url, ...KEY_FLAGS];
    const terminal = openTerminal(["push", ...flags]);
    await terminal.until("0 of 6  HTTP 503, trying again");
    expect(await terminal.ended()).toBe(0);
    expect(terminal.text).toContain("observations  ━━━━━━━━━━━━━━━━━━━━━━━━  6 of 6");
    expect(terminal.text).toContain("\r\u001b[KFrom  chat-1");
    expect(terminal.text).toContain("All sent.");
  });

  it("stops at Ctrl-C, and goes on the next time", async () => {
    const source = await openSource();
    const target = await openStudio(KEYS);
    let isDown = true;
    const front = await openFront(target.url, (path) =>
      isDown && path === "/api/public/ingestion" ? { status: 503, body: "" } : undefined,
    );
    const flags = ["--session", "chat-1", "--from", source.url, "--to", front.url, ...KEY_FLAGS];
    const terminal = openTerminal(["push", ...flags]);
    await terminal.until("0 of 3  HTTP 503, trying again");
    terminal.press(CTRL_C);
    expect(await terminal.ended()).toBe(1);
    expect(terminal.text).toContain("Stopped. Push it again to go on: nothing is doubled.");
    isDown = false;
    expect(await push(source.url, front.url, ...KEY_FLAGS)).toMatchObject({ code: 0 });
    expect(await sessionOf(target, AUTHORIZATION)).toEqual(await sessionOf(source));
  });
});
