import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  writeFile,
} from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startStudio } from "../../../src/studio/server";
import { listenFailed, OPTION_NAMES } from "../../../src/studio/server/start-errors";
import { openDatabase } from "../../../src/studio/store/open-database";
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

  // Linux has all of 127.0.0.0/8: another address of it stands for those that others can reach.
  it.runIf(process.platform === "linux")("is reached at its own address alone", async () => {
    const reached = async (address: string, port: number): Promise<boolean> => {
      const socket = connect(port, address);
      const outcome = await new Promise<boolean>((resolve) => {
        socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      });
      socket.destroy();
      return outcome;
    };
    const studio = await openStudio();
    const open = await openStudio({ host: "0.0.0.0", publicKey: "pk", secretKey: "sk" });
    expect(await reached("127.0.0.1", studio.port)).toBe(true);
    expect(await reached("127.0.0.2", studio.port)).toBe(false);
    expect(await reached("::1", studio.port)).toBe(false);
    expect(await reached("127.0.0.2", open.port)).toBe(true);
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

  it.each([
    ["192.0.2.1", "an address that is not one of this machine"],
    ["nope.invalid", "a name that no address is known for"],
  ])("says so when it cannot listen on %s", async (host, reason) => {
    const options = { port: 0, db: ":memory:", host, publicKey: "pk", secretKey: "sk" };
    await expect(startStudio(options)).rejects.toMatchObject({
      name: "PlayheadError",
      code: "STUDIO_LISTEN_FAILED",
      message:
        `Expected to listen on ${host}, port 0, got ${reason}. ` +
        "Choose another address (host; 127.0.0.1 is this machine alone) or port (port).",
      cause: expect.objectContaining({ syscall: expect.any(String) }),
    });
  });

  it("says that a port needs privileges", () => {
    // Whether any port does is a setting of the machine, so the error is made here.
    const cause = Object.assign(new Error("listen EACCES"), { code: "EACCES" });
    expect(listenFailed(cause, { port: 80, host: "127.0.0.1" }, OPTION_NAMES)).toMatchObject({
      code: "STUDIO_LISTEN_FAILED",
      message: expect.stringContaining("127.0.0.1, port 80, got no permission to listen there"),
      cause,
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

describe("a database that cannot be used", () => {
  async function refusal(db: string): Promise<unknown> {
    try {
      await (await startStudio({ port: 0, db })).close();
    } catch (error) {
      return error;
    }
    return undefined;
  }

  const unusable = (path: string, reason: string) => ({
    name: "PlayheadError",
    code: "STUDIO_DB_UNUSABLE",
    message: expect.stringContaining(
      `Expected ${path} to be a database of the studio, or a file to create, got ${reason}. `,
    ),
    cause: expect.any(Error),
  });

  it("is a file of another kind, which stays as it is and is not kept open", async () => {
    const path = join(folder, "notes.txt");
    const content = "These are my notes. ".repeat(100);
    await writeFile(path, content);
    expect(await refusal(path)).toMatchObject(unusable(path, "a file that is no SQLite database"));
    expect(await readFile(path, "utf8")).toBe(content);
    expect(await openFiles()).not.toContain(path);
  });

  it("is a folder", async () => {
    expect(await refusal(folder)).toMatchObject(unusable(folder, "a folder"));
  });

  it("lies below a file", async () => {
    await writeFile(join(folder, "file"), "");
    for (const path of [
      join(folder, "file", "studio.db"),
      join(folder, "file", "a", "studio.db"),
    ]) {
      const reason = "a path that goes through a file as if it were a folder";
      expect(await refusal(path)).toMatchObject(unusable(path, reason));
    }
  });

  it.skipIf(process.platform === "win32")("may not be written", async () => {
    const locked = join(folder, "locked");
    await mkdir(locked, { mode: 0o500 });
    await chmod(folder, 0o755); // or another user does not get as far as the folder in it
    const path = join(locked, "studio.db");
    const error = await withoutPrivileges(() => refusal(path));
    expect(error).toMatchObject(unusable(path, "no permission to write there"));
  });

  it("was made by another version", async () => {
    const path = join(folder, "old.db");
    await (await startStudio({ port: 0, db: path })).close();
    const database = await openDatabase(path);
    database.exec("ALTER TABLE scores DROP COLUMN comment");
    database.close();
    expect(await refusal(path)).toMatchObject({
      code: "STUDIO_DB_UNUSABLE",
      message:
        `Expected ${path} to be a database of the studio, or a file to create, got one made by another version of playhead ` +
        "(it lacks the column scores.comment). Delete it if you do not need what it holds, or choose another file (db).",
    });
  });

  it("belongs to another program", async () => {
    const path = join(folder, "other.db");
    const database = await openDatabase(path);
    database.exec("CREATE TABLE notes (text TEXT)");
    database.close();
    const error = await refusal(path);
    expect(error).toMatchObject(unusable(path, "the database of another program"));
    expect(error).not.toHaveProperty("message", expect.stringContaining("Delete"));
  });

  /** Root may write everywhere; as root the work is done as the user `nobody`. */
  async function withoutPrivileges<Result>(work: () => Promise<Result>): Promise<Result> {
    if (process.geteuid?.() !== 0) return work();
    process.seteuid?.("nobody");
    try {
      return await work();
    } finally {
      process.seteuid?.(0);
    }
  }

  /** Paths this process has open; none where the system does not tell. */
  async function openFiles(): Promise<string[]> {
    if (process.platform !== "linux") return [];
    const descriptors = await readdir("/proc/self/fd");
    const links = descriptors.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => ""));
    return Promise.all(links);
  }
});
