import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import {
  type SetupClient,
  type SetupTarget,
  setupClients,
} from "../../src/studio/page/list/setup-snippets";
import { runProcess } from "./support/run-app";
import { openStudio, type TestStudio } from "./support/studio";

const KEYS = { publicKey: "pk-lf-setup", secretKey: "sk-lf-sétup" };

function clientOf(id: SetupClient["id"], target: SetupTarget): SetupClient {
  const client = setupClients(target).find((one) => one.id === id);
  if (client === undefined) throw new Error(`No such client: ${id}`);
  return client;
}

/** Runs the last step's code, with the second step's lines as its environment, as pasted. */
async function runSnippet(id: SetupClient["id"]): Promise<TestStudio> {
  const studio = await openStudio(KEYS);
  const { steps } = clientOf(id, { baseUrl: studio.url, ...KEYS });
  const environment = Object.fromEntries(
    (steps[1]?.code ?? "").split("\n").map((line) => {
      const end = line.indexOf("=");
      return [line.slice(0, end), line.slice(end + 1)];
    }),
  );
  // Within this package, so that `playhead` names it, and the others are those it has installed.
  await mkdir("artifacts", { recursive: true });
  const directory = await mkdtemp(join(process.cwd(), "artifacts", "snippet-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const path = join(directory, "app.mjs");
  await writeFile(path, steps.at(-1)?.code ?? "");
  const run = await runProcess(process.execPath, [path], { environment, cwd: directory });
  expect(run.warnings).toEqual([]);
  expect(run.exitCode).toBe(0);
  return studio;
}

it.each(["playhead", "langfuse-js", "opentelemetry"] as const)(
  "what is pasted for %s arrives as a session with a model call",
  async (id) => {
    const studio = await runSnippet(id);
    const observations = await studio.observations({ sessionId: "my-first-session" });
    const call = observations.find((one) => one.type === "GENERATION");
    expect(call).toMatchObject({ model: "my-model", sessionId: "my-first-session" });
    expect(call?.input).toContain("Is anybody there?");
    expect(call?.output).toContain("You said: Is anybody there?");
    expect(observations).toHaveLength(id === "opentelemetry" ? 1 : 2);
  },
);

it("the collector's endpoint and header are accepted where a collector sends traces", async () => {
  const studio = await openStudio(KEYS);
  const code = clientOf("collector", { baseUrl: studio.url, ...KEYS }).steps[0]?.code ?? "";
  const endpoint = /endpoint: (.+)/.exec(code)?.[1];
  const authorization = /Authorization: (.+)/.exec(code)?.[1] ?? "";
  const send = (header: string): Promise<Response> =>
    // A collector's otlphttp exporter appends the signal's path to its endpoint.
    fetch(`${endpoint}/v1/traces`, {
      method: "POST",
      headers: { authorization: header, "content-type": "application/json" },
      body: '{"resourceSpans":[]}',
    });
  expect((await send(authorization)).status).toBe(200);
  expect((await send("Basic bm9uZQ==")).status).toBe(401);
});

// Python does not run here. By eye: its SDK reads these three variables, and sends
// `Authorization: Basic base64(public:secret)` to `{base}/api/public/otel/v1/traces`, which is what
// the studio is asked for by the Langfuse clients above.
it("Python is given the variables that the other Langfuse clients are", () => {
  const target = { baseUrl: "http://127.0.0.1:1", ...KEYS };
  expect(clientOf("langfuse-python", target).steps[1]).toEqual(
    clientOf("langfuse-js", target).steps[1],
  );
});

it("says where the secret key belongs while it is not known", () => {
  const target = { baseUrl: "http://127.0.0.1:1", publicKey: "pk-lf-1", secretKey: null };
  for (const client of setupClients(target)) {
    const text = client.steps.map((step) => step.code).join("\n");
    expect(text).toMatch(/<the secret key>|<base64 of pk-lf-1:secret key>/);
  }
});
