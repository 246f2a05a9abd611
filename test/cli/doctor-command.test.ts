import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Finding } from "../../src/cli/doctor/finding";
import { deadUrl } from "../e2e/support/ports";
import { get, openStudio } from "../studio/server/running-studio";
import { LANGFUSE_3, LANGFUSE_4, openFront } from "../support/langfuse-front";
import { type Ended, openTerminal, runPlayhead } from "./run-playhead";

const KEYS = { publicKey: "pk-lf-doctor", secretKey: "sk-lf-doctor" };
const KEY_FLAGS = ["--public-key", KEYS.publicKey, "--secret-key", KEYS.secretKey];

async function listen(server: Server, protocol = "http"): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return `${protocol}://127.0.0.1:${port}`;
}

/** What the checks found, by name. */
async function examine(
  url: string,
  flags: readonly string[] = KEY_FLAGS,
): Promise<{ readonly code: number | null } & Readonly<Record<string, Finding>>> {
  const { code, output } = await runPlayhead(["doctor", "--json", "--url", url, ...flags]);
  const { findings, isHealthy } = JSON.parse(output);
  expect(isHealthy).toBe(code === 0);
  return Object.assign(
    Object.fromEntries(findings.map((finding: Finding) => [finding.check, finding])),
    { code },
  );
}

function tlsServer(): Server {
  const read = (name: string): Buffer =>
    readFileSync(fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url)));
  return createTlsServer(
    { cert: read("self-signed.pem"), key: read("self-signed-key.pem") },
    (_request, response) => response.end("{}"),
  );
}

describe("playhead doctor", () => {
  it("finds a studio well, in one line per check, and leaves a test trace that can be read", async () => {
    const studio = await openStudio(KEYS);
    const { code, output, errors } = await runPlayhead([
      "doctor",
      "--url",
      studio.url,
      ...KEY_FLAGS,
    ]);
    expect(errors).toBe("");
    const lines = output.split("\n");
    expect(lines.slice(0, 7).map((line) => line.slice(0, 12).trim())).toEqual(
      ["settings", "address", "version", "clock", "keys", "send", "read"].map(
        (name) => `✓ ${name}`,
      ),
    );
    expect(lines.slice(7)).toEqual(["", "Traces from here arrive.", ""]);
    expect(output).toContain("The studio of playhead");
    expect(output).not.toContain(KEYS.secretKey);
    expect(code).toBe(0);
    const [, traceId] = /test trace ([0-9a-f]{32}) was taken/.exec(output) ?? [];
    const headers = { authorization: `Basic ${btoa(`${KEYS.publicKey}:${KEYS.secretKey}`)}` };
    const trace = await get(studio, `/api/public/traces/${traceId}`, headers);
    expect(trace.json).toMatchObject({ name: "playhead doctor", input: "Does a trace arrive?" });
  });

  it("finds Langfuse 4 well, where the trace is read by its observations", async () => {
    const { url, asked } = await openFront((await openStudio(KEYS)).url, LANGFUSE_4);
    const found = await examine(url);
    expect(found).toMatchObject({ code: 0, read: { status: "ok" }, version: { status: "ok" } });
    expect(asked).toContain("/api/public/v2/observations");
  });

  it("says that the keys are refused, and sends nothing", async () => {
    const studio = await openStudio(KEYS);
    const wrong = ["--public-key", KEYS.publicKey, "--secret-key", "sk-lf-other"];
    const found = await examine(studio.url, wrong);
    expect(found).toMatchObject({
      code: 1,
      address: { status: "ok" },
      keys: { status: "failed", message: `${studio.url} refuses the keys (HTTP 401).` },
      send: { status: "skipped" },
      read: { status: "skipped" },
    });
    expect(found["keys"]?.advice).toContain("LANGFUSE_SECRET_KEY");
    const none = await examine(studio.url, []);
    expect(none["keys"]?.message).toContain("demands keys, and there are none");
    expect(none["keys"]?.advice).toContain("keys of the environment go nowhere else");
  });

  it("says that the two keys are swapped", async () => {
    const studio = await openStudio(KEYS);
    const swapped = ["--public-key", KEYS.secretKey, "--secret-key", KEYS.publicKey];
    expect(await examine(studio.url, swapped)).toMatchObject({
      code: 1,
      settings: { status: "failed", message: "The two keys are swapped." },
    });
  });

  it("says that nothing listens, and how to start the studio", async () => {
    const url = await deadUrl();
    const found = await examine(url);
    expect(found).toMatchObject({
      code: 1,
      address: { status: "failed", message: `Nothing listens at ${new URL(url).host}.` },
      read: { status: "skipped" },
    });
    expect(found["address"]?.advice).toContain("npx playhead studio");
  });

  it("says that the machine's name is not known", async () => {
    const found = await examine("http://langfuse.invalid");
    expect(found).toMatchObject({
      code: 1,
      address: { status: "failed", message: "No machine of the name langfuse.invalid is known." },
    });
  });

  it("says that the address is that of another server", async () => {
    const url = await listen(
      createServer((_request, response) => response.writeHead(404).end('{"error":"nope"}')),
    );
    expect(await examine(url)).toMatchObject({
      code: 1,
      address: {
        status: "failed",
        message: `${url} is no Langfuse-compatible server: HTTP 404 for /api/public/health.`,
      },
    });
  });

  it("says that a proxy answers with a page, redirects, or has lost the server", async () => {
    const page = await listen(
      createServer((_request, response) => {
        response.writeHead(200, { "content-type": "text/html" }).end("<html>Sign in</html>");
      }),
    );
    const paged = await examine(page);
    expect(paged["address"]?.message).toBe(
      `${page} answers with a web page (HTTP 200), not as an API.`,
    );
    const moving = await listen(
      createServer((_request, response) => {
        response.writeHead(302, { location: "https://login.example.com/start?token=x" }).end();
      }),
    );
    const moved = await examine(moving);
    expect(moved["address"]?.message).toBe(
      `${moving} redirects to https://login.example.com/start.`,
    );
    const alone = await listen(
      createServer((_request, response) => response.writeHead(502).end("<html>Bad Gateway</html>")),
    );
    const lost = await examine(alone);
    expect(lost["address"]?.message).toContain("the server behind it is not");
    expect([paged.code, moved.code, lost.code]).toEqual([1, 1, 1]);
  });

  it.each([
    [7 * 60_000, "7 min behind"],
    [-7 * 60_000, "7 min ahead of"],
  ])("says that the clocks differ by %d ms", async (differenceMs, words) => {
    const studio = await openStudio();
    const url = await listen(
      createServer(async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk);
        const answer = await fetch(studio.url + request.url, {
          method: request.method ?? "GET",
          headers: { "content-type": "application/json" },
          ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
        });
        const date = new Date(Date.now() + differenceMs).toUTCString();
        response.writeHead(answer.status, { date, "content-type": "application/json" });
        response.end(await answer.text());
      }),
    );
    const found = await examine(url, []);
    expect(found).toMatchObject({ code: 1, clock: { status: "failed" }, read: { status: "ok" } });
    // A second either way, where the test runs across one.
    expect(found["clock"]?.message.replace(/6 min 59 s|7 min 1 s/, "7 min")).toBe(
      `This machine's clock is ${words} the server's.`,
    );
    expect(found["clock"]?.advice).toContain("NTP");
  });

  it("says that an old Langfuse takes no OpenTelemetry traces, and that the older protocol works", async () => {
    const { url } = await openFront((await openStudio()).url, (path) =>
      path.includes("/otel/") ? { status: 404, body: "" } : LANGFUSE_3(path),
    );
    const found = await examine(url);
    expect(found).toMatchObject({ code: 0, send: { status: "warning" }, read: { status: "ok" } });
    expect(found["send"]?.message).toContain("takes no OpenTelemetry traces");
  });

  it("says that a trace is taken but does not come out", async () => {
    const studio = await openStudio();
    const { url } = await openFront(studio.url, (path) =>
      /traces\/[0-9a-f]|v2\/observations/.test(path) ? { status: 404, body: "{}" } : undefined,
    );
    const found = await examine(url, ["--timeout", "1"]);
    expect(found).toMatchObject({ code: 1, send: { status: "ok" }, read: { status: "failed" } });
    expect(found["read"]?.advice).toContain("worker");
  });

  it("says that this machine does not trust a certificate, and that NODE_EXTRA_CA_CERTS helps", async () => {
    const url = await listen(tlsServer(), "https");
    const found = await examine(url);
    expect(found).toMatchObject({ code: 1, address: { status: "failed" } });
    expect(found["address"]?.message).toBe(
      `${new URL(url).host} has a TLS certificate that this machine does not trust (DEPTH_ZERO_SELF_SIGNED_CERT).`,
    );
    expect(found["address"]?.advice).toContain("NODE_EXTRA_CA_CERTS");
  });

  it("says that https is written for a server without it, and the other way round", async () => {
    const plain = await openStudio();
    const over = await examine(plain.url.replace("http:", "https:"));
    expect(over["address"]?.message).toContain("does not speak HTTPS");
    expect(over["address"]?.advice).toContain(`http://${new URL(plain.url).host}`);
    const secure = await listen(tlsServer(), "https");
    const under = await examine(secure.replace("https:", "http:"));
    expect(under["address"]?.advice).toContain("It may speak HTTPS only");
    expect([over.code, under.code]).toEqual([1, 1]);
  });

  it("colours its signs on a terminal, and keeps to its width", async () => {
    const terminal = openTerminal(["doctor", "--url", await deadUrl()]);
    expect(await terminal.ended()).toBe(1);
    expect(terminal.text).toContain("\u001b[31m✗\u001b[39m address");
  });

  it.each([
    [["--timeout", "0"], 'Expected --timeout from 1 to 600 seconds, got "0"'],
    [["--keys"], "Expected --timeout, --json"],
  ])("ends with 2 for %j", async (args, message) => {
    const { code, errors }: Ended = await runPlayhead(["doctor", ...args]);
    expect(code).toBe(2);
    expect(errors).toContain(message);
  });
});
