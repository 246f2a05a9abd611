import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startStudio } from "playhead/studio";
import { describe, expect, it } from "vitest";
import { findMissing } from "../../../scripts/demo-checks";
import { readStudio } from "../../../scripts/demo-evidence";
import { runExample } from "../../../scripts/demo-example";

describe("the support chat example", () => {
  it("delivers every span and score of both sessions to a studio, and ends with 0", async () => {
    await using studio = await startStudio({ port: 0, db: ":memory:" });
    const { exitCode, result, output } = await runExample(studio.url);
    const content = await readStudio(
      studio.url,
      ({ observations }) => observations.length === result?.report.delivered,
      10_000,
    );
    expect(findMissing({ exitCode, result, ...content }), output).toEqual([]);
  });

  it("answers its users where the endpoint refuses its spans, and ends with 1", async () => {
    const refusing = createServer((request, response) => {
      request.resume();
      response.writeHead(400).end('{"error":"Refused"}');
    });
    refusing.listen(0, "127.0.0.1");
    await once(refusing, "listening");
    const { port } = refusing.address() as AddressInfo; // a TCP server that listens has one

    const { exitCode, result, output } = await runExample(`http://127.0.0.1:${port}`);
    refusing.closeAllConnections();
    refusing.close();

    expect(exitCode).toBe(1);
    expect(output).toContain("Node.js 18.19 is too old");
    expect(result?.traceIds).toHaveLength(9);
    expect(result?.report.offered).toBeGreaterThan(30);
    expect(result?.report.delivered).toBe(0);
  });
});
