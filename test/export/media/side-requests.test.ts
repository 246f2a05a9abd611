import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTransport, type SideRequest, type Transport } from "../../../src/export/transport";
import {
  type Answer,
  ok,
  type ScriptedServer,
  silent,
  startScriptedServer,
  status,
} from "../../support/scripted-server";

let transport: Transport;
let servers: ScriptedServer[];

beforeEach(() => {
  servers = [];
  transport = createTransport({
    headers: { Authorization: "Basic a2V5cw==", "x-team": "blue" },
    timeoutMs: 5_000,
    connections: 2,
    secrets: ["s3cr3t-key"],
  });
});

afterEach(async () => {
  await transport.close();
  await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
});

async function start(answer: Answer = ok): Promise<ScriptedServer> {
  const server = await startScriptedServer(answer);
  servers.push(server);
  return server;
}

function put(url: string, fields: Partial<SideRequest> = {}) {
  const body = Buffer.from("file".repeat(1_000));
  const common = { method: "PUT", ownHeaders: "none", timeoutMs: 5_000, headers: {} } as const;
  return transport.exchange({ ...common, url, body, ...fields });
}

async function closed(server: ScriptedServer): Promise<void> {
  await expect.poll(() => server.connectionCount, { timeout: 10_000 }).toBe(0);
}

describe("a side request", () => {
  it("goes out as it is, uncompressed, with the answer read", async () => {
    const server = await start(status(429, "no s3cr3t-key here", { "retry-after": "7" }));
    const answer = await put(`${server.url}/a?b=c`, { headers: { "content-type": "image/png" } });
    expect(answer).toEqual({ status: 429, retryAfter: "7", text: "no ... here" });
    const [request] = server.requests;
    expect(request).toMatchObject({
      method: "PUT",
      path: "/a?b=c",
      headers: { "content-type": "image/png", "content-length": "4000" },
    });
    expect(request?.headers).not.toHaveProperty("content-encoding");
  });

  it.each([
    ["all", { authorization: "Basic a2V5cw==", "x-team": "blue" }],
    ["all but authorization", { authorization: undefined, "x-team": "blue" }],
    ["none", { authorization: undefined, "x-team": undefined }],
  ] as const)("takes %s of the endpoint's headers along", async (ownHeaders, expected) => {
    const server = await start();
    await put(server.url, { ownHeaders });
    const { headers = {} } = server.requests[0] ?? {};
    expect({ authorization: headers.authorization, "x-team": headers["x-team"] }).toEqual(expected);
  });

  it("ends with its own time limit", async () => {
    const server = await start(silent);
    expect(await put(server.url, { timeoutMs: 50 })).toEqual({
      failure: "no answer within 50 ms",
      isTimeout: true,
    });
  });

  it("that is never answered holds up no spans", async () => {
    const server = await start();
    server.answer = (response, { method }) => {
      if (method === "POST") ok(response);
    };
    const stuck = [1, 2, 3].map(() => put(server.url));
    await server.received(2); // as many as there are connections
    const shipment = {
      contentType: "text/plain",
      body: [Buffer.from("spans")],
      isGzipWanted: true,
    };
    expect(await transport.post({ url: server.url, ...shipment })).toMatchObject({ status: 200 });
    await transport.interrupt();
    expect((await Promise.all(stuck)).every((answer) => "failure" in answer)).toBe(true);
    await closed(server);
  });

  it("uses its connection to each origin again, and lets go of all of them in the end", async () => {
    const origins = await Promise.all([1, 2, 3, 4, 5].map(() => start()));
    for (const { url } of [...origins, ...origins]) {
      expect(await put(url)).toMatchObject({ status: 200 });
    }
    expect(origins.map(({ connectionCount }) => connectionCount)).toEqual([1, 1, 1, 1, 1]);
    await transport.close();
    await Promise.all(origins.map(closed));
  });

  it("fails without a word of the address where that is none", async () => {
    const answer = await put("http://user:pass@%");
    expect(JSON.stringify(answer)).not.toContain("pass");
    expect(answer).toHaveProperty("failure");
  });
});
