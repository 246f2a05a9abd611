import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startStudio } from "../../../src/studio/server";
import { get, OTLP_PATH, openStudio, post } from "./running-studio";
import { otlpJson } from "./spans";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-studio-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("startStudio", () => {
  it("says where it listens and stores", async () => {
    const studio = await openStudio();
    expect(studio).toMatchObject({ host: "127.0.0.1", db: ":memory:" });
    expect(studio.url).toBe(`http://127.0.0.1:${studio.port}`);
    expect((await get(studio, "/api/public/health")).status).toBe(200);
  });

  it("listens on IPv6 loopback", async () => {
    const studio = await openStudio({ host: "::1" });
    expect(studio.url).toBe(`http://[::1]:${studio.port}`);
    expect((await get(studio, "/api/public/health")).status).toBe(200);
  });

  it("says so when the port is taken, and leaves no file open", async () => {
    const { port } = await openStudio();
    await expect(startStudio({ port, db: join(folder, "studio.db") })).rejects.toMatchObject({
      name: "PlayheadError",
      code: "STUDIO_PORT_IN_USE",
      message: expect.stringContaining(`port ${port}`),
    });
  });

  it("shows after a restart what it was sent before", async () => {
    const db = join(folder, "deep", "studio.db");
    const first = await startStudio({ port: 0, db });
    await post(first, OTLP_PATH, otlpJson({ attributes: { "session.id": "s" } }));
    await first.close();

    const second = await openStudio({ db });
    expect((await get(second, "/api/public/sessions/s")).status).toBe(200);
    await second.close();
  });

  it("is closed once by several calls, and by leaving the scope", async () => {
    const studio = await startStudio({ port: 0, db: ":memory:" });
    await Promise.all([studio.close(), studio.close(), studio[Symbol.asyncDispose]()]);
    await expect(fetch(studio.url)).rejects.toThrow();
  });

  it("is closed in good time although a client keeps a half-sent request open", async () => {
    const studio = await startStudio({ port: 0, db: ":memory:" });
    const socket = connect(studio.port, "127.0.0.1");
    const isClosed = new Promise((resolve) => socket.once("close", resolve));
    socket.on("error", () => {}); // the studio cuts the connection
    await new Promise((resolve) => socket.once("connect", resolve));
    socket.write(
      "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{",
    );
    // The server has the request once it answers another one.
    await get(studio, "/api/public/health");
    await studio.close();
    await isClosed;
  });

  it("leaves the global Request and Response alone", async () => {
    const { Request, Response } = globalThis;
    const studio = await openStudio();
    await get(studio, "/api/public/health");
    expect(globalThis.Request).toBe(Request);
    expect(globalThis.Response).toBe(Response);
  });
});
