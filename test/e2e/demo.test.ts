import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { startModelServer } from "../../examples/01-support-chat/model-server";
import type { SessionList } from "../../src/studio/api/types";
import { deadUrl } from "./support/ports";
import { type AppRun, type Environment, runProcess } from "./support/run-app";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** What `npm run demo` runs after the build, which the other tests are using. */
const DEMO = ["--import", "tsx", "scripts/demo.ts"];
const ARRIVED =
  /^Everything arrived: \d+ observations and \d+ scores, each observation with its session id\.$/m;

function runDemo(environment: Environment = {}): Promise<AppRun> {
  return runProcess(process.execPath, [...DEMO, "--exit"], { cwd: ROOT, environment });
}

describe("npm run demo -- --exit", () => {
  it("prints both sessions as transcripts and ends with 0 when everything arrived", async () => {
    const run = await runDemo();

    expect(run.exitCode, run.stdout).toBe(0);
    expect(run.warnings).toEqual([]);
    const sessions = new Set(run.stdout.match(/support-[0-9a-f]{8}/g));
    expect(sessions.size).toBe(2);
    expect(run.stdout).toMatch(ARRIVED);
  });

  it("ends with 1 and says what is missing when the model does not answer", async () => {
    const run = await runDemo({
      OPENAI_API_KEY: "sk-nobody-listens",
      OPENAI_BASE_URL: `${await deadUrl()}/v1`,
    });

    expect(run.exitCode, run.stdout).toBe(1);
    const [, missing = ""] = run.stdout.split("Something is missing:\n");
    expect(missing).toMatch(
      /^ {2}Exactly one turn fails, for its attachment; failed turns: .+\.$/m,
    );
    expect(missing).toMatch(/^ {2}Generation [0-9a-f]{16} has no token counts, no time to first/m);
    expect(missing).toMatch(/^The example printed:$/m);
    expect(run.stdout).not.toMatch(ARRIVED);
  });

  it("talks to the model server that the environment names, with its key", async () => {
    const server = await openModelServer();

    const run = await runDemo({
      OPENAI_API_KEY: "sk-of-this-test",
      OPENAI_BASE_URL: server.baseUrl,
      OPENAI_MODEL: "model-of-this-test",
    });

    expect(run.exitCode, run.stdout).toBe(0);
    expect(run.stdout).toContain(`with the model at ${server.baseUrl} …`);
    expect(run.stdout).toMatch(ARRIVED);
    expect(run.stdout).toContain("model-of-this-test");
    expect(new Set(server.keys)).toEqual(new Set(["Bearer sk-of-this-test"]));
    expect(server.keys.length).toBeGreaterThanOrEqual(7); // all turns of both users but the failed one
  });
});

it("npm run demo keeps serving the sessions until Ctrl-C and then ends with 0", async () => {
  const { LANGFUSE_BASE_URL: _, OPENAI_API_KEY: __, ...environment } = process.env;
  const child = spawn(process.execPath, DEMO, {
    cwd: ROOT,
    env: environment,
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = once(child, "close");

  let output = "";
  for await (const text of child.stdout.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
    output += text;
    if (output.includes("Ctrl-C ends the studio.")) break;
  }
  child.stdout.resume();
  expect(output).toMatch(ARRIVED);
  const url = /The studio listens on (http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1] ?? "";
  const response = await fetch(`${url}/api/studio/sessions`);
  expect(((await response.json()) as SessionList).totalCount).toBe(2); // the route's documented answer

  child.kill("SIGINT");

  expect(await ended).toEqual([0, null]);
  await expect(fetch(url)).rejects.toThrow();
});

/** The example's model server, behind a proxy that notes the `Authorization` of each request. */
async function openModelServer(): Promise<{ baseUrl: string; keys: readonly string[] }> {
  const model = await startModelServer({ firstTokenMs: 1, pieceMs: 1 });
  const keys: string[] = [];
  const proxy = createServer((incoming, outgoing) => {
    keys.push(incoming.headers.authorization ?? "none");
    const { method, headers } = incoming;
    const url = new URL(incoming.url ?? "/", model.baseUrl);
    const forwarded = request(url, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on("error", () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    proxy.close();
    proxy.closeAllConnections();
    await model.close();
  });
  const { port } = proxy.address() as AddressInfo; // listening on TCP, so it is one
  return { baseUrl: `http://127.0.0.1:${port}/v1`, keys };
}
