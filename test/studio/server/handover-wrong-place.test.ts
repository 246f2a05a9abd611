import { beforeEach, describe, expect, it } from "vitest";
import type { HandoverOutcome } from "../../../src/studio/api/handover-types";
import type { Studio } from "../../../src/studio/server";
import { listen } from "../../support/listen";
import { OTLP_PATH, openStudio, post } from "./running-studio";
import { otlpJson } from "./spans";

const PAGE = "\n<!doctype html><title>Shop</title>";

/** A server that answers everything alike; closed after the test. */
function openWeb(status: number, body: string): Promise<string> {
  return listen((request, response) => {
    request.resume().on("end", () => response.writeHead(status).end(body));
  });
}

describe("sending a session to what is no endpoint", () => {
  let source: Studio;
  beforeEach(async () => {
    source = await openStudio();
    await post(source, OTLP_PATH, otlpJson({ attributes: { "session.id": "s" } }));
  });

  async function send(to: string): Promise<HandoverOutcome> {
    const { text } = await post(
      source,
      "/api/studio/handover",
      JSON.stringify({ sessionId: "s", to }),
    );
    return JSON.parse(text.trim().split("\n").at(-1) ?? "") as HandoverOutcome; // its last line
  }

  it.each([
    ["a page for everything", 200, PAGE, "a web page came as the answer"],
    ["that nothing is there", 404, PAGE, "HTTP 404"],
    ["that nothing may be posted", 405, "", "HTTP 405"],
    ["that it demands keys", 401, "", "HTTP 401"],
  ])(
    "sends nothing, and says to check the address, where it answers %s",
    async (_, status, body, reason) => {
      const to = await openWeb(status, body);
      const url = `${to}/v1/traces`;
      const outcome = await send(url);
      expect(outcome).toMatchObject({
        isComplete: false,
        observations: { found: 1, sent: 0, refused: 0, left: 1 },
      });
      const [problem = "", ...others] = outcome.problems;
      expect(others).toEqual([]);
      expect(problem.startsWith(`Nothing takes traces at ${url}: ${reason}`), problem).toBe(true);
      expect(problem).toContain("Check the address, and the keys if it demands some");
    },
  );

  it("says to check the address of a page of a studio", async () => {
    const target = await openStudio();
    const outcome = await send(`${target.url}/sessions/s`);
    expect(outcome.problems).toEqual([
      expect.stringContaining(
        `Nothing takes traces at ${target.url}/sessions/s/v1/traces: HTTP 404`,
      ),
    ]);
  });
});
