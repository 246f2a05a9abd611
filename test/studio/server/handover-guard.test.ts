import dns from "node:dns";
import { syncBuiltinESMExports } from "node:module";
import { json } from "node:stream/consumers";
import { expect, it, onTestFinished, vi } from "vitest";
import type { HandoverOutcome } from "../../../src/studio/api/handover-types";
import { listen } from "../../support/listen";
import { markersOf, sendEverything } from "./everything-about-a-session";
import { OTLP_PATH, openStudio, post } from "./running-studio";
import { otlpJson } from "./spans";

/** A Langfuse that takes everything, and has files sent to `uploadUrl`. */
function openLangfuse(uploadUrl: string): Promise<string> {
  const answers: Readonly<Record<string, object>> = {
    "/api/public/health": { status: "OK", version: "4.16.0" },
    "/api/public/projects": { data: [{ id: "p", name: "p" }] },
    "/api/public/otel/v1/traces": {},
    "/api/public/ingestion": { successes: [], errors: [] },
  };
  return listen(async (request, response) => {
    const send = (status: number, body: object): void =>
      void response.writeHead(status).end(JSON.stringify(body));
    if (request.url === "/api/public/media") {
      const { sha256Hash } = (await json(request)) as { sha256Hash: string }; // by the contract
      const name = sha256Hash.replaceAll("+", "-").replaceAll("/", "_").slice(0, 22);
      return send(201, { mediaId: name, uploadUrl });
    }
    const answer = answers[request.url ?? ""];
    return answer === undefined ? send(404, {}) : send(200, answer);
  });
}

it("uploads no file to a forbidden address that the endpoint names", async () => {
  const { mark } = markersOf("guarded");
  const source = await openStudio();
  await sendEverything(source, mark);
  const to = await openLangfuse("http://[::ffff:169.254.169.254]/latest");

  const body = JSON.stringify({ sessionId: mark("sessionid"), to });
  const { text } = await post(source, "/api/studio/handover", body);

  const outcome = JSON.parse(text.trim().split("\n").at(-1) ?? "") as HandoverOutcome;
  expect(outcome).toMatchObject({ isComplete: false, files: { found: 2, sent: 0, refused: 2 } });
  expect(outcome.problems).toEqual(
    Array(2).fill(
      expect.stringMatching(
        /^File ".{22}": forbidden address \(link-local, or of a cloud's own services\)$/,
      ),
    ),
  );
});

/** Has the name server give this address for every name, until the test is over. */
function resolveTo(address: string): { readonly asked: readonly string[] } {
  const asked: string[] = [];
  const answer = (name: string, _options: unknown, tell: (...found: unknown[]) => void): void => {
    asked.push(name);
    tell(null, [{ address, family: 4 }]);
  };
  // One of its overloads, the one by which connections look a name up.
  const lookup = vi.spyOn(dns, "lookup").mockImplementation(answer as typeof dns.lookup);
  syncBuiltinESMExports();
  onTestFinished(() => {
    lookup.mockRestore();
    syncBuiltinESMExports();
  });
  return { asked };
}

it.each([
  [
    "http://traces.test/v1/traces",
    {
      type: "outcome",
      isComplete: false,
      observations: { found: 1, sent: 0, refused: 0, left: 1 },
      problems: [
        "Nothing takes traces at http://traces.test/v1/traces: forbidden address (link-local, or of a cloud's own services). Check the address, and the keys if it demands some; neither a Langfuse nor a studio answers there.",
      ],
    },
  ],
  [
    "http://traces.test",
    {
      type: "failure",
      code: "ENDPOINT_UNREACHABLE",
      message:
        "Cannot reach http://traces.test: forbidden address (link-local, or of a cloud's own services). Nothing is sent to such an address: check what the name stands for.",
    },
  ],
])("asks once, and not again, where %s stands for a forbidden address", async (to, last) => {
  const source = await openStudio();
  await post(source, OTLP_PATH, otlpJson({ attributes: { "session.id": "s" } }));
  const body = JSON.stringify({ sessionId: "s", to });
  const names = resolveTo("169.254.169.254");
  const { text } = await post(source, "/api/studio/handover", body);
  const lines = text.trim().split("\n");
  expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject(last);
  expect(names.asked).toEqual(["traces.test"]);
});
