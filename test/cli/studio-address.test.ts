import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Studio } from "../../src/studio/server";
import { deadUrl } from "../e2e/support/ports";
import { get, OTLP_PATH, openStudio, post } from "../studio/server/running-studio";
import { otlpJson } from "../studio/server/spans";
import { startScriptedServer } from "../support/scripted-server";
import { runHere } from "./run-here";

const KEYS = { publicKey: "pk-lf-own", secretKey: "sk-lf-own" };
const HEADERS = { authorization: `Basic ${btoa(`${KEYS.publicKey}:${KEYS.secretKey}`)}` };
const SPANS = otlpJson({ attributes: { "session.id": "s" } });

let folder: string;
let file: string;
/** A studio that demands keys. */
let studio: Studio;
/** Another one, which demands none and has the session "s". */
let other: Studio;

beforeEach(async () => {
  for (const name of ["BASE_URL", "BASEURL", "HOST", "PUBLIC_KEY", "SECRET_KEY"]) {
    vi.stubEnv(`LANGFUSE_${name}`, "");
  }
  folder = await mkdtemp(join(tmpdir(), "playhead-address-"));
  file = join(folder, "s.json");
  [studio, other] = [await openStudio(KEYS), await openStudio()];
  await post(other, OTLP_PATH, SPANS);
  expect((await runHere("export", "s", "--url", other.url, "-o", file)).code).toBe(0);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

function stubStudio(url: string, keys: typeof KEYS): void {
  vi.stubEnv("PLAYHEAD_STUDIO_URL", url);
  vi.stubEnv("PLAYHEAD_STUDIO_PUBLIC_KEY", keys.publicKey);
  vi.stubEnv("PLAYHEAD_STUDIO_SECRET_KEY", keys.secretKey);
}

async function hasSession(): Promise<boolean> {
  return (await get(studio, "/api/public/sessions/s", HEADERS)).status === 200;
}

const COMMANDS = {
  export: () => ["export", "s"],
  "import of a file": () => ["import", file],
  "import --from": () => ["import", "--from", other.url],
  "push --session": () => ["push", "--session", "s", "--to", other.url],
};

describe.each(Object.entries(COMMANDS))("playhead %s", (name, args) => {
  it("finds the studio and its keys in PLAYHEAD_STUDIO_*", async () => {
    if (!name.startsWith("import")) await post(studio, OTLP_PATH, SPANS, HEADERS);
    stubStudio(studio.url, KEYS);
    const { code, errors } = await runHere(...args());
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    expect(await hasSession()).toBe(true);
  });

  it("says in the same words that no studio answers, or that it refuses the keys", async () => {
    const dead = await deadUrl();
    stubStudio(dead, KEYS);
    const away = await runHere(...args());
    expect(away).toMatchObject({ code: 1, output: "" });
    expect(away.errors).toContain(
      `Expected a studio at ${dead}, got no answer. The reason: ECONNREFUSED. Start the studio: npx playhead studio\n`,
    );
    stubStudio(studio.url, { ...KEYS, secretKey: "sk-lf-wrong" });
    const wrong = await runHere(...args());
    expect(wrong).toMatchObject({ code: 1, output: "" });
    expect(wrong.errors).toContain(`The studio at ${studio.url} refuses the keys (HTTP 401). `);
    stubStudio(studio.url, { publicKey: "", secretKey: "" });
    const none = await runHere(...args());
    expect(none.errors).toContain("demands keys, and none are given (HTTP 401). ");
    expect(await hasSession()).toBe(false);
  });

  it("names the variable that is no address, or has no second key", async () => {
    stubStudio("nowhere", KEYS);
    const nowhere = await runHere(...args());
    expect(nowhere.code).toBe(2);
    expect(nowhere.errors).toContain("Expected PLAYHEAD_STUDIO_URL to be an http or https address");
    stubStudio(studio.url, { ...KEYS, secretKey: "" });
    const half = await runHere(...args());
    expect(half.code).toBe(2);
    expect(half.errors).toContain(
      "Expected both keys, or none, got one: PLAYHEAD_STUDIO_SECRET_KEY is missing",
    );
  });
});

it.each(["import of a file", "import --from"] as const)(
  "playhead %s takes --to and its keys in place of the environment's",
  async (name) => {
    stubStudio(await deadUrl(), { publicKey: "pk-lf-no", secretKey: "sk-lf-no" });
    const keys = ["--to-public-key", KEYS.publicKey, "--to-secret-key", KEYS.secretKey];
    const { code, errors } = await runHere(...COMMANDS[name](), "--to", studio.url, ...keys);
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    expect(await hasSession()).toBe(true);
  },
);

it("passes on why a studio refuses a request whose keys are right", async () => {
  await using server = await startScriptedServer((response) => {
    response.writeHead(403).end(JSON.stringify({ message: "Expected the Host header to be x." }));
  });
  expect(await runHere("import", file, "--to", server.url)).toEqual({
    code: 1,
    output: "",
    errors: `${file}: The studio at ${server.url} answered 403: Expected the Host header to be x.\n`,
  });
});

it.each([
  [["a.json", "--to", "nowhere"], "Expected --to to be an http or https address"],
  [["a.json", "--to", ""], 'Expected --to to be an http or https address, got ""'],
  [["a.json", "--to-public-key", "pk"], "got one: --to-secret-key is missing"],
  [
    ["a.json", "--to", "http://a.invalid", "--url", "http://b.invalid"],
    "Expected --to or --url, which is the same, got both",
  ],
  [
    ["--from", "http://a.invalid", "--public-key", "pk", "--secret-key", "sk"],
    "Expected --to-public-key for the studio together with --from, got --public-key",
  ],
  [["a.json", "--from", "http://a.invalid"], 'Expected files or --from, got both: "a.json"'],
  [
    ["a.json", "--since", "7d"],
    "Expected --from with the address of a server together with --since, got none",
  ],
  [["--from", ""], "Expected --from with the address of a server, got none"],
])("playhead import does not understand %j", async (args, message) => {
  const { code, output, errors } = await runHere("import", ...args);
  expect({ code, output }).toEqual({ code: 2, output: "" });
  expect(errors).toContain(message);
});
